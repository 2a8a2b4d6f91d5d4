import type { Dataset, DatasetJobOptions, DatasetVersion } from '@argus/contracts';
import { Pin, Trash2 } from 'lucide-react';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { serverWords } from '../../../i18n/server-words.js';
import { Badge, Tag } from '../../../ui/badge.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { Ago } from '../../../ui/when.js';
import { VersionActions } from './version-actions.js';
import { shortDigest } from '../short-digest.js';

interface VersionRowProps {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
  readonly isLast: boolean;
  readonly isChosen: boolean;
  /** null: who looks may not compare. */
  readonly onChoose: ((on: boolean) => void) | null;
  readonly onJob: (body: DatasetJobOptions) => void;
}

/** A version on the line that leads back to the first one. */
export function VersionRow({ dataset, version, isLast, isChosen, onChoose, onJob }: VersionRowProps) {
  const { t, locale } = useI18n();
  const { digest, message, createdAt, createdBy, counts, parents, isKept, isGone } = version;
  const short = shortDigest(digest);
  const isNow = digest === dataset.head && !dataset.isChanged;
  return (
    <li id={`v-${short}`} className="flex min-w-0 gap-3">
      <Line isNow={isNow} isGone={isGone} isLast={isLast} />
      <div className={`flex min-w-0 flex-1 flex-wrap items-start gap-x-3 gap-y-1 border-b border-line py-3 ${isGone ? 'opacity-75' : ''}`}>
        {onChoose && (
          <input type="checkbox" aria-label={t('versions.choose', { digest: short })} className="mt-1 size-4 shrink-0 accent-accent-fill" checked={isChosen} disabled={isGone} onChange={(event) => onChoose(event.target.checked)} />
        )}
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-2">
            <span className={`min-w-0 wrap-anywhere ${message ? 'font-semibold' : 'text-ink-3'}`}>{serverWords(message, locale) || t('versions.noMessage')}</span>
            {isNow && <Badge tone="good">{t('versions.now')}</Badge>}
            {isKept && <Badge tone="calm" icon={Pin} title={t('versions.keptWhy')}>{t('versions.kept')}</Badge>}
            {isGone && <Badge tone="calm" icon={Trash2} title={t('versions.goneWhy')}>{t('versions.gone')}</Badge>}
          </div>
          <span className="text-s text-ink-3">
            {t('versions.by', { who: createdBy })} · <Ago at={createdAt} />
          </span>
          <span className="flex flex-wrap items-center gap-x-1 text-s text-ink-3">
            <code className="text-ink-2">{short}</code>
            <CopyButton text={digest} isSmall />
            {parents.length === 0 ? t('versions.first') : t('versions.from')}
            {parents.map((parent) => (
              <a key={parent} href={`#v-${shortDigest(parent)}`} className="inline-block py-1">
                <code>{shortDigest(parent)}</code>
              </a>
            ))}
          </span>
        </div>
        <div className="flex basis-56 flex-col gap-1">
          <span className="figures text-s">{t('versions.counts', { samples: whole(counts.samples, locale), annotations: whole(counts.annotations, locale) })}</span>
          <span className="flex flex-wrap gap-1">
            {Object.entries(counts.labels)
              .sort(([, a], [, b]) => b - a)
              .slice(0, 3)
              .map(([label, count]) => (
                <Tag key={label}>
                  {labelText(label, locale)} {whole(count, locale)}
                </Tag>
              ))}
          </span>
        </div>
        {isGone ? <span aria-hidden className="w-9 shrink-0" /> : <VersionActions dataset={dataset} version={version} onJob={onJob} />}
      </div>
    </li>
  );
}

/** The newest above; each leads to the one before. */
function Line({ isNow, isGone, isLast }: { isNow: boolean; isGone: boolean; isLast: boolean }) {
  return (
    <span aria-hidden className="relative w-4 shrink-0">
      <span className={`absolute left-1/2 w-px -translate-x-1/2 bg-line-strong ${isLast ? 'top-0 h-6' : 'top-0 bottom-0'}`} />
      <span className={`absolute top-4 left-1/2 size-3 -translate-x-1/2 rounded-full border-2 ${isNow ? 'border-good bg-good' : isGone ? 'border-line-strong bg-surface' : 'border-accent bg-surface'}`} />
    </span>
  );
}
