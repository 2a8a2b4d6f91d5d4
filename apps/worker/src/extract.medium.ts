import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeNumberedVideo, readNumbers, seededRandom, seedOfRun, waitFor, whyNoClips } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkIndexes, crashExtract, EXTRACT as ENTRY, start } from '../test/crash-extract.js';
import type { IndexLine } from './extract/picture-folder.js';

/** Real: the built command with its processes, files that ffmpeg makes, kill -9. `ARGUS_CRASH_POINTS=200` kills it more often. */
const CRASH_POINTS = Number(process.env['ARGUS_CRASH_POINTS'] ?? 20);
const missing = existsSync(ENTRY) ? whyNoClips() : 'apps/worker is not built (tsc -b apps/worker)';
if (missing !== null) console.warn(`skipped: ${missing}`);

const SIZE = { width: 320, height: 180 };
const PICTURES = 400;

const linesOf = (index: string): IndexLine[] => readFileSync(index, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as IndexLine);
const indexesIn = (out: string): string[] => globSync('*/*/index.jsonl', { cwd: out }).sort();

describe.skipIf(missing !== null)('argus extract', () => {
  let folder: string;
  let clip: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-extract-'));
    clip = makeNumberedVideo({ ...SIZE, pictures: PICTURES, encode: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '3', '-g', '60'], extension: 'mp4' });
    for (const name of ['gate/morning.mp4', 'gate/evening.mp4', 'yard/北门 1.mp4']) {
      mkdirSync(dirname(join(folder, 'in', name)), { recursive: true });
      copyFileSync(clip, join(folder, 'in', name));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const extract = (...args: string[]) => spawnSync(process.execPath, [ENTRY, ...args], { encoding: 'utf8', cwd: folder, timeout: 60_000 });

  it('writes pictures in folders by group and video, with an index, and opens nothing that is finished', () => {
    const first = extract('in', '--every', '200', '--out', 'by-folder');
    expect([first.status, first.stdout]).toEqual([0, '']);
    expect(globSync('**/*.jpg', { cwd: join(folder, 'by-folder') }).sort()).toEqual(['gate/evening/0.jpg', 'gate/evening/200.jpg', 'gate/morning/0.jpg', 'gate/morning/200.jpg', 'yard/北门 1/0.jpg', 'yard/北门 1/200.jpg']);
    const lines = linesOf(join(folder, 'by-folder/yard/北门 1/index.jsonl'));
    expect(lines).toEqual([0, 200].map((frameIndex) => ({ video: '北门 1.mp4', frameIndex, ptsUs: frameIndex * 40_000, wallTime: null, ...SIZE, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), file: `${frameIndex}.jpg` })));
    for (const frameIndex of [0, 200]) expect(readNumbers(join(folder, 'by-folder/yard/北门 1', `${frameIndex}.jpg`), SIZE)).toEqual([frameIndex]);
    const again = extract('in', '--every', '200', '--out', 'by-folder', '--json');
    expect(again.status).toBe(0);
    expect(again.stdout.trim().split('\n').map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['started', 'skipped', 'skipped', 'skipped', 'finished']);
  });

  it('tells videos of one name apart, and knows when our own footage was taken', () => {
    for (const [at, name] of ['a/cam/x.mp4', 'b/cam/x.mp4', 'b/cam/1764547200000-0af3.mp4'].entries()) {
      mkdirSync(dirname(join(folder, 'same', name)), { recursive: true });
      copyFileSync(clip, join(folder, 'same', name));
      expect(at).toBeLessThan(3);
    }
    for (const round of [1, 2]) expect(extract('same', '--seconds', '10', '--fit', '100x100', '--out', 'same-out').status, `round ${round}`).toBe(0);
    expect(indexesIn(join(folder, 'same-out'))).toHaveLength(3);
    expect(linesOf(join(folder, 'same-out/cam/1764547200000-0af3/index.jsonl')).map(({ wallTime, width, height }) => [wallTime, width, height])).toEqual([['2025-12-01T00:00:00.000Z', 100, 56], ['2025-12-01T00:00:10.000Z', 100, 56]]);
  });

  it('goes on with the others when a video cannot be read, and says which', () => {
    writeFileSync(join(folder, 'broken.mp4'), 'not a video '.repeat(500));
    copyFileSync(clip, join(folder, 'secret.mp4'));
    chmodSync(join(folder, 'secret.mp4'), 0o000);
    const run = extract('broken.mp4', 'none.mp4', 'secret.mp4', 'in/gate', '--keyframes', '--group', 'prefix', '--out', 'some');
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/failed: .*broken\.mp4 cannot be opened as a video/);
    expect(run.stderr).toMatch(/failed: .*none\.mp4 cannot be read/);
    // Root may read everything.
    if (process.getuid?.() !== 0) expect(run.stderr).toMatch(/failed: .*secret\.mp4 cannot be read/);
    expect(linesOf(join(folder, 'some/morning/morning/index.jsonl')).length).toBeGreaterThan(5);
  });

  it('makes names that nothing can be done with safe', () => {
    const odd = ['..mp4', '\x1b[31mred\n.mp4', `${'很'.repeat(80)}.mp4`, ' .mp4'];
    mkdirSync(join(folder, 'odd'), { recursive: true });
    for (const name of odd) copyFileSync(clip, join(folder, 'odd', name));
    const run = extract(...odd.map((name) => join('odd', name)), '--every', '399', '--out', 'odd-out');
    expect([run.status, run.stderr.includes('\x1b')]).toEqual([0, false]);
    expect(indexesIn(join(folder, 'odd-out'))).toHaveLength(4);
    for (const name of indexesIn(join(folder, 'odd-out'))) expect(name).not.toMatch(/\p{Cc}|\.\.|^odd\/\./u);
  });

  it('refuses a second run into the same folder, other options for pictures that are there, and places that cannot be written to', async () => {
    const running = start(folder, 'taken');
    await waitFor(async () => existsSync(join(folder, 'taken/.argus-extract.lock')) || null, 20_000, () => 'the first run did not begin');
    expect(extract('in', '--every', '1', '--out', 'taken')).toMatchObject({ status: 1, stderr: expect.stringContaining('extract.output-taken') });
    await waitFor(async () => indexesIn(join(folder, 'taken')).some((name) => linesOf(join(folder, 'taken', name)).length > 0) || null, 30_000, () => 'nothing was written');
    running.kill('SIGTERM');
    expect((await once(running, 'exit'))[0]).toBe(130);
    checkIndexes(join(folder, 'taken'));
    expect(extract('in', '--every', '3', '--out', 'taken')).toMatchObject({ status: 1, stderr: expect.stringContaining('were made with other options') });
    expect(extract('in', '--every', '3', '--out', 'broken.mp4/x')).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be written to') });
  });

  it('says that the disk is full, and goes on when it is not any more', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk]);
    if (mounted.status !== 0) return console.warn('skipped: only root can make a small disk');
    try {
      const run = extract('in/gate/morning.mp4', '--every', '1', '--out', 'disk/out');
      expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(/the disk is full; free some room/) });
      checkIndexes(join(disk, 'out'));
      spawnSync('mount', ['-o', 'remount,size=60m', disk]);
      expect(extract('in/gate/morning.mp4', '--every', '1', '--out', 'disk/out').status).toBe(0);
      expect(checkIndexes(join(disk, 'out'))).toBe(PICTURES);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it(`loses nothing and writes nothing twice over ${CRASH_POINTS} kills at any time`, { timeout: 60_000 + CRASH_POINTS * 5000 }, async () => {
    const { redoneBytes, redonePictures, ...figures } = await crashExtract({ folder, points: CRASH_POINTS, random: seededRandom(seedOfRun()) });
    expect(figures).toMatchObject({ kills: CRASH_POINTS, lost: 0, isEqual: true });
    expect([redonePictures <= 128, redoneBytes <= 64 * 2 ** 20]).toEqual([true, true]);
  });
});
