import { isOpen } from './is-open.js';
import { useI18n } from '../i18n/i18n.js';
import { useCall } from './calls.js';
import { WorkCount } from './work-count.js';

/** Nobody tells the browser of progress: it asks. Exports are few and small. */
const ASK_EVERY_MS = 5000;

/** How many exports wait or run, on the rail's icon; nothing while none does. */
export function RunningExports() {
  const { t } = useI18n();
  const count = useCall('listExports', { query: { limit: 50 } }, { refetchInterval: ASK_EVERY_MS }).data?.items.filter(isOpen).length ?? 0;
  return <WorkCount count={count} words={t('exports.running', { count })} />;
}
