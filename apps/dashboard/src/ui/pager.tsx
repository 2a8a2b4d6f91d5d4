import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useI18n } from '../i18n/i18n.js';
import { IconButton } from './button.js';

/** One page forward or back; pages count from 1. */
export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useI18n();
  return (
    <div className="flex items-center gap-1">
      <IconButton icon={ChevronLeft} label={t('ui.previousPage')} disabled={page <= 1} onClick={() => onPage(page - 1)} />
      <span className="figures text-s text-ink-2">{t('ui.pageOf', { page, pages })}</span>
      <IconButton icon={ChevronRight} label={t('ui.nextPage')} disabled={page >= pages} onClick={() => onPage(page + 1)} />
    </div>
  );
}
