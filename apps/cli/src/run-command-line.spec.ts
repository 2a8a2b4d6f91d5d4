import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderOf } from './checkout.js';
import { runCommandLine } from './run-command-line.js';
import { age, columns } from './text/columns.js';
import { suggest } from './text/suggestion.js';

describe('command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'argus-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(words: string, env: NodeJS.ProcessEnv = {}) {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runCommandLine(words.split(' ').filter(Boolean), { env: { ARGUS_DATA: folder, ...env }, cwd: folder, out: (line) => out.push(line), err: (line) => err.push(line) });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  it.each(['', 'help', '--help'])('explains itself for "%s"', async (words) => {
    const { code, out } = await run(words);
    expect(code).toBe(0);
    for (const name of ['up', 'status', 'doctor', 'camera', 'events', 'analyze', 'extract', 'model', 'profile']) expect(out).toMatch(new RegExp(`^ +${name} +\\w`, 'm'));
  });

  it.each(['help camera', 'camera --help', 'camera add -h'])('explains one command for "%s"', async (words) => {
    expect(await run(words)).toMatchObject({ code: 0, out: expect.stringContaining('argus camera remove NAME|ID') });
  });

  it.each(['help harvest show', 'harvest show --help'])('explains what follows a command for "%s", and nothing else', async (words) => {
    const { code, out } = await run(words);
    expect([code, out]).toEqual([0, expect.stringMatching(/^argus harvest show NAME\|ID/)]);
    expect(out).not.toContain('argus harvest create --name');
  });

  it.each(['harvest', 'dataset', 'record'])('lists what follows "%s"', async (words) => {
    const { code, err } = await run(words);
    expect([code, err]).toEqual([2, expect.stringMatching(new RegExp(`^argus ${words}: expected one of these after "${words}", got nothing\n\n  argus ${words} list +\\w`))]);
    expect((await run(`${words} lits`)).err).toContain(`got "lits"; did you mean "argus ${words} list"?`);
  });

  it('shows after a mistake only how that is written in which it was made', async () => {
    const { code, err } = await run('harvest windows');
    expect([code, err]).toEqual([2, expect.stringMatching(/^argus harvest windows: expected --zone and --from and --to\n\nargus harvest windows --zone ZONE/)]);
    expect(err).not.toContain('argus harvest create --name');
  });

  it('suggests what was meant', async () => {
    expect(await run('camra list')).toMatchObject({ code: 2, err: 'argus: there is no command "camra". Did you mean "argus camera"?' });
    expect((await run('xyzzy')).err).toContain('"argus help" shows all');
  });

  it.each([
    ['up --port abc', '--port: expected a whole number from 1 to 65535, got "abc"'],
    ['up --port 0', '--port: expected'],
    ['up now', 'unexpected "now"'],
    ['status --jsn', "Unknown option '--jsn'"],
    ['camera', 'expected "add", "list" or "remove" after "camera", got nothing'],
    ['model verify', 'expected the path of a model package'],
    ['analyze', 'expected a file to analyze'],
    ['profile', 'expected the name or the id of a camera, or the id of a model'],
    ['profile Gate --seconds 61', '--seconds: expected a whole number from 1 to 60, got "61"'],
    ['profile Gate Yard', 'unexpected "Yard"'],
  ])('refuses "%s" with what was expected', async (words, message) => {
    const { code, err } = await run(words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it.each(['camera list', 'events', 'model list', 'profile Gate'])('"%s" says how to start Argus when it does not run', async (words) => {
    const { code, err } = await run(words);
    expect(code).toBe(1);
    expect(err).toContain(`Argus does not run on ${folder}. Start it with "npm start"`);
  });

  it('a gateway elsewhere needs its key, and is named when it does not answer', async () => {
    expect((await run('camera list', { ARGUS_URL: 'http://127.0.0.1:9' })).err).toContain('ARGUS_API_KEY is not');
    const { code, err } = await run('camera list', { ARGUS_URL: 'http://127.0.0.1:9', ARGUS_API_KEY: 'k' });
    expect(code).toBe(1);
    expect(err).toMatch(/127\.0\.0\.1:9.*Start it with/s);
  });

  it('status tells a run that was killed from one that runs', async () => {
    expect(await run('status')).toMatchObject({ code: 3, out: expect.stringContaining('does not run') });
    const entry = (name: string, pid: number) => ({ name, pid, state: 'up', since: '2026-01-01T00:00:00.000Z', restarts: 0 });
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ version: 1, url: 'http://127.0.0.1:9', processes: [entry('supervisor', 2 ** 22 + 1), entry('gateway', 2 ** 22 + 2)] }));
    const { code, out } = await run('status --json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ running: false, url: null, dataDir: folder, processes: [{ name: 'supervisor', pid: null, state: 'down' }, { name: 'gateway', state: 'down' }] });
  });
});

describe('small things', () => {
  it.each([['statsu', 'status'], ['mod', 'model'], ['evnets', 'events'], ['x', null]])('%s -> %s', (word, expected) => {
    expect(suggest(word, ['up', 'status', 'model', 'events'])).toBe(expected);
  });

  it('aligns wide characters', () => expect(columns([['门口', 'a'], ['gate1', 'b']])).toEqual(['门口   a', 'gate1  b']));

  it.each([[5, '5 s'], [600, '10 min'], [7200 * 2, '4 h'], [86_400 * 3, '3 d']])('%i s ago', (seconds, text) => {
    expect(age('2026-01-01T00:00:00.000Z', Date.parse('2026-01-01T00:00:00.000Z') + seconds * 1000)).toBe(text);
  });

  it('the data directory is --data, ARGUS_DATA, or data in the checkout', () => {
    expect(dataFolderOf('d', { ARGUS_DATA: '/x' }, '/cwd')).toBe('/cwd/d');
    expect(dataFolderOf(undefined, { ARGUS_DATA: '/x' }, '/cwd')).toBe('/x');
    expect(dataFolderOf(undefined, {}, '/cwd')).toMatch(/data$/);
  });
});
