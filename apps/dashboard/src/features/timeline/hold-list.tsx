import type { Camera, RecordingHold } from '@argus/contracts';
import { Lock, LockOpen } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { IconButton } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { When } from '../../ui/when.js';

interface HoldListProps {
  readonly cameras: readonly Camera[];
  /** Those that the ruler shows. */
  readonly holds: readonly RecordingHold[];
  readonly onGo: (ms: number) => void;
}

/** What is protected of what the ruler shows, in words: the bands on it are for eyes and mice. Nothing for who may not protect footage. */
export function HoldList({ cameras, holds, onGo }: HoldListProps) {
  const { t } = useI18n();
  const can = useCan();
  const [ending, setEnding] = useState<RecordingHold | null>(null);
  const end = useAction((hold: RecordingHold) => client.call('deleteHold', { params: { id: hold.id } }), { refresh: ['listHolds'], said: () => t('hold.ended'), onDone: () => setEnding(null) });
  if (!can('recording.hold')) return null;
  const label = holds.length === 0 ? t('hold.noneHere') : t('hold.here', { count: holds.length });
  return (
    <>
      <Popover.Root>
        <Popover.Trigger aria-label={label} title={label} data-testid="timeline-holds" className="inline-flex min-h-9 min-w-9 items-center justify-center gap-1 rounded-m px-2 text-m font-medium text-ink-2 hover:bg-raised hover:text-ink">
          <Lock aria-hidden size={16} />
          {holds.length > 0 && <span className="figures text-s">{holds.length}</span>}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content align="end" side="top" sideOffset={4} collisionPadding={8} aria-label={label} className="z-40 flex max-h-[min(420px,var(--radix-popover-content-available-height))] w-90 max-w-[calc(100vw-16px)] flex-col rounded-m border border-line bg-surface shadow-over">
            <h2 className="m-0 border-b border-line px-3 py-2 text-m font-semibold">{label}</h2>
            {holds.length === 0 && <p className="m-0 p-3 text-s text-ink-2">{t('hold.noneHereWhy')}</p>}
            <ul className="m-0 min-h-0 list-none overflow-auto p-0">
              {holds.map((hold) => (
                <HoldItem key={hold.id} hold={hold} camera={cameras.find(({ id }) => id === hold.cameraId)} onGo={onGo} onEnd={() => setEnding(hold)} />
              ))}
            </ul>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <ConfirmDialog open={ending !== null} title={t('hold.end')} confirm={t('hold.end')} busy={end.isPending} onConfirm={() => ending && end.mutate(ending)} onClose={() => setEnding(null)}>
        {t('hold.endRangeWhat', { reason: ending?.reason ?? '' })}
      </ConfirmDialog>
    </>
  );
}

function HoldItem({ hold, camera, onGo, onEnd }: { hold: RecordingHold; camera: Camera | undefined; onGo: (ms: number) => void; onEnd: () => void }) {
  const { t } = useI18n();
  const zone = camera?.timeZone ?? 'UTC';
  return (
    <li className="flex flex-col gap-1 border-b border-line px-3 py-2 last:border-b-0">
      <span className="flex items-baseline gap-2">
        <span className="clip font-medium">{camera?.name ?? hold.cameraId}</span>
        <button type="button" title={t('hold.go')} onClick={() => onGo(Date.parse(hold.from))} className="ml-auto shrink-0 rounded-s text-s text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink">
          <When at={hold.from} zone={zone} /> – <When at={hold.to} zone={zone} clockOnly={hold.from.slice(0, 10) === hold.to.slice(0, 10)} />
        </button>
      </span>
      <span className="flex items-end gap-2">
        <span className="min-w-0 flex-1">
          <span className="block text-m wrap-anywhere">{hold.reason}</span>
          <span className="block text-s text-ink-3">
            {t('hold.by')} {hold.createdBy} · <When at={hold.createdAt} zone={zone} />
          </span>
        </span>
        <IconButton icon={LockOpen} label={t('hold.end')} className="-mr-2 -mb-1" onClick={onEnd} />
      </span>
    </li>
  );
}
