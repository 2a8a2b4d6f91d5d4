import { Upload } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';

/** Over the page while files are dragged over it. */
export function DropSign({ name }: { name: string }) {
  const { t } = useI18n();
  return (
    <div aria-hidden className="pointer-events-none fixed inset-2 z-40 grid place-items-center rounded-m border-2 border-dashed border-accent bg-scrim">
      <span className="flex items-center gap-2 rounded-m bg-surface px-4 py-3 text-l font-medium shadow-over">
        <Upload size={20} /> {t('imports.dropNow', { name })}
      </span>
    </div>
  );
}
