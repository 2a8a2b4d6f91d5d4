import { X } from 'lucide-react';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { errorText } from '../i18n/error-text.js';
import { useI18n } from '../i18n/i18n.js';
import { ToneIcon, type Tone } from './badge.js';

interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly detail?: string;
  readonly code?: string;
  readonly undo?: () => void;
}

interface Toasts {
  readonly say: (text: string, undo?: () => void) => void;
  readonly fail: (error: unknown) => void;
}

const ToastsContext = createContext<Toasts>({ say: () => undefined, fail: () => undefined });
/** What failed stays longer: it is read, and its code copied. */
const STAY_MS = { good: 5000, alarm: 12_000 };

/** Short messages at the corner: what was done (with undo where it can be undone) and what failed (with its code). */
export function ToastsProvider({ children }: { children: ReactNode }) {
  const { t, locale } = useI18n();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const add = useCallback(
    (toast: Omit<Toast, 'id'>) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-3), { ...toast, id }]);
      setTimeout(() => drop(id), toast.tone === 'alarm' ? STAY_MS.alarm : STAY_MS.good);
    },
    [drop],
  );
  const value = useMemo<Toasts>(
    () => ({
      say: (text, undo) => add({ tone: 'good', text, ...(undo ? { undo } : {}) }),
      fail: (error) => {
        const { title, detail, code } = errorText(error, t, locale);
        add(title ? { tone: 'alarm', text: title, detail, code } : { tone: 'alarm', text: detail });
      },
    }),
    [add, t, locale],
  );
  return (
    <ToastsContext value={value}>
      {children}
      <div aria-live="polite" role="status" className="pointer-events-none fixed inset-x-4 bottom-[calc(5rem+var(--guide-bar,0px)+var(--toasts-above,0px))] z-50 flex flex-col items-end gap-2 md:bottom-[calc(1rem+var(--guide-bar,0px)+var(--toasts-above,0px))]">
        {toasts.map((toast) => (
          <div key={toast.id} className="pointer-events-auto flex max-w-100 items-center gap-2 rounded-m border border-line bg-surface py-1 pr-1 pl-3 text-m shadow-over">
            <ToneIcon tone={toast.tone} />
            <span className="min-w-0 py-2">
              {toast.text}
              {toast.detail && <span className="block text-s text-ink-2">{toast.detail}</span>}
              {toast.code && <code className="block font-mono text-s text-ink-3">{toast.code}</code>}
            </span>
            {toast.undo && (
              <button type="button" className="min-h-9 rounded-m px-2 font-medium text-accent hover:bg-raised" onClick={() => (toast.undo?.(), drop(toast.id))}>
                {t('ui.undo')}
              </button>
            )}
            <button type="button" className="grid size-9 place-items-center rounded-m text-ink-3 hover:bg-raised" aria-label={t('ui.close')} onClick={() => drop(toast.id)}>
              <X aria-hidden size={16} />
            </button>
          </div>
        ))}
      </div>
    </ToastsContext>
  );
}

export const useToasts = (): Toasts => useContext(ToastsContext);
