import { HardDrive } from 'lucide-react';
import { Link } from 'react-router';
import { useI18n } from '../i18n/i18n.js';
import { warningText } from '../i18n/warning-text.js';
import { useCan } from './account.js';
import { useCall } from './calls.js';

/** One line above every page while footage is lost or about to be: the most pressing of what is to be said of the recordings. */
export function StorageNotice() {
  const { t } = useI18n();
  const can = useCan();
  const system = useCall('getSystem', {}, { enabled: can('system.read'), refetchInterval: 20_000 });
  const recordings = system.data?.recordings;
  const [warning] = recordings?.warnings ?? [];
  if (!recordings || !warning) return null;
  const isFull = recordings.room === 'full';
  return (
    <p role={isFull ? 'alert' : 'status'} className={`m-0 flex items-center gap-2 px-4 py-2 text-m ${isFull ? 'bg-alarm-soft text-alarm' : 'bg-caution-soft text-caution'}`}>
      <HardDrive aria-hidden size={16} className="shrink-0" />
      <span className="min-w-0 wrap-anywhere">
        {warningText(warning, t)}{' '}
        <Link to="/system" className="text-ink">
          {t('recordings.more')}
        </Link>
      </span>
    </p>
  );
}
