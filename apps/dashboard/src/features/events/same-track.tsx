import type { EventView } from '@argus/contracts';
import { useCall } from '../../app/calls.js';
import { useI18n } from '../../i18n/i18n.js';
import { When } from '../../ui/when.js';
import { eventTitle } from './event-words.js';

/** Other events of the same object: one person who enters, loiters and leaves is one story. */
export function SameTrack({ event, zone, onOpen }: { event: EventView; zone: string; onOpen: (id: string) => void }) {
  const { t, locale } = useI18n();
  const same = useCall('listEvents', { query: { track: event.trackId, limit: 20 } });
  const others = same.data?.items.filter((other) => other.id !== event.id) ?? [];
  if (others.length === 0) return null;
  return (
    <section aria-label={t('event.sameTrack')} className="flex flex-col gap-1">
      <h3 className="m-0 text-m font-semibold">{t('event.sameTrack')}</h3>
      <ul className="m-0 flex list-none flex-col p-0">
        {others.map((other) => (
          <li key={other.id}>
            <button type="button" onClick={() => onOpen(other.id)} className="flex min-h-9 w-full items-center gap-2 rounded-m px-2 text-left hover:bg-raised">
              <span className="min-w-0 flex-1 clip">{eventTitle(other, t, locale)}</span>
              <span className="text-s text-ink-3">
                <When at={other.startedAt} zone={zone} clockOnly />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
