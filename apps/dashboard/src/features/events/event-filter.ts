import { EVENT_STATES, type EventView } from '@argus/contracts';

/** What the list shows; lives in the URL, so that a view can be sent to somebody. */
export interface EventFilter {
  readonly camera: string | null;
  readonly rule: string | null;
  readonly label: string | null;
  readonly state: EventView['state'] | null;
  readonly seen: 'yes' | 'no' | null;
  /** ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
}

export const FILTER_KEYS = ['camera', 'rule', 'label', 'state', 'seen', 'from', 'to'] as const satisfies readonly (keyof EventFilter)[];

/** Unknown values in a URL are as good as none. */
export function readFilter(search: URLSearchParams): EventFilter {
  const text = (key: string) => search.get(key) || null;
  const time = (key: string) => (Number.isNaN(Date.parse(search.get(key) ?? '')) ? null : new Date(search.get(key) as string).toISOString());
  return {
    camera: text('camera'),
    rule: text('rule'),
    label: text('label'),
    state: EVENT_STATES.find((state) => state === search.get('state')) ?? null,
    seen: search.get('seen') === 'yes' ? 'yes' : search.get('seen') === 'no' ? 'no' : null,
    from: time('from'),
    to: time('to'),
  };
}

/** The same as the API's query. */
export const queryOf = (filter: EventFilter) => ({
  camera: filter.camera ? [filter.camera] : undefined,
  rule: filter.rule ? [filter.rule] : undefined,
  label: filter.label ? [filter.label] : undefined,
  state: filter.state ? [filter.state] : undefined,
  acknowledged: filter.seen ? filter.seen === 'yes' : undefined,
  from: filter.from ?? undefined,
  to: filter.to ?? undefined,
});

/** Would the API have this event in the list? For news that come by the socket. */
export function matchesFilter(event: EventView, filter: EventFilter): boolean {
  return (
    (!filter.camera || event.cameraId === filter.camera) &&
    (!filter.rule || event.ruleId === filter.rule) &&
    (!filter.label || event.label === filter.label) &&
    (!filter.state || event.state === filter.state) &&
    (!filter.seen || (event.acknowledgedAt !== null) === (filter.seen === 'yes')) &&
    (!filter.from || event.startedAt >= filter.from) &&
    (!filter.to || event.startedAt < filter.to)
  );
}

export const isFiltered = (filter: EventFilter): boolean => FILTER_KEYS.some((key) => filter[key] !== null);
