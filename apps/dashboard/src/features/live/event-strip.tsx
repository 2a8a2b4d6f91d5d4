import type { EventView } from '@argus/contracts';
import { Link } from 'react-router';
import { useCall } from '../../app/calls.js';
import { useCamerasById } from '../../app/cameras.js';
import { queryClient } from '../../app/client.js';
import { useEventNews } from '../../app/realtime.js';
import { useI18n } from '../../i18n/i18n.js';
import { When } from '../../ui/when.js';
import { EventPicture } from '../events/event-picture.js';
import { mergeNews } from '../events/event-news.js';
import { useEventWords } from '../events/event-words.js';

const COUNT = 10;
const INPUT = { query: { limit: COUNT } } as const;

/** The last ten events beside the wall. */
export function EventStrip() {
  const { t } = useI18n();
  const events = useCall('listEvents', INPUT);
  const cameras = useCamerasById();
  useEventNews((event) =>
    queryClient.setQueryData<{ items: EventView[]; nextCursor: string | null }>(['listEvents', INPUT], (page) => page && { ...page, items: mergeNews(page.items, event).slice(0, COUNT) }),
  );
  return (
    <aside aria-label={t('live.lastEvents')} className="hidden w-60 shrink-0 flex-col border-l border-line bg-surface lg:flex">
      <h2 className="m-0 flex min-h-14 items-center border-b border-line px-3 text-m font-semibold">{t('live.lastEvents')}</h2>
      <ol className="m-0 flex list-none flex-col overflow-auto p-0" aria-live="off">
        {events.data?.items.map((event) => (
          <li key={event.id} className="border-b border-line">
            <StripEntry event={event} zone={cameras.get(event.cameraId)?.timeZone ?? 'UTC'} />
          </li>
        ))}
      </ol>
      {events.data?.items.length === 0 && <p className="m-0 p-3 text-s text-ink-2">{t('live.noEvents')}</p>}
    </aside>
  );
}

function StripEntry({ event, zone }: { event: EventView; zone: string }) {
  const words = useEventWords(event);
  return (
    <Link to={`/events/${event.id}`} className="flex gap-2 p-2 text-ink no-underline hover:bg-raised">
      <EventPicture event={event} className="size-14 shrink-0 rounded-s" />
      <span className="flex min-w-0 flex-col">
        <span className="line-clamp-2 text-s font-medium">{words.what}</span>
        <span className="clip text-s text-ink-2">{event.cameraName}</span>
        <span className="text-s text-ink-3">
          <When at={event.startedAt} zone={zone} clockOnly />
        </span>
      </span>
    </Link>
  );
}
