import type { RecordingsStatus } from '@argus/contracts';
import { formatBytes, percent } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { warningText } from '../../i18n/warning-text.js';
import type { Tone } from '../../ui/badge.js';
import { HealthCard } from './health-card.js';

const TONES: Readonly<Record<RecordingsStatus['room'], Tone>> = { ok: 'good', short: 'caution', full: 'alarm' };

/** Whether there is room for footage, and what was done about it. */
export function RecordingsCard({ recordings: { room, disk, warnings } }: { recordings: RecordingsStatus }) {
  const { t, locale } = useI18n();
  return (
    <HealthCard title={t('recordings.title')} tone={room === 'ok' && warnings.length > 0 ? 'caution' : TONES[room]} word={t(`recordings.room.${room}`)}>
      {disk ? t('recordings.used', { percent: percent(usedShare(disk), locale), size: formatBytes(disk.bytes, locale) }) : t('recordings.unknown')}
      {warnings.map((warning) => (
        <span key={warning.code} className="block wrap-anywhere text-caution">
          {warningText(warning, t)}
        </span>
      ))}
    </HealthCard>
  );
}

/** Rounded down, as in warnings: 94.9 % is not yet 95 %. */
const usedShare = ({ bytes, usedBytes }: NonNullable<RecordingsStatus['disk']>): number => (bytes > 0 ? Math.floor((usedBytes / bytes) * 100) / 100 : 0);
