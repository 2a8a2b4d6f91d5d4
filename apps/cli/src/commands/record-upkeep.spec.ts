import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP; the gateway behind it answers what it is told to. */
const AT = '2026-01-01T00:00:00.000Z';
const CAMERA = { id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'Door', url: 'rtsp://10.0.0.2/1', createdAt: AT, updatedAt: AT };
const GONE = '01890a5d-ac96-774b-bcce-b302099a8058';
const SOUND = { rows: 3, files: 2, objects: 1, rowsWithoutFile: 0, filesWithoutRow: 0, openFiles: 0, damagedFiles: 0, foreignFiles: 0, objectsWithoutRow: 0, otherSize: 0, leftBehind: 0, examples: [], remoteProblem: null };

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function record(words: readonly string[], answer: object = SOUND) {
  const bodies: unknown[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const isList = request.url?.includes('/cameras');
      if (!isList) bodies.push(text === '' ? null : JSON.parse(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(isList ? { items: [CAMERA], nextCursor: null } : answer));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' };
  const code = await runCommandLine(['record', ...words], { env, cwd: '/', out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n'), bodies };
}

describe('argus record', () => {
  it.each([
    [[], 'expected one of these after "record", got nothing'],
    [['show'], 'got "show"'],
    [['verify', 'now'], 'unexpected "now"'],
    [['prune', '--before', 'yesterday'], '--before: expected a time such as 2026-11-20'],
    [['prune', '--force'], "Unknown option '--force'"],
  ])('refuses %j', async (words, message) => {
    const { code, err, bodies } = await record(words);
    expect([code, err, bodies]).toEqual([2, expect.stringContaining(message), []]);
  });
});

describe('argus record verify', () => {
  it('is content where files and rows agree', async () => {
    const { code, out } = await record(['verify']);
    expect([code, out]).toEqual([0, 'Looked at 3 rows, 2 files on the disk, 1 in the second tier.\nFiles and rows agree.']);
  });

  it('names what differs, and ends with 1', async () => {
    const { code, out } = await record(['verify'], { ...SOUND, rowsWithoutFile: 2, otherSize: 1, examples: [{ path: 'cam/day/1-a.mp4', problem: 'no-file' }] });
    expect(code).toBe(1);
    expect(out).toMatch(/2 +rows without a file/);
    expect(out).toContain('no-file      cam/day/1-a.mp4');
  });

  it('does not mind what is no footage', async () => {
    const { code, out } = await record(['verify'], { ...SOUND, foreignFiles: 2 });
    expect([code, out]).toEqual([0, expect.stringContaining('2 files in the recordings folder are no footage')]);
  });

  it('repairs when it is told to, and says what is left', async () => {
    const { code, out } = await record(['verify', '--repair'], { adopted: 4, rowsRemoved: 1, rowsMarkedMoved: 0, copiesRemoved: 0, left: { ...SOUND, damagedFiles: 1 } });
    expect([code, out]).toEqual([1, expect.stringContaining('Repaired: 4 files taken into the index, 1 rows without a file removed')]);
    expect(out).toMatch(/1 +files without a row that are damaged/);
  });

  it('does not call sound what it could not see', async () => {
    const { code, out } = await record(['verify'], { ...SOUND, remoteProblem: 'S3 at x: no answer' });
    expect([code, out]).toEqual([1, expect.not.stringContaining('agree')]);
    expect(out).toContain('S3 at x: no answer');
  });
});

describe('argus record prune', () => {
  const PRUNED = { files: 12, bytes: 3_400_000_000, heldFiles: 2 };
  it.each([
    [['prune'], { cameraId: null, before: null, dryRun: false }, 'Removed 12 files, 3.40 GB. 2 more are held and stay.'],
    [['prune', '--camera', 'Door', '--before', '2026-11-20T08:00:00+01:00', '--dry-run'], { cameraId: CAMERA.id, before: '2026-11-20T07:00:00.000Z', dryRun: true }, 'Would remove 12 files'],
    [['prune', '--camera', GONE, '--before', '2026-11-20', '--json'], { cameraId: GONE, before: '2026-11-20T00:00:00.000Z', dryRun: false }, '{"files":12'],
  ])('asks for %j', async (words, body, said) => {
    const { code, out, bodies } = await record(words, PRUNED);
    expect([code, bodies, out]).toEqual([0, [body], expect.stringContaining(said)]);
  });

  it('knows no camera of another name', async () => {
    const { code, err, bodies } = await record(['prune', '--camera', 'Gate'], PRUNED);
    expect([code, err, bodies]).toEqual([1, expect.stringContaining('no camera is named "Gate"'), []]);
  });
});
