import type { ModelRunStats } from '@argus/contracts';
import { decimal, percent, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { DataTable } from '../../ui/data-table.js';
import { Ago } from '../../ui/when.js';
import { isOld } from '../cameras/camera-health.js';

/** What computes, how busy it is, and when it last succeeded. */
export function DeviceTable({ runs, nowMs }: { runs: readonly ModelRunStats[]; nowMs: number }) {
  const { t, locale } = useI18n();
  if (runs.length === 0) return <p className="m-0 text-ink-2">{t('system.noDevices')}</p>;
  const head = (['device', 'model', 'busy', 'runs', 'runTime', 'lastSuccess'] as const).map((name) => t(`system.head.${name}`));
  const rows = runs.map((device) => ({
    key: `${device.device} ${device.model} ${device.version}`,
    cells: [
      `${device.device} ×${device.replicas} · ${device.provider}`,
      <code key="model" className="font-mono text-s">
        {device.model}
      </code>,
      percent(device.busy, locale),
      `${whole(device.runs, locale)} · ${decimal(device.picturesPerSecond, locale)}${t('ui.perSecond')}`,
      device.computeMsP50 === null ? '–' : `${whole(device.computeMsP50, locale)} ms · p95 ${device.computeMsP95 === null ? '–' : whole(device.computeMsP95, locale)} ms`,
      device.lastSuccessAt ? (
        <span key="last" className={isOld(device.lastSuccessAt, nowMs, 30_000) ? 'font-medium text-caution' : ''}>
          <Ago at={device.lastSuccessAt} />
        </span>
      ) : (
        t('system.never')
      ),
    ],
  }));
  return <DataTable label={t('system.devices')} head={head} rows={rows} figuresFrom={2} />;
}
