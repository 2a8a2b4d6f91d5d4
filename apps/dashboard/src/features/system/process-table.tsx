import type { ProcessStatus } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { DataTable } from '../../ui/data-table.js';
import { Ago } from '../../ui/when.js';

const TONES: Readonly<Record<ProcessStatus['state'], Tone>> = { starting: 'busy', up: 'calm', restarting: 'caution', stopping: 'busy', down: 'alarm' };

/** Processes and their restarts. `up` is no proof of health and is not green. */
export function ProcessTable({ processes, version }: { processes: readonly ProcessStatus[]; version: string }) {
  const { t } = useI18n();
  if (processes.length === 0) return <p className="m-0 text-ink-2">{t('system.noProcesses')}</p>;
  const head = (['process', 'state', 'pid', 'since', 'restarts'] as const).map((name) => t(`system.head.${name}`));
  const rows = processes.map((process) => ({
    key: process.name,
    cells: [
      process.name,
      <Badge key="state" tone={TONES[process.state]}>
        {t(`process.${process.state}`)}
      </Badge>,
      process.pid ?? '–',
      <Ago key="since" at={process.since} />,
      process.restarts,
    ],
  }));
  return (
    <>
      <DataTable label={t('system.processes')} head={head} rows={rows} figuresFrom={2} />
      <p className="m-0 text-s text-ink-3">{t('system.version', { version })}</p>
    </>
  );
}
