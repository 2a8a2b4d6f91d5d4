import { CalendarError } from './errors.js';

const SECOND_MS = 1000;
/** Offsets are looked at so often; none is known that changes and changes back within it. */
const LOOK_MS = 12 * 3600 * SECOND_MS;
const OFFSET = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** A stretch of time in which the local clock runs evenly: local time is the instant plus `offsetMs`. Half-open. */
export interface EvenStretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMs: number;
}

/** Local time minus UTC at an instant, to the second; for one zone. Throws CalendarError for a zone that is not known. */
export function offsetsOf(zone: string): (ms: number) => number {
  const format = formatOf(zone);
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(name) ?? [];
    const size = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)) * SECOND_MS;
    return sign === '-' ? -size : size;
  };
}

/** The even stretches of a range, in order, without holes: cut where the zone's offset changes, to the second. Throws CalendarError. */
export function evenStretches(zone: string, startMs: number, endMs: number): EvenStretch[] {
  const offsetAt = offsetsOf(zone);
  const stretches: EvenStretch[] = [];
  let [from, offsetMs] = [startMs, offsetAt(startMs)];
  for (let at = startMs; at < endMs; ) {
    const next = Math.min(at + LOOK_MS, endMs);
    if (offsetAt(next) === offsetMs) {
      at = next;
      continue;
    }
    const change = changeWithin(offsetAt, offsetMs, at, next);
    if (change >= endMs) break;
    stretches.push({ startMs: from, endMs: change, offsetMs });
    [from, offsetMs, at] = [change, offsetAt(change), change];
  }
  if (from < endMs) stretches.push({ startMs: from, endMs, offsetMs });
  return stretches;
}

/** The first whole second at which the offset is another one. */
function changeWithin(offsetAt: (ms: number) => number, offsetMs: number, fromMs: number, toMs: number): number {
  let [same, other] = [Math.floor(fromMs / SECOND_MS), Math.ceil(toMs / SECOND_MS)];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(middle * SECOND_MS) === offsetMs) same = middle;
    else other = middle;
  }
  return other * SECOND_MS;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const near = zonesLike(zone);
    const hint = near.length > 0 ? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : 'Zones are named after a large city; all of China is "Asia/Shanghai"';
    throw new CalendarError(`time zone: expected an IANA name like "Asia/Shanghai", got "${zone}". ${hint}`, { zone, near }, { cause: error });
  }
}

/** Names with the same city, or the same beginning of it: "berlin", "Europe/Berln", "new york". */
function zonesLike(zone: string): string[] {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z/]/g, '');
  const cityOf = (name: string): string => plain(name.split('/').at(-1) ?? '');
  const city = cityOf(zone);
  if (city.length < 3) return [];
  const names = Intl.supportedValuesOf('timeZone');
  const same = names.filter((name) => cityOf(name) === city);
  return (same.length > 0 ? same : names.filter((name) => cityOf(name).startsWith(city.slice(0, 4)))).slice(0, 3);
}
