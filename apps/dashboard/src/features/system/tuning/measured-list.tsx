import type { MeasuredTuning } from '@argus/contracts';
import { useI18n, type Translate } from '../../../i18n/i18n.js';
import { Ago } from '../../../ui/when.js';

/** What `argus tune` measured on this machine; a record, not a setting. */
export function MeasuredList({ measured }: { measured: readonly MeasuredTuning[] }) {
  const { t } = useI18n();
  if (measured.length === 0) return null;
  return (
    <div className="flex flex-col gap-1 text-s text-ink-2">
      <h3 className="m-0 text-s font-medium">{t('tuning.measured')}</h3>
      <ul className="m-0 flex list-none flex-col gap-1 p-0">
        {measured.map((record) => (
          <li key={`${record.model} ${record.device}`} className="figures">
            {t('tuning.measuredLine', { model: `${record.model} ${record.version}`, device: record.device, replicas: record.replicas, threads: record.threads, batch: record.batch, wait: record.waitMs, rate: record.picturesPerSecond.toFixed(1), p95: Math.round(record.latencyMsP95), target: record.targetMs })}
            {' · '}
            {againstOwn(record, t)} · <Ago at={record.at} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function againstOwn({ overDefault }: MeasuredTuning, t: Translate): string {
  if (overDefault === null) return t('tuning.measuredOnly');
  return overDefault === 1 ? t('tuning.measuredOwn') : t('tuning.measuredOver', { percent: Math.round((overDefault - 1) * 100) });
}
