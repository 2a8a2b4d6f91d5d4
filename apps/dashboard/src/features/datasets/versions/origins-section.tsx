import type { Dataset, DatasetOrigin } from '@argus/contracts';
import { Copy, Crop, EyeOff, PackageOpen, Sparkles, Sprout, type LucideIcon } from 'lucide-react';
import { Link } from 'react-router';
import { useCall } from '../../../app/calls.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Ago } from '../../../ui/when.js';

const ICONS: Readonly<Record<DatasetOrigin['kind'], LucideIcon>> = { harvest: Sprout, import: PackageOpen, copy: Copy, choice: Sparkles, redaction: EyeOff, crops: Crop };

/** Where pictures of the set came from, and what was made of them, as far as that is known. */
export function OriginsSection({ dataset }: { dataset: Dataset }) {
  const { t } = useI18n();
  const origins = useCall('listDatasetOrigins', { params: { id: dataset.id } }).data ?? [];
  return (
    <>
      <OriginList title={t('versions.origins')} origins={origins.filter(({ direction }) => direction === 'from')} />
      <OriginList title={t('versions.made')} origins={origins.filter(({ direction }) => direction === 'to')} />
    </>
  );
}

function OriginList({ title, origins }: { title: string; origins: readonly DatasetOrigin[] }) {
  const { t, locale } = useI18n();
  if (origins.length === 0) return null;
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h2 className="m-0 text-m font-semibold">{title}</h2>
      <ul className="m-0 flex list-none flex-col p-0">
        {origins.map((origin, index) => {
          const Icon = ICONS[origin.kind];
          return (
            <li key={index} className="flex min-h-9 min-w-0 flex-wrap items-center gap-x-3 border-t border-line py-1 text-s">
              <Icon aria-hidden size={16} className="shrink-0 text-ink-3" />
              <span className="min-w-0 flex-1 basis-48 clip">
                {t(`versions.origin.${origin.kind}`)} · <OriginName origin={origin} />
              </span>
              <span className="figures text-ink-2">{t('datasets.pictures', { count: whole(origin.samples, locale) })}</span>
              <span className="figures text-ink-3">{t('versions.origin.times', { count: origin.times })}</span>
              <span className="text-ink-3">
                <Ago at={origin.at} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function OriginName({ origin: { kind, name, datasetId, recipeId } }: { origin: DatasetOrigin }) {
  const { t } = useI18n();
  if (datasetId) return <Link to={`/datasets/${datasetId}/versions`}>{name}</Link>;
  if (recipeId) return <Link to={`/harvest/${recipeId}`}>{name}</Link>;
  if (kind === 'import') return <>{name ? t(`setJobs.format.${name}` as 'setJobs.format.coco') : ''}</>;
  return <span className="text-ink-3">{t('versions.origin.hidden')}</span>;
}
