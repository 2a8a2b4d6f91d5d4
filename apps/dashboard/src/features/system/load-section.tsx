import type { ComputeStats } from '@argus/contracts';
import { decimal, formatBytes, percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { ToneIcon } from '../../ui/badge.js';
import { DataTable } from '../../ui/data-table.js';
import { Section } from '../../ui/page.js';
import { loadSentence } from './load-words.js';

type Load = NonNullable<ComputeStats['load']>;

/** What the machine bears, who gets less because of it, and the engine's own processes. */
export function LoadSection({ load }: { load: Load | null }) {
  const { t, locale } = useI18n();
  if (!load) {
    return (
      <Section title={t('load.title')}>
        <p className="m-0 text-ink-2">{t('load.unknown')}</p>
      </Section>
    );
  }
  const overloaded = load.shedding !== 'none';
  return (
    <Section title={t('load.title')}>
      <p aria-live="polite" className={`m-0 flex items-start gap-2 rounded-m p-3 ${overloaded ? 'bg-caution-soft font-medium' : 'bg-raised text-ink-2'}`}>
        <span className="mt-px">
          <ToneIcon tone={overloaded ? 'caution' : 'calm'} />
        </span>
        {loadSentence(load, t, locale)}
      </p>
      <div className="flex flex-wrap gap-x-8 gap-y-3">
        <CpuMeter share={load.cpu} />
        <Figure name={t('load.loopDelay')} value={load.loopDelayMsP99 === null ? '–' : `${decimal(load.loopDelayMsP99, locale)} ms`} />
      </div>
      <ChildTable load={load} />
    </Section>
  );
}

function CpuMeter({ share }: { share: number }) {
  const { t, locale } = useI18n();
  const shown = Math.min(1, Math.max(0, share));
  return (
    <div className="flex w-60 flex-col gap-1">
      <Figure name={t('load.cpu')} value={percent(share, locale)} />
      <div role="meter" aria-label={t('load.cpu')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(shown * 100)} className="h-2 overflow-hidden rounded-full bg-raised">
        <div className="h-full rounded-full bg-ink-3" style={{ width: `${shown * 100}%` }} />
      </div>
    </div>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <span className="flex flex-col">
    <span className="text-s text-ink-3">{name}</span>
    <span className="figures text-l font-semibold">{value}</span>
  </span>
);

function ChildTable({ load }: { load: Load }) {
  const { t, locale } = useI18n();
  if (load.children.length === 0) return null;
  const head = (['child', 'pid', 'cameras', 'cpu', 'memory', 'loopDelay', 'restarts'] as const).map((name) => t(`system.head.${name}`));
  const rows = load.children.map((child) => ({
    key: String(child.pid),
    cells: [
      child.model === null ? t(`child.${child.kind}`) : `${t(`child.${child.kind}`)} · ${child.model}`,
      child.pid,
      child.kind === 'model' ? '–' : child.cameras,
      percent(child.cpu, locale),
      formatBytes(child.residentBytes, locale),
      child.loopDelayMsP99 === null ? '–' : `${decimal(child.loopDelayMsP99, locale)} ms`,
      <span key="restarts" className={child.restarts > 0 ? 'text-caution' : ''}>
        {child.restarts}
      </span>,
    ],
  }));
  return <DataTable label={t('load.children')} head={head} rows={rows} figuresFrom={1} />;
}
