import type { ComputeDevice } from '@argus/contracts';
import { formatBytes } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { DataTable } from '../../ui/data-table.js';

const TONES: Readonly<Record<ComputeDevice['health'], Tone>> = { ok: 'calm', lost: 'alarm', missing: 'calm', reserved: 'calm' };

/** What this machine can compute on, and why something of it is not used. That a device is there is no proof of work: it is not green. */
export function DeviceTable({ devices }: { devices: readonly ComputeDevice[] }) {
  const { t, locale } = useI18n();
  const missing = devices.filter((device) => device.health === 'missing');
  if (devices.length === 0) return <p className="m-0 text-ink-2">{t('system.noDevices')}</p>;
  const head = (['device', 'deviceName', 'provider', 'memory', 'health'] as const).map((name) => t(`system.head.${name}`));
  const rows = (shown: readonly ComputeDevice[]) => shown.map((device) => ({
    key: device.id,
    cells: [
      device.id,
      device.name,
      device.provider,
      device.memoryBytes === null ? '–' : formatBytes(device.memoryBytes, locale),
      <span key="health" className="flex w-max max-w-160 flex-col items-start gap-1">
        <Badge tone={TONES[device.health]}>{t(`deviceHealth.${device.health}`)}</Badge>
        {device.problem && <span className="text-s whitespace-normal text-ink-2">{device.problem}</span>}
      </span>,
    ],
  }));
  return (
    <>
      <DataTable label={t('system.devices')} head={head} rows={rows(devices.filter((device) => device.health !== 'missing'))} />
      {missing.length > 0 && (
        <details>
          <summary className="min-h-9 py-2 text-s text-ink-2">{t('system.missingDevices', { count: missing.length })}</summary>
          <DataTable label={t('system.missingDevices', { count: missing.length })} head={head} rows={rows(missing)} />
        </details>
      )}
    </>
  );
}
