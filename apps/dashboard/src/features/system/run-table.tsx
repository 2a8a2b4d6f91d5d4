import type { ModelRunStats } from '@argus/contracts';
import { decimal, percent, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { DataTable } from '../../ui/data-table.js';
import { Ago } from '../../ui/when.js';
import { isOld } from '../cameras/camera-health.js';

const HEAD = ['model', 'device', 'busy', 'queue', 'compute', 'batch', 'pictures', 'replaced', 'lastSuccess'] as const;

/** Each model on each device: how long pictures wait against how long they are computed, and when it last succeeded. */
export function RunTable({ runs, nowMs }: { runs: readonly ModelRunStats[]; nowMs: number }) {
  const { t, locale } = useI18n();
  if (runs.length === 0) return <p className="m-0 text-ink-2">{t('system.noRuns')}</p>;
  const span = (p50: number | null, p95: number | null) => (p50 === null ? '–' : t('system.percentiles', { p50: decimal(p50, locale), p95: p95 === null ? '–' : decimal(p95, locale) }));
  const rows = runs.map((run) => ({
    key: `${run.device} ${run.model} ${run.version}`,
    cells: [
      <span key="model">
        <code className="font-mono text-s">{run.model}</code>
        <Small>{run.version}</Small>
      </span>,
      <span key="device">
        {run.device === run.provider ? run.device : `${run.device} · ${run.provider}`}
        <Small>{t('system.sessions', { replicas: run.replicas, threads: run.threads })}</Small>
      </span>,
      percent(run.busy, locale),
      span(run.queueMsP50, run.queueMsP95),
      span(run.computeMsP50, run.computeMsP95),
      <span key="batch">
        {run.batchMean === null ? '–' : percent(run.batchMean / run.batch, locale)}
        <Small>{run.batchMean === null ? t('system.batchAtMost', { most: run.batch }) : t('system.batchOf', { mean: decimal(run.batchMean, locale), most: run.batch })}</Small>
      </span>,
      <span key="pictures">
        {decimal(run.picturesPerSecond, locale)}
        {t('ui.perSecond')}
        <Small>{t('system.runsTotal', { pictures: whole(run.pictures, locale), runs: whole(run.runs, locale) })}</Small>
      </span>,
      <span key="replaced" className={run.replaced > 0 ? 'text-caution' : ''}>
        {whole(run.replaced, locale)}
      </span>,
      run.lastSuccessAt ? (
        <span key="last" className={isOld(run.lastSuccessAt, nowMs, 30_000) ? 'font-medium text-caution' : ''}>
          <Ago at={run.lastSuccessAt} />
        </span>
      ) : (
        t('system.never')
      ),
    ],
  }));
  const head = HEAD.map((name) => (
    <span key={name} title={name === 'model' || name === 'device' || name === 'lastSuccess' ? undefined : t(`system.head.${name}Hint`)}>
      {t(`system.head.${name}`)}
    </span>
  ));
  return <DataTable label={t('system.models')} head={head} rows={rows} figuresFrom={2} />;
}

const Small = ({ children }: { children: React.ReactNode }) => <span className="block text-s font-normal text-ink-3">{children}</span>;
