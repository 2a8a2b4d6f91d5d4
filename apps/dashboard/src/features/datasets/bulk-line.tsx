import { whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ProgressBar } from '../exports/progress-bar.js';
import type { Bulk } from './use-bulk.js';

/** How far a change of many pictures is; what is done stays done when it is stopped. */
export function BulkLine({ bulk: { progress, stop } }: { bulk: Bulk }) {
  const { t, locale } = useI18n();
  if (!progress) return null;
  const words = t('pictures.working', { what: progress.what, done: whole(progress.done, locale), total: whole(progress.total, locale) });
  return (
    <div role="status" className="flex items-center gap-3 border-t border-line bg-surface px-4 py-2">
      <span className="figures shrink-0 text-s">{words}</span>
      <ProgressBar share={progress.done / progress.total} label={words} />
      <Button onClick={stop}>{t('pictures.stop')}</Button>
    </div>
  );
}
