import { useI18n } from '../i18n/i18n.js';
import { useCall } from './calls.js';

/** Nobody tells the browser of progress: it asks. Exports are few and small. */
const ASK_EVERY_MS = 5000;

/** How many exports wait or run, on the rail's icon; nothing while none does. */
export function RunningExports() {
  const { t } = useI18n();
  const count = useCall('listExports', { query: { limit: 50 } }, { refetchInterval: ASK_EVERY_MS }).data?.items.filter(({ state }) => state === 'queued' || state === 'running').length ?? 0;
  if (count === 0) return null;
  return (
    <span role="status" aria-label={t('exports.running', { count })} title={t('exports.running', { count })} className="figures absolute -top-1.5 -right-3 grid h-4 min-w-4 place-items-center rounded-full bg-busy px-1 text-s leading-none font-semibold text-bg">
      {count}
    </span>
  );
}
