import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { IconButton } from './button.js';
import { useOnTop } from './on-top.js';

/** A window above the page: the keys, or a secret that is shown once. */
export function Dialog({ open, title, children, onClose, keepOpen = false }: { open: boolean; title: string; children: ReactNode; onClose: () => void; keepOpen?: boolean }) {
  const { t } = useI18n();
  const onTop = useOnTop();
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...onTop}
          aria-describedby={undefined}
          onInteractOutside={(event) => keepOpen && event.preventDefault()}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-120 max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-auto rounded-m border border-line bg-surface p-5 shadow-over"
        >
          <div className="flex items-center gap-2">
            <Radix.Title className="m-0 flex-1 text-l font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon={X} label={t('ui.close')} />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
