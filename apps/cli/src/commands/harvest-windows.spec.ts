import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

async function run(words: string) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommandLine(['harvest', ...words.split(' ').filter(Boolean)], { env: {}, cwd: tmpdir(), out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err: err.join('\n') };
}

const BERLIN = 'windows --zone Europe/Berlin --from 2026-10-25 --to 2026-10-25';

describe('argus harvest windows', () => {
  it.each([
    [`${BERLIN} --start 02:30 --end 03:30`, [['2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'], ['2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z']]],
    ['windows --zone Europe/Berlin --from 2026-03-29 --to 2026-03-29 --start 02:00 --end 03:00', []],
    ['windows --zone Asia/Shanghai --from 2026-11-02 --to 2026-11-08 --start 22:00 --end 06:00 --weekdays 5,6', [['2026-11-06T14:00:00Z', '2026-11-06T22:00:00Z'], ['2026-11-07T14:00:00Z', '2026-11-07T22:00:00Z']]],
    ['windows --zone Asia/Shanghai --from 2026-11-02 --to 2026-11-03', [['2026-11-01T16:00:00Z', '2026-11-03T16:00:00Z']]],
    ['windows --zone Asia/Shanghai --from 2026-11-02 --to 2026-11-02 --start 20:00 --end 24:00', [['2026-11-02T12:00:00Z', '2026-11-02T16:00:00Z']]],
  ])('%s --json', async (words, expected) => {
    const { code, out } = await run(`${words} --json`);
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] as string)).toEqual(expected.map(([start, end]) => ({ start, end })));
  });

  it('is a table for people', async () => {
    const { out } = await run(`${BERLIN} --start 02:30 --end 03:30`);
    expect(out[0]).toMatch(/^START UTC +END UTC +LOCAL START +LOCAL END +HOURS$/);
    expect(out[1]).toMatch(/^2026-10-25T00:30:00Z +2026-10-25T01:00:00Z +2026-10-25T02:30:00\+02:00 +2026-10-25T02:00:00\+01:00 +0\.5$/);
    expect(out[3]).toMatch(/^1\.5 hours in 2 stretches, Europe\/Berlin, time zone rules 20\d\d[a-z]$/);
    expect((await run('windows --zone Europe/Berlin --from 2026-03-29 --to 2026-03-29 --start 02:00 --end 03:00')).out).toEqual(['Nothing: no such local time exists in Europe/Berlin on these dates.']);
  });

  it.each([
    ['', 'expected one of these after "harvest", got nothing'],
    ['window', 'expected one of these after "harvest", got "window"; did you mean "argus harvest windows"?'],
    ['windows', 'expected --zone and --from and --to'],
    [`${BERLIN} now`, 'unexpected "now"'],
    [`${BERLIN} --start 02:30`, 'expected --end too'],
    [`${BERLIN} --end 02:30`, 'expected --start too'],
    [`${BERLIN} --start 2:30 --end 03:30`, '--start: expected HH:MM, 00:00 to 23:59, got "2:30"'],
    [`${BERLIN} --start 02:30 --end 24:01`, '--end: expected HH:MM, 00:00 to 24:00, got "24:01"'],
    [`${BERLIN} --weekdays 1,8`, '--weekdays: expected days from 1 (Monday) to 7 (Sunday), like 1,2,3, got "1,8"'],
    [`${BERLIN} --weekdays 1,,2`, '--weekdays: expected days'],
    ['windows --zone UTC --from 2026-02-30 --to 2026-03-01', '--from: expected a date like 2026-03-29, got "2026-02-30"'],
    ['windows --zone UTC --from 2026-03-02 --to 2026-03-01', '--to: expected a date like 2026-03-29, not before --from, got "2026-03-01"'],
  ])('refuses "%s" with what was expected', async (words, message) => {
    const { code, err } = await run(words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('knows no zone that is none', async () => {
    expect(await run('windows --zone Europe/Berln --from 2026-10-25 --to 2026-10-25')).toMatchObject({ code: 1, err: expect.stringMatching(/got "Europe\/Berln"\. Did you mean "Europe\/Berlin"\? \(harvest\.calendar\)$/) });
  });

  it('explains itself', async () => expect((await run('windows --help')).out.join('\n')).toContain('argus harvest windows --zone ZONE'));
});
