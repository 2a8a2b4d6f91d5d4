import { CalendarError } from './errors.js';

const SECOND_MS = 1000;
/** Offsets are looked at so often; none is known that changes and changes back within it. */
const LOOK_MS = 12 * 3600 * SECOND_MS;
/** At the end of `12/31/1949, GMT-00:44:30`; a text is taken apart here, because `formatToParts` takes eight times as long. */
const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

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
    const text = format.format(ms);
    const found = OFFSET.exec(text);
    // An offset of zero in place of one that is not understood would choose the wrong hours without a word.
    if (!found) throw new CalendarError(`time zone: expected local time with an offset like GMT+08:00 for "${zone}", got "${text}": the ICU data of this Node is not what it should be`, { zone, text });
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = found;
    const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * SECOND_MS;
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
