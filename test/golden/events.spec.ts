import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './analyze.js';
import { demoEvents, type EventLine } from './events.js';

const GOLDEN = join(ROOT, 'test/golden/street-north.events.json');
/** Processors differ in the last bits of a score, which can move a start by an analysed picture or two. */
const SLACK_SECONDS = 0.8;

/** Real: the demo clip, the shipped models, the demo's rules. Clip in, events out; the clock is the clip's. */
describe('events of the demo clip', () => {
  it('are the golden ones', async () => {
    const events = await demoEvents('Street north', 20);
    if (process.env['ARGUS_UPDATE_GOLDEN'] || !existsSync(GOLDEN)) writeFileSync(GOLDEN, `[\n${events.map((event) => `  ${JSON.stringify(event)}`).join(',\n')}\n]\n`);
    const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as EventLine[];
    const what = (lines: readonly EventLine[]) => lines.map(({ rule, detail, label, state, confirmation }) => [rule, detail, label, state, confirmation].join(' ')).sort();
    expect(what(events)).toEqual(what(golden));
    for (const line of golden) {
      const near = events.filter((event) => event.rule === line.rule && event.detail === line.detail && Math.abs(event.startedSeconds - line.startedSeconds) <= SLACK_SECONDS);
      expect(near.length, JSON.stringify(line)).toBeGreaterThan(0);
    }
    expect(events.filter((event) => event.rule === 'Person enters the junction').length).toBeGreaterThan(0);
  });
});
