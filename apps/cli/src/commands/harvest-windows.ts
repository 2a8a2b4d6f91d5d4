import { HarvestCalendar } from '@argus/contracts';
import { calendarIntervals, localTimeOf, type Interval } from '@argus/harvest';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { UsageError } from '../errors.js';
import { columns } from '../text/columns.js';

const OPTIONS = {
  json: { type: 'boolean' },
  zone: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  start: { type: 'string' },
  end: { type: 'string' },
  weekdays: { type: 'string' },
} as const;
type Values = { readonly [K in keyof typeof OPTIONS]?: string | boolean };
type Name = keyof typeof OPTIONS;

/** Where an option stands in a calendar, and what it has to be. */
const FIELDS: readonly (readonly [place: string, option: Name, expected: string])[] = [
  ['dates.from', 'from', 'a date like 2026-03-29'],
  ['dates.to', 'to', 'a date like 2026-03-29, not before --from'],
  ['windows.0.from', 'start', 'HH:MM, 00:00 to 23:59'],
  ['windows.0.to', 'end', 'HH:MM, 00:00 to 24:00'],
  ['weekdays', 'weekdays', 'days from 1 (Monday) to 7 (Sunday), like 1,2,3'],
  ['timeZone', 'zone', 'an IANA name like "Asia/Shanghai"'],
];
const HOUR_MS = 3_600_000;

export const harvestWindows: Command = {
  name: 'windows',
  summary: 'show a calendar in UTC',
  usage: `argus harvest windows --zone ZONE --from DATE --to DATE [--start HH:MM --end HH:MM] [--weekdays 1,2,3] [--json]

Shows which stretches of time a calendar means, in UTC, sorted and joined. Nothing has to run for it. An instant is in one when its local time is in
the window: an hour that is repeated when clocks are set back counts twice, one that is skipped not at all.

  --zone ZONE     IANA name, like Europe/Berlin
  --from, --to    local dates, both inclusive
  --start, --end  local times; the end itself is not in it, and may be 24:00. An end that is not after the start is on the next day,
                  and belongs to the date of the start. Without them: the whole day
  --weekdays      1 Monday to 7 Sunday, of the date of the start
  --json          [{"start":"2026-03-28T18:00:00Z","end":"2026-03-28T20:00:00Z"}]`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const { zone, calendar } = calendarOf(values);
    const found = calendarIntervals(calendar, { zone, nowMs: Date.now() });
    if (values.json) terminal.out(JSON.stringify(found.map(({ startMs, endMs }) => ({ start: utc(startMs), end: utc(endMs) }))));
    else for (const line of table(found, zone)) terminal.out(line);
    return 0;
  },
};

function calendarOf(values: Values): { zone: string; calendar: HarvestCalendar } {
  const missing = (['zone', 'from', 'to'] as const).filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new UsageError(`expected ${missing.map((name) => `--${name}`).join(' and ')}`);
  if ((values.start === undefined) !== (values.end === undefined)) throw new UsageError(`expected --${values.start === undefined ? 'start' : 'end'} too: a window has both`);
  const parsed = HarvestCalendar.safeParse({
    dates: { kind: 'range', from: values.from, to: values.to },
    weekdays: typeof values.weekdays === 'string' ? values.weekdays.split(',').map((day) => (day.trim() === '' ? NaN : Number(day))) : undefined,
    windows: values.start === undefined ? [] : [{ from: values.start, to: values.end }],
    timeZone: values.zone,
  });
  if (parsed.success) return { zone: values.zone as string, calendar: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  const [, option, expected] = FIELDS.find(([field]) => place.startsWith(field)) ?? ['', 'from', 'a calendar'];
  throw new UsageError(`--${option}: expected ${expected}, got "${String(values[option])}"`);
}

function table(found: readonly Interval[], zone: string): string[] {
  if (found.length === 0) return [`Nothing: no such local time exists in ${zone} on these dates.`];
  const local = (ms: number): string => localTimeOf(ms, zone).local.replace('.000', '');
  const rows = found.map(({ startMs, endMs }) => [utc(startMs), utc(endMs), local(startMs), local(endMs), hours(endMs - startMs)]);
  const total = found.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return [...columns([['START UTC', 'END UTC', 'LOCAL START', 'LOCAL END', 'HOURS'], ...rows]), `${hours(total)} hours in ${found.length} stretch${found.length === 1 ? '' : 'es'}, ${zone}, time zone rules ${localTimeOf(0, zone).tzVersion ?? 'of this machine'}`];
}

const utc = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** `2`, `3.5`; no more digits than it takes. */
const hours = (ms: number): string => String(Math.round((ms / HOUR_MS) * 10_000) / 10_000);
