import { isOpen } from './is-open.js';
import { useI18n } from '../i18n/i18n.js';
import { useCall } from './calls.js';
import { WorkCount } from './work-count.js';

/** Workers tell nobody of progress, and schedules begin runs: the browser asks. */
const ASK_EVERY_MS = 5000;

/** How many harvests wait or run, on the rail's icon; nothing while none does. */
export function RunningHarvests() {
  const { t } = useI18n();
  const count = useCall('listHarvestRuns', { query: { limit: 50 } }, { refetchInterval: ASK_EVERY_MS }).data?.items.filter(isOpen).length ?? 0;
  return <WorkCount count={count} words={t('harvest.running', { count })} />;
}
