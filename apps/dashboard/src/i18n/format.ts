import type { Locale } from './locale.js';

/** The clock time in a zone, e.g. `14:05:09`; an unknown zone is shown as UTC. */
export function formatClock(iso: string, timeZone: string, locale: Locale): string {
  return zoned(locale, timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}

/** Day and clock time; the year only when it is not this one. */
export function formatDateTime(iso: string, timeZone: string, locale: Locale, nowMs: number): string {
  const date = new Date(iso);
  const year = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? undefined : 'numeric';
  return zoned(locale, timeZone, { year, month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(date);
}

/** A day without its clock time, e.g. `Nov 28`. */
export const formatDay = (iso: string, timeZone: string, locale: Locale): string => zoned(locale, timeZone, { month: 'short', day: 'numeric' }).format(new Date(iso));

/** For hovering: the unmistakable time. */
export const formatUtc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

export const percent = (share: number, locale: Locale, digits = 0): string =>
  new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share);

export const decimal = (value: number, locale: Locale, digits = 1): string => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

export const whole = (value: number, locale: Locale): string => new Intl.NumberFormat(locale).format(Math.round(value));

/** A size in its largest unit, e.g. `1.5 GB`, `64 MB`, `12 kB`; powers of 1024, as systems count memory. */
export function formatBytes(bytes: number, locale: Locale): string {
  const mega = bytes / 1024 ** 2;
  const [value, unit] = mega >= 1024 ? [mega / 1024, 'gigabyte'] : mega > 0 && mega < 0.1 ? [mega * 1024, 'kilobyte'] : [mega, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A span in its largest unit with one below ten: `0.4 s`, `42 s`, `5 min`, `3 h`, `2 d`, in the words of the language. */
export function formatSpan(ms: number, locale: Locale): string {
  const seconds = Math.max(0, ms / 1000);
  for (const [unit, size] of UNITS) if (seconds >= size) return withUnit(seconds / size, unit, locale, 0);
  return withUnit(seconds, 'second', locale, seconds < 10 ? 1 : 0);
}

function withUnit(value: number, unit: string, locale: Locale, digits: number): string {
  const floored = Math.floor(value * 10 ** digits) / 10 ** digits;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(floored);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does, and a grid of pictures shows a time on each. */
function zoned(locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options]);
  const known = formats.get(key);
  if (known) return known;
  const format = newFormat(locale, timeZone, options);
  formats.set(key, format);
  return format;
}

function newFormat(locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
}
