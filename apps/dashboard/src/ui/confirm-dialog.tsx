import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { Button } from './button.js';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly title: string;
  /** What is lost and what stays. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** The only modal that asks: before something is destroyed. */
export function ConfirmDialog({ open, title, children, confirm, busy, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useI18n();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <AlertDialog.Content className="fixed top-1/2 left-1/2 z-50 flex w-100 max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col gap-4 rounded-m border border-line bg-surface p-5 shadow-over">
          <AlertDialog.Title className="m-0 text-l font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="text-m text-ink-2">{children}</div>
          </AlertDialog.Description>
          <div className="flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{t('ui.cancel')}</Button>
            </AlertDialog.Cancel>
            <Button tone="danger" busy={busy ?? false} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
