import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP and files; the gateway behind it answers what it is told to. */
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const AT = '2026-11-20T08:00:00.000Z';
const FILM = Buffer.from('a film');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const camera = { id: ID, name: 'Door', url: 'rtsp://10.0.0.2/1', createdAt: AT, updatedAt: AT };
let server: Server | undefined;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'argus-record-'))));
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(words: readonly string[], sent: { film?: Buffer; state?: string; name?: string } = {}) {
  const bodies: unknown[] = [];
  const manifest = Buffer.from('{}');
  const made = {
    id: ID, title: 'x', note: '', ranges: [], options: {}, state: sent.state ?? 'done', progress: { share: 1, bytes: 6, bytesPerSecond: null, secondsLeft: null }, error: sent.state === 'failed' ? 'the disk is full' : null,
    files: [{ name: sent.name ?? 'Door.mp4', bytes: 6, sha256: sha256(FILM), cameraId: ID, range: 0, startAt: AT, endAt: AT, gaps: [], encoded: 'none' }], manifestSha256: sha256(manifest), estimatedBytes: 6, createdBy: 'cli', createdAt: AT, finishedAt: AT, expiresAt: AT,
  };
  const timeline = { from: AT, to: AT, cameras: [{ cameraId: ID, spans: [{ startAt: AT, endAt: '2026-11-20T08:01:30.000Z' }, { startAt: '2026-11-20T09:01:30.000Z', endAt: '2026-11-20T09:02:00.000Z' }], motion: [], events: [] }] };
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (text) bodies.push(JSON.parse(text));
      const url = request.url ?? '';
      if (url.includes('/files/')) return response.end(sent.film ?? FILM);
      if (url.includes('/manifest.json')) return response.end(manifest);
      const answer = url.includes('/timeline') ? timeline : url.includes('/exports') ? made : { items: [camera], nextCursor: null };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' };
  const code = await runCommandLine(['record', ...words], { env, cwd: folder, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err: err.join('\n'), bodies };
}

const WISH = ['export', '--camera', 'Door', '--from', AT, '--to', '2026-11-20T08:10:00Z', '--out', 'case'];

describe('argus record export', () => {
  it('asks for what is wished, downloads and checks it', async () => {
    const { code, out, bodies } = await run([...WISH, '--exact', '--boxes', '--blur', 'person:head', '--blur', 'car', '--original', '--title', 'Window']);
    expect([code, bodies]).toEqual([0, [{ title: 'Window', note: '', ranges: [{ cameraId: ID, from: AT, to: '2026-11-20T08:10:00.000Z' }], options: { trim: 'exact', boxes: true, blur: [{ label: 'person', part: 'head' }, { label: 'car', part: 'whole' }], original: true, sound: true } }]]);
    expect((await run([...WISH, '--no-sound'])).bodies).toMatchObject([{ options: { original: false, sound: false } }]);
    expect(readdirSync(join(folder, 'case')).sort()).toEqual(['Door.mp4', 'manifest.json', 'manifest.sha256']);
    expect(readFileSync(join(folder, 'case', 'Door.mp4'))).toEqual(FILM);
    expect(out[0]).toContain(sha256(FILM));
  });

  it('keeps nothing whose digest is wrong, and writes nowhere else', async () => {
    const wrong = await run(WISH, { film: Buffer.from('another') });
    expect([wrong.code, readdirSync(join(folder, 'case'))]).toEqual([1, []]);
    expect(wrong.err).toContain('expected the digest');
    server?.close();
    const outside = await run(WISH, { name: '../Door.mp4' });
    expect([outside.code, readdirSync(folder)]).toEqual([1, ['case']]);
  });

  it('says why it failed', async () => {
    const { code, err } = await run(WISH, { state: 'failed' });
    expect([code, err]).toEqual([1, expect.stringContaining('the disk is full')]);
  });

  it.each([
    [['export', '--camera', 'Door', '--from', AT, '--to', AT], 'expected --out'],
    [['export', '--from', AT, '--to', AT, '--out', 'x'], 'expected --camera'],
    [[...WISH.slice(0, 4), 'yesterday', ...WISH.slice(5)], '--from: expected a time like'],
    [[...WISH.slice(0, 6), AT, ...WISH.slice(7)], '--to: expected a time after --from'],
  ])('refuses %j before anything is sent', async (words, message) => {
    const { code, err, bodies } = await run(words);
    expect([code, bodies]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

describe('argus record list', () => {
  it('shows footage and gaps', async () => {
    const { code, out } = await run(['list', '--from', AT, '--to', '2026-11-20T10:00:00Z']);
    expect(code).toBe(0);
    expect(out[1]).toMatch(/Door +2026-11-20T08:00:00.000Z +2026-11-20T08:01:30.000Z +0:01:30 +-/);
    expect(out[2]).toMatch(/0:00:30 +1:00:00/);
  });
});
