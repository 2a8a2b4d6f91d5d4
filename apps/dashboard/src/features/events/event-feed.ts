import type { EventView } from '@argus/contracts';
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { client, queryClient } from '../../app/client.js';
import { useEventNews } from '../../app/realtime.js';
import { matchesFilter, queryOf, type EventFilter } from './event-filter.js';
import { mergeNews } from './event-news.js';

interface EventPage {
  items: EventView[];
  nextCursor: string | null;
}
type Feed = InfiniteData<EventPage, string | null>;

/** Two to four screens of cards. */
const PAGE = 60;

/**
 * Events of a filter, newest first, page by page, with news from the socket. While `hold` says so (the reader has
 * scrolled down) news of unknown events wait in `held`, so that nothing moves under the reader's eyes.
 */
export function useEventFeed(filter: EventFilter, hold: () => boolean) {
  const key = useMemo(() => ['listEvents', 'feed', filter] as const, [filter]);
  const [held, setHeld] = useState<readonly EventView[]>([]);
  const holdNow = useRef(hold);
  holdNow.current = hold;
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => client.call('listEvents', { query: { ...queryOf(filter), limit: PAGE, cursor: pageParam }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = useMemo(() => dedupe((query.data?.pages ?? []).flatMap((page) => page.items)), [query.data]);
  useEventNews((event) => {
    const known = queryClient.getQueryData<Feed>(key)?.pages.some((page) => page.items.some((item) => item.id === event.id));
    if (known) putIntoFeed(key, event);
    else if (!matchesFilter(event, filter)) return;
    else if (holdNow.current()) setHeld((old) => mergeNews(old, event));
    else putIntoFeed(key, event);
  });
  const release = useCallback(() => {
    held.toReversed().forEach((event) => putIntoFeed(key, event));
    setHeld([]);
  }, [held, key]);
  return { query, items, held, release };
}

/** Puts a revision into the page that has it, else into the first. */
function putIntoFeed(key: readonly unknown[], event: EventView): void {
  queryClient.setQueryData<Feed>(key, (feed) => {
    if (!feed) return feed;
    const at = Math.max(0, feed.pages.findIndex((page) => page.items.some((item) => item.id === event.id)));
    return { ...feed, pages: feed.pages.map((page, index) => (index === at ? { ...page, items: mergeNews(page.items, event) } : page)) };
  });
}

/** A change that people see at once, in every list that is shown and in the panel. */
export function showEvent(event: EventView): void {
  for (const [key] of queryClient.getQueriesData({ queryKey: ['listEvents', 'feed'] })) {
    const known = queryClient.getQueryData<Feed>(key)?.pages.some((page) => page.items.some((item) => item.id === event.id));
    if (known) putIntoFeed(key, event);
  }
  queryClient.setQueryData(['getEvent', { params: { id: event.id } }], event);
}

/** An event that moved between two pages while they were read is shown once. */
function dedupe(items: readonly EventView[]): EventView[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(item.id) && seen.add(item.id));
}
