import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP; the gateway behind it answers what it is told to. The measuring itself is tested with the entry that does it. */
const AT = '2026-01-01T00:00:00.000Z';
const FIGURES = { replicas: 1, threads: 2, batch: 1, waitMs: 0, picturesPerSecond: 50, latencyMsP95: 140 };
const REPORT = { version: 1, at: AT, cores: 2, busyBefore: 0, targetMs: 150, seconds: 1, stopped: false, problems: [], results: [{ model: 'a', version: '1.0.0', device: 'cpu', verdict: 'better', defaults: { ...FIGURES, picturesPerSecond: 40 }, best: FIGURES, overDefault: 1.25, rounds: 3, lowestLatencyMsP95: 60, at: AT }] };
const PROFILE = { models: [{ model: 'b', device: 'cpu', replicas: 3, threads: 1, batch: 1, waitMs: 0 }], reserved: [], targetFps: { critical: null, normal: 5, low: null }, hours: [], timeZone: 'UTC' };

let server: Server | undefined;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-tune-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Gateway {
  readonly connected?: boolean;
  readonly cameras?: readonly object[];
}

async function gateway({ connected = true, cameras = [] }: Gateway = {}) {
  const puts: Record<string, unknown>[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'PUT') puts.push(JSON.parse(text));
      const path = request.url ?? '';
      const system = { version: '1', startedAt: AT, engine: { connected, since: null, version: null, configRevision: null, problems: [] }, compute: { devices: [], runs: [], load: null, rollouts: [] }, cameras: [], processes: [], recordings: { room: 'ok', disk: null, warnings: [] }, outbox: { pending: 0, dead: 0, oldestPendingAt: null } };
      const tuning = { ...PROFILE, ...puts.at(-1), updatedAt: AT, warnings: puts.length > 0 ? [{ code: 'tuning-model', text: 'the model "b" is not installed', values: {} }] : [] };
      const answer = path.includes('/tuning') ? tuning : path.includes('/system') ? system : { items: path.includes('/cameras') ? cameras : [], nextCursor: null };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  return { puts, env: { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' } };
}

async function tune(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommandLine(['tune', ...words], { env: { ARGUS_DATA: folder, ...env }, cwd: folder, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const camera = (enabled: boolean) => ({ id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'Door', url: 'rtsp://10.0.0.2/1', enabled, createdAt: AT, updatedAt: AT });

describe('argus tune', () => {
  it.each([
    [['now'], 'unexpected "now"'],
    [['--p95', '0'], '--p95: expected a number from 1 to 60000, got "0"'],
    [['--minutes', 'long'], '--minutes: expected a number from 0.1 to 240, got "long"'],
    [['--from', 'x.json'], '--from: expected --apply with it'],
    [['--from', 'x.json', '--apply', '--model', 'a'], 'unexpected --model'],
    [['--speed'], "Unknown option '--speed'"],
  ])('refuses %j', async (words, message) => {
    const { code, err } = await tune(words);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('needs a running Argus to apply anything, and says so before it measures', async () => {
    const { code, err } = await tune(['--apply']);
    expect([code, err]).toEqual([1, expect.stringContaining('Argus does not run on')]);
  });

  it('does not measure while cameras are analysed', async () => {
    const { env, puts } = await gateway({ cameras: [camera(true), camera(false)] });
    const { code, err } = await tune(['--apply'], env);
    expect([code, puts]).toEqual([1, []]);
    expect(err).toMatch(/analysing 1 camera on this machine.*--while-running.*cli\.machine-busy/s);
  });

  it('applies what was measured before, and keeps the rest of the profile', async () => {
    writeFileSync(join(folder, 'report.json'), JSON.stringify(REPORT));
    const { env, puts } = await gateway({ cameras: [camera(true)] });
    const { code, out } = await tune(['--from', 'report.json', '--apply'], env);
    expect(code).toBe(0);
    expect(puts).toMatchObject([{ models: [PROFILE.models[0], { model: 'a', device: 'cpu', replicas: 1, threads: 2, batch: 1, waitMs: 0 }], targetFps: { normal: 5 }, measured: [{ model: 'a', version: '1.0.0', picturesPerSecond: 50 }] }]);
    expect(puts[0]).not.toHaveProperty('warnings');
    expect(out).toContain('a on cpu: 1 x 2 threads, batch 1, wait 0 ms');
    expect(out).toContain('without effect here: the model "b" is not installed');
  });

  it.each([
    ['nothing.json', null, 'ENOENT'],
    ['text.json', 'text', 'expected what "argus tune --out" writes'],
    ['other.json', JSON.stringify({ ...REPORT, targetMs: 'soon' }), 'targetMs'],
  ])('names what is wrong with %s', async (name, content, message) => {
    if (content !== null) writeFileSync(join(folder, name), content);
    const { env, puts } = await gateway();
    const { code, err } = await tune(['--from', name, '--apply'], env);
    expect([code, puts]).toEqual([1, []]);
    expect(err).toContain(message);
  });
});
