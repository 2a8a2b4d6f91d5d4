import type { Camera, EventView } from '@argus/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { History } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { formatClock } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { BEFORE_EVENT_MS } from '../timeline/footage-spans.js';
import { timelineAddress } from '../timeline/timeline-address.js';
import { EventCard } from './event-card.js';

const CARD_WIDTH = 300;
const ROW_HEIGHT = 104;

interface EventListProps {
  readonly items: readonly EventView[];
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly selectedId: string | undefined;
  readonly onOpen: (event: EventView) => void;
  readonly onColumns: (columns: number) => void;
  readonly onNearEnd: () => void;
  readonly onScrolled: (down: boolean) => void;
  readonly loadingMore: boolean;
}

/** Cards in rows; only those in sight are in the document, so that a day of events scrolls like ten. */
export function EventList({ items, cameras, selectedId, onOpen, onColumns, onNearEnd, onScrolled, loadingMore }: EventListProps) {
  const { t } = useI18n();
  const footage = useCan()('recording.view');
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useColumns(scroller, onColumns);
  const rows = Math.ceil(items.length / columns);
  const virtual = useVirtualizer({ count: rows, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 4 });
  const visible = virtual.getVirtualItems();
  const lastRow = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows > 0 && lastRow >= rows - 3) onNearEnd();
  }, [lastRow, rows, onNearEnd]);
  const selected = items.findIndex((item) => item.id === selectedId);
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(Math.floor(selected / columns), { align: 'auto' });
    // Only a new selection scrolls; news that shift the index must not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId, columns]);
  return (
    <div ref={scroller} className="h-full overflow-auto p-2" role="list" aria-label={t('nav.events')} onScroll={(event) => onScrolled(event.currentTarget.scrollTop > ROW_HEIGHT)}>
      <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {visible.map((row) => (
          <div key={row.key} className="absolute inset-x-0 top-0 grid gap-2" style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {items.slice(row.index * columns, (row.index + 1) * columns).map((event) => (
              <div role="listitem" key={event.id} className="group relative">
                <EventCard event={event} zone={cameras.get(event.cameraId)?.timeZone ?? 'UTC'} selected={event.id === selectedId} onOpen={() => onOpen(event)} />
                {footage && cameras.get(event.cameraId)?.recording.mode !== 'off' && <FootageLink event={event} zone={cameras.get(event.cameraId)?.timeZone ?? 'UTC'} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      {loadingMore && <p className="m-0 p-3 text-center text-s text-ink-3">{t('ui.loading')}</p>}
    </div>
  );
}

/** Over the card's corner: a card is a button, and a button holds no link. */
function FootageLink({ event, zone }: { event: EventView; zone: string }) {
  const { t, locale } = useI18n();
  return (
    <Link
      to={timelineAddress(event.cameraId, Date.parse(event.startedAt) - BEFORE_EVENT_MS)}
      aria-label={t('timeline.showOf', { time: formatClock(event.startedAt, zone, locale) })}
      title={t('timeline.show')}
      className="absolute right-1 bottom-1 grid size-9 place-items-center rounded-m text-ink-2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-raised hover:text-ink pointer-coarse:opacity-100"
    >
      <History aria-hidden size={16} />
    </Link>
  );
}

function useColumns(element: React.RefObject<HTMLElement | null>, onColumns: (columns: number) => void): number {
  const [columns, setColumns] = useState(1);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.max(1, Math.floor((entry?.contentRect.width ?? 0) / CARD_WIDTH));
      setColumns(next);
      onColumns(next);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, onColumns]);
  return columns;
}
