import type { Dataset } from '@argus/contracts';
import { Images, PackageOpen, Plus, Search, Sprout } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { formatBytes, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Badge, Tag } from '../../ui/badge.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { CONTROL } from '../../ui/field.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Ago } from '../../ui/when.js';
import { DropSign } from '../imports/drop-sign.js';
import { ImportPanel } from '../imports/import-panel.js';
import type { PickedFile } from '../imports/picked-files.js';
import { useDroppedFiles } from '../imports/use-dropped-files.js';
import { useMayImport } from '../imports/use-may-import.js';
import { GuideInvitation, GuideLink } from '../guide/guide-invitation.js';
import { DatasetForm } from './dataset-form.js';

/** All sample sets that the account may see, newest first; the form for a new one opens beside them. */
export function DatasetsPage() {
  const { t } = useI18n();
  const can = useCan();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const isNew = pathname === '/datasets/new';
  const mayImport = useMayImport();
  const [files, setFiles] = useState<readonly PickedFile[] | null>(null);
  const onFiles = useCallback(
    (given: readonly PickedFile[]) => {
      setFiles(given);
      void navigate('/datasets/import');
    },
    [navigate],
  );
  const isOver = useDroppedFiles(mayImport ? onFiles : null);
  // Harvests make sets without a word to the browser.
  const datasets = useAll('listDatasets', { staleTime: 0 });
  // In the address: a recipe leads to the sets of its matrix.
  const [search, setSearch] = useSearchParams();
  const words = search.get('find') ?? '';
  const setWords = (find: string) => setSearch(find ? { find } : {}, { replace: true });
  const close = useCallback(() => void navigate('/datasets'), [navigate]);
  const shown = (datasets.data ?? []).filter((one) => fits(one, words));
  const add = can('dataset.write') && (
    <>
      {mayImport && (
        <LinkButton to="/datasets/import" icon={PackageOpen} isPlain>
          <span className="max-sm:hidden">{t('imports.openNew')}</span>
          <span className="sm:hidden">{t('imports.open')}</span>
        </LinkButton>
      )}
      <LinkButton to="/datasets/new" icon={Plus}>
        {t('datasets.new')}
      </LinkButton>
    </>
  );
  const panel = isNew && can('dataset.write') ? <DatasetForm dataset={null} onDone={({ id }) => void navigate(`/datasets/${id}`)} onClose={close} /> : pathname === '/datasets/import' && mayImport ? <ImportPanel dataset={null} files={files} onClose={close} /> : null;
  return (
    <Page title={t('nav.datasets')} action={<><GuideLink />{datasets.data?.length !== 0 && add}</>} panel={panel}>
      {isOver && <DropSign name={t('datasets.new')} />}
      {datasets.isPending && <Skeleton />}
      {datasets.isError && !datasets.data && <ErrorNotice error={datasets.error} onRetry={() => void datasets.refetch()} />}
      {datasets.data?.length === 0 && <NoSets />}
      {datasets.data && datasets.data.length > 0 && (
        <>
          <label className="relative m-4 mb-2 block max-w-90">
            <Search aria-hidden size={16} className="absolute top-2.5 left-2 text-ink-3" />
            <input data-search type="search" aria-label={t('datasets.search')} placeholder={t('datasets.search')} value={words} onChange={(event) => setWords(event.target.value)} className={`${CONTROL} pl-8`} />
          </label>
          <ul className="m-0 flex list-none flex-col p-0" aria-label={t('nav.datasets')}>
            {shown.map((one) => (
              <DatasetRow key={one.id} dataset={one} />
            ))}
          </ul>
          {shown.length === 0 && <EmptyState icon={Search} title={t('live.nothingFound', { words })} />}
        </>
      )}
    </Page>
  );
}

function fits({ name, note, source, tags, counts }: Dataset, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return !wanted || [name, note, source, ...tags, ...Object.keys(counts.labels)].some((text) => text.toLowerCase().includes(wanted));
}

function NoSets() {
  const { t } = useI18n();
  const can = useCan();
  const toHarvest = (isPlain: boolean) =>
    can('harvest.read') && (
      <LinkButton to="/harvest" icon={Sprout} isPlain={isPlain}>
        {t('datasets.toHarvest')}
      </LinkButton>
    );
  const others = can('dataset.write') && (
    <span>
      <Link to="/datasets/new" className="text-accent">
        {t('datasets.makeEmpty')}
      </Link>{' '}
      ·{' '}
      <Link to="/datasets/import" className="text-accent">
        {t('imports.openNew')}
      </Link>
    </span>
  );
  return (
    <GuideInvitation title={t('datasets.empty')} why={t('datasets.emptyWhy')} actions={<>{toHarvest(true)}{others}</>}>
      <EmptyState icon={Images} title={t('datasets.empty')} action={toHarvest(false)}>
        <p className="m-0">{t('datasets.emptyWhy')}</p>
        {others && <p className="m-0 mt-2">{others}</p>}
      </EmptyState>
    </GuideInvitation>
  );
}

const SHOWN_LABELS = 4;

function DatasetRow({ dataset }: { dataset: Dataset }) {
  const { t, locale } = useI18n();
  const { id, name, note, tags, licence, counts, cameraIds, updatedAt } = dataset;
  const labels = Object.entries(counts.labels).sort(([, a], [, b]) => b - a);
  return (
    <li className="border-b border-line hover:bg-raised">
      <Link to={`/datasets/${id}`} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 px-4 py-3 text-ink no-underline md:grid-cols-[minmax(0,3fr)_8rem_minmax(0,3fr)_9rem]">
        <span className="min-w-0">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <span className="max-w-full min-w-0 clip font-semibold">{name}</span>
            {licence === null && (
              <Badge tone="caution" title={t('datasets.noLicenceWhy')}>
                {t('datasets.noLicence')}
              </Badge>
            )}
          </span>
          <span className="flex min-w-0 items-center gap-2 text-s text-ink-3">
            {tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
            <span className="clip">{note || licence}</span>
          </span>
        </span>
        <span className="figures min-w-0 text-right text-s text-ink-3 max-md:col-start-2 max-md:row-start-1">
          <span className="block text-m font-medium text-ink">{t('datasets.pictures', { count: counts.samples })}</span>
          <span className="block">{formatBytes(counts.bytes, locale)}</span>
        </span>
        <span className="figures min-w-0 text-s text-ink-2 max-md:col-span-2">
          <span className="block clip">{labels.length === 0 ? t('datasets.noLabels') : labels.slice(0, SHOWN_LABELS).map(([label, count]) => `${labelText(label, locale)} ${whole(count, locale)}`).join(' · ')}{labels.length > SHOWN_LABELS && ` · ${t('datasets.moreLabels', { count: labels.length - SHOWN_LABELS })}`}</span>
          <span className="block clip text-ink-3">
            {[t('datasets.groups', { count: counts.groups }), cameraIds === null ? t('datasets.otherCameras') : t('datasets.cameras', { count: cameraIds.length }), ...(counts.complete > 0 ? [t('datasets.complete', { count: counts.complete })] : [])].join(' · ')}
          </span>
        </span>
        <span className="text-s text-ink-3 max-md:col-span-2 md:text-right">
          <Ago at={updatedAt} />
        </span>
      </Link>
    </li>
  );
}
