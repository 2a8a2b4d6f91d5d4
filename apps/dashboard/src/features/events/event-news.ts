import type { EventView } from '@argus/contracts';

/**
 * A list, newest first, with one more revision in it: replaces the event it knows (never by a lower revision), puts an
 * unknown one at its place by time of start.
 */
export function mergeNews(items: readonly EventView[], news: EventView): EventView[] {
  const at = items.findIndex((item) => item.id === news.id);
  const known = items[at];
  if (known) return known.revision > news.revision ? [...items] : items.with(at, news);
  const place = items.findIndex((item) => item.startedAt <= news.startedAt);
  return place < 0 ? [...items, news] : items.toSpliced(place, 0, news);
}
