import type { EventView } from '@argus/contracts';
import { useCan } from '../../app/account.js';
import { useAction } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { useToasts } from '../../ui/toasts.js';
import { showEvent } from './event-feed.js';

/** Marks an event as seen, at once on screen; the toast takes it back. Null where the account may not. */
export function useAcknowledge(): { set: (event: EventView, seen: boolean) => void } | null {
  const { t } = useI18n();
  const toasts = useToasts();
  const can = useCan();
  const action = useAction(
    ({ event, seen }: { event: EventView; seen: boolean }) => client.call(seen ? 'acknowledgeEvent' : 'unacknowledgeEvent', { params: { id: event.id } }),
    { refresh: [], onDone: showEvent },
  );
  if (!can('event.acknowledge')) return null;
  const set = (event: EventView, seen: boolean) => {
    showEvent({ ...event, acknowledgedAt: seen ? new Date().toISOString() : null });
    action.mutate({ event, seen }, { onError: () => showEvent(event) });
    if (seen) toasts.say(t('event.markedSeen'), () => set({ ...event, acknowledgedAt: new Date().toISOString() }, false));
  };
  return { set };
}
