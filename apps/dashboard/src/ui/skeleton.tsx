import { useI18n } from '../i18n/i18n.js';

/** Grey shapes where content will be, with words for those who do not see them. */
export function Skeleton({ rows = 6, className = 'h-12' }: { rows?: number; className?: string }) {
  const { t } = useI18n();
  return (
    <div role="status" className="flex flex-col gap-2 p-4">
      <span className="text-s text-ink-3">{t('ui.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden className={`animate-pulse rounded-m bg-raised ${className}`} />
      ))}
    </div>
  );
}
