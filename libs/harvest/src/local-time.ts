import { offsetsOf } from './zone-offsets.js';

/** What a clock on the wall of the site showed, and by which rules. */
export interface LocalTime {
  /** `2026-10-25T02:30:00.000+02:00`: with the offset, so that a repeated hour is told apart. */
  readonly local: string;
  /** Of the site: `2026-10-25`. */
  readonly date: string;
  readonly timeZone: string;
  /** Release of the time zone database of this process, e.g. 2026c; null: it has none. Rules change after the fact. */
  readonly tzVersion: string | null;
}

/** Local time at an instant. Throws CalendarError for a zone that is not known. */
export function localTimeOf(ms: number, zone: string): LocalTime {
  const offsetMs = offsetsOf(zone)(ms);
  const local = new Date(ms + offsetMs).toISOString().slice(0, -1);
  return { local: local + offsetText(offsetMs), date: local.slice(0, 10), timeZone: zone, tzVersion: process.versions['tz'] ?? null };
}

function offsetText(offsetMs: number): string {
  const size = Math.abs(offsetMs) / 1000;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(size / 3600)}:${two((size / 60) % 60)}${size % 60 === 0 ? '' : `:${two(size % 60)}`}`;
}
