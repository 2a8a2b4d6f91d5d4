import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { IconButton } from './button.js';

/** Details of one thing, beside its list; it has a URL, Esc closes it. On a phone it covers the page, but for the guide (`--guide-bar`). */
export function SidePanel({ title, onClose, children, actions, wide = false }: { title: string; onClose: () => void; children: ReactNode; actions?: ReactNode; wide?: boolean }) {
  const { t } = useI18n();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, [title]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busyElsewhere = document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !busyElsewhere) onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={title}
      data-side-panel
      className={`fixed inset-0 bottom-[var(--guide-bar,0px)] z-30 flex flex-col border-l border-line bg-surface md:static md:z-auto md:shrink-0 ${wide ? 'md:w-140' : 'md:w-110'}`}
    >
      <header className="flex min-h-14 items-center gap-2 border-b border-line py-2 pr-2 pl-4">
        <h2 className="m-0 min-w-0 flex-1 clip text-l font-semibold">{title}</h2>
        {actions}
        <IconButton icon={X} label={t('ui.close')} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-auto p-4">{children}</div>
    </aside>
  );
}
