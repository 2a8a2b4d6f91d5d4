import type { EventView, RecordingHold } from '@argus/contracts';
import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAction, useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { When } from '../../ui/when.js';
import { useEventWords } from './event-words.js';
import { holdRange } from './hold-range.js';

/** Holds an event's footage back from removal. Nothing is shown to whoever may not. */
export function ProtectFootage({ event, zone }: { event: EventView; zone: string }) {
  const { t } = useI18n();
  const can = useCan();
  const { what } = useEventWords(event);
  const holds = useCall('listHolds', { query: { event: event.id, limit: 1 } }, { enabled: can('recording.hold') });
  const protect = useAction(
    () => client.call('createHold', { body: { cameraId: event.cameraId, ...holdRange(event, Date.now()), reason: `${what} · ${event.ruleName}`.slice(0, 500), eventId: event.id } }),
    { refresh: ['listHolds'], said: () => t('hold.made') },
  );
  if (!can('recording.hold') || !holds.data) return null;
  const [hold] = holds.data.items;
  return (
    <section aria-label={t('recordings.title')} className="flex flex-wrap items-center gap-3 rounded-m border border-line p-3">
      {hold ? <Protected hold={hold} zone={zone} /> : (
        <>
          <span className="min-w-60 flex-1 text-s text-ink-2">{t('hold.explain')}</span>
          <Button icon={Lock} busy={protect.isPending} onClick={() => protect.mutate()}>
            {t('hold.protect')}
          </Button>
        </>
      )}
    </section>
  );
}

function Protected({ hold, zone }: { hold: RecordingHold; zone: string }) {
  const { t } = useI18n();
  const [asked, setAsked] = useState(false);
  const end = useAction(() => client.call('deleteHold', { params: { id: hold.id } }), { refresh: ['listHolds'], said: () => t('hold.ended'), onDone: () => setAsked(false) });
  return (
    <>
      <span className="min-w-40 flex-1">
        <span className="font-medium">{t('hold.protected')}</span>
        <span className="block text-s text-ink-3">
          {t('hold.by')} {hold.createdBy} · <When at={hold.createdAt} zone={zone} />
        </span>
      </span>
      <Button icon={LockOpen} onClick={() => setAsked(true)}>
        {t('hold.end')}
      </Button>
      <ConfirmDialog open={asked} title={t('hold.end')} confirm={t('hold.end')} busy={end.isPending} onConfirm={() => end.mutate()} onClose={() => setAsked(false)}>
        {t('hold.endWhat')}
      </ConfirmDialog>
    </>
  );
}
