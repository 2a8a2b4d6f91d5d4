import { isOpen } from '../../app/is-open.js';
import type { Export } from '@argus/contracts';
import { FileDown, Plus } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useAll } from '../../app/calls.js';
import { formatBytes } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { serverWords } from '../../i18n/server-words.js';
import { Badge } from '../../ui/badge.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorNotice } from '../../ui/error-notice.js';
import { LinkButton } from '../../ui/link-button.js';
import { Page } from '../../ui/page.js';
import { Skeleton } from '../../ui/skeleton.js';
import { Ago } from '../../ui/when.js';
import { ExportPanel } from './export-panel.js';
import { TONES, cameraNames, progressWords } from './export-words.js';
import { NewExportPanel } from './new-export-panel.js';
import { ProgressBar } from './progress-bar.js';

/** Progress is asked for, not told: as often as a person looks. */
const ASK_EVERY_MS = 1000;
const HOUR_MS = 3_600_000;

/** Exports of footage, newest first; one opens beside the list, and so does the form for a new one (`/exports/new?camera=…&from=…&to=…`). */
export function ExportsPage() {
  const { t } = useI18n();
  const { id } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const exports = useAll('listExports', { refetchInterval: ASK_EVERY_MS });
  const close = useCallback(() => void navigate('/exports'), [navigate]);
  const open = exports.data?.find((one) => one.id === id);
  const wish = useMemo(() => ({ cameraIds: search.get('camera')?.split(',').filter(Boolean) ?? [], from: search.get('from') ?? hoursAgo(1), to: search.get('to') ?? hoursAgo(0) }), [search]);
  const add = (
    <LinkButton to="/exports/new" icon={Plus}>
      {t('exports.new')}
    </LinkButton>
  );
  const panel = id === 'new' ? <NewExportPanel {...wish} onClose={close} /> : open ? <ExportPanel key={open.id} item={open} onClose={close} /> : null;
  return (
    <Page title={t('nav.exports')} action={exports.data?.length !== 0 && add} panel={panel}>
      {exports.isPending && <Skeleton />}
      {exports.isError && !exports.data && <ErrorNotice error={exports.error} onRetry={() => void exports.refetch()} />}
      {exports.data?.length === 0 && (
        <EmptyState icon={FileDown} title={t('exports.empty')} action={add}>
          {t('exports.emptyWhy')}
        </EmptyState>
      )}
      <ul className="m-0 flex list-none flex-col p-0" aria-label={t('nav.exports')}>
        {exports.data?.map((one) => (
          <ExportRow key={one.id} item={one} selected={one.id === id} />
        ))}
      </ul>
    </Page>
  );
}

/** To the minute: nobody means seconds by "now". */
const hoursAgo = (hours: number): string => new Date(Math.floor((Date.now() - hours * HOUR_MS) / 60_000) * 60_000).toISOString();

function ExportRow({ item, selected }: { item: Export; selected: boolean }) {
  const { t, locale } = useI18n();
  return (
    <li className={`border-b border-line ${selected ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <Link to={`/exports/${item.id}`} aria-current={selected || undefined} className="flex flex-col gap-1 px-4 py-3 text-ink no-underline">
        <span className="flex min-w-0 items-center gap-2">
          <span className="min-w-0 clip font-semibold">{item.title}</span>
          <Badge tone={TONES[item.state]}>{t(`exports.state.${item.state}`)}</Badge>
          <span className="ml-auto shrink-0 text-s text-ink-3">
            <Ago at={item.createdAt} />
          </span>
        </span>
        <span className="clip text-s text-ink-2">{cameraNames(item)}</span>
        {isOpen(item) ? (
          <>
            <span className="figures text-s text-ink-2">{progressWords(item, t, locale)}</span>
            <ProgressBar share={item.progress.share} label={t('exports.progress', { title: item.title })} />
          </>
        ) : (
          <span className={`clip text-s ${item.error ? 'text-alarm' : 'figures text-ink-3'}`}>{item.error ? serverWords(item.error, locale) : `${formatBytes(item.progress.bytes, locale)} · ${item.createdBy}`}</span>
        )}
      </Link>
    </li>
  );
}
