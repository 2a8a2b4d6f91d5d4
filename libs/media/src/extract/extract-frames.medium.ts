import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeNumberedVideo, readNumbers, whyNoClips, type NumberedVideoOptions } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeStill } from '../still/decode-still.js';
import { measureStill } from '../still/measure-still.js';
import { hashDistance } from '../still/perceptual-hash.js';
import { extractFrames, type ExtractOptions } from './extract-frames.js';
import type { ExtractedFrame } from './extracted-frame.js';
import { VideoFileError } from './video-file-error.js';

/** Real: the native library, files that ffmpeg makes, and the numbers in their pictures, read by ffmpeg. */
const missing = whyNoClips();
if (missing !== null) console.warn(`skipped: ${missing}`);

const SIZE = { width: 320, height: 180 };
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const CLOSED = [...X264, '-bf', '0', '-g', '50', '-sc_threshold', '0'];
const OPEN = [...X264, '-x264-params', 'bframes=5:b-pyramid=normal:open-gop=1:keyint=40:scenecut=0'];
const VFR = "select='not(eq(mod(n,7),3)+eq(mod(n,11),5))'";

const VIDEOS: Readonly<Record<string, NumberedVideoOptions>> = {
  'constant rate': { ...SIZE, pictures: 430, encode: CLOSED, extension: 'mp4' },
  'fragments, as our footage': { ...SIZE, pictures: 250, encode: [...CLOSED, '-movflags', 'frag_keyframe+empty_moov'], extension: 'mp4' },
  'variable rate with B-frames': { ...SIZE, pictures: 430, encode: [...X264, '-bf', '3', '-g', '60'], before: VFR, extension: 'mp4' },
  'open groups of B-frames in MKV': { ...SIZE, pictures: 430, encode: OPEN, extension: 'mkv' },
  'open groups in MPEG-TS': { ...SIZE, pictures: 430, encode: OPEN, extension: 'ts' },
  'H.265 with open groups, 10 bits': { ...SIZE, pictures: 250, encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'bframes=4:keyint=40:open-gop=1:log-level=none', '-pix_fmt', 'yuv420p10le'], extension: 'mp4' },
  'odd size': { width: 321, height: 181, pictures: 230, encode: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv444p', '-bf', '2', '-g', '30'], extension: 'mkv' },
  'odd size, motion JPEG in AVI': { width: 321, height: 181, pictures: 230, encode: ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'], extension: 'avi' },
  'AVI, whose B-frames have no times': { ...SIZE, pictures: 230, encode: [...X264, '-bf', '3', '-g', '50'], extension: 'avi' },
  'interlaced in MPEG-TS': { ...SIZE, pictures: 230, encode: [...X264, '-flags', '+ilme+ildct', '-x264opts', 'tff=1', '-bf', '2', '-g', '40'], extension: 'ts' },
  'MPEG-4 part 2 with B-frames': { ...SIZE, pictures: 230, encode: ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', '-g', '40'], extension: 'mov' },
  'one group for everything': { ...SIZE, pictures: 900, encode: [...X264, '-bf', '3', '-g', '9999', '-sc_threshold', '0'], extension: 'mp4' },
};

describe.skipIf(missing !== null)('extractFrames', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-extract-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function take(options: ExtractOptions): Promise<ExtractedFrame[]> {
    const frames: ExtractedFrame[] = [];
    for await (const frame of extractFrames({ threads: 2, ...options })) frames.push(frame);
    return frames;
  }

  async function numbersIn(frames: readonly ExtractedFrame[]): Promise<number[]> {
    const into = await mkdtemp(join(folder, 'pictures-'));
    for (const [place, { jpeg }] of frames.entries()) await writeFile(join(into, `${String(place).padStart(5, '0')}.jpg`), jpeg);
    const [first] = frames;
    return first === undefined ? [] : readNumbers(join(into, '%05d.jpg'), first);
  }

  const every = (pictures: number, step: number) => Array.from({ length: Math.ceil(pictures / step) }, (_unused, place) => place * step);

  describe.each(Object.entries(VIDEOS))('%s', (_name, options) => {
    it.each([1, 7, 200])('gives pictures 0, n, 2n … for n = %i, each with its own number in it', async (n) => {
      const frames = await take({ path: makeNumberedVideo(options), choice: { kind: 'frames', every: n } });
      expect(frames.map(({ frameIndex }) => frameIndex)).toEqual(every(options.pictures, n));
      expect(await numbersIn(frames)).toEqual(every(options.pictures, n));
      expect(frames.every(({ width, height, damaged }) => width === options.width && height === options.height && !damaged)).toBe(true);
      const times = frames.map(({ ptsUs }) => ptsUs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBe(0);
    });

    it('goes on from a picture as if it had begun at the first', async () => {
      const path = makeNumberedVideo(options);
      const whole = await take({ path, choice: { kind: 'frames', every: 13 } });
      for (const from of [1, 91, 92, 211]) {
        const rest = await take({ path, choice: { kind: 'frames', every: 13 }, fromFrameIndex: from });
        expect(rest).toEqual(whole.filter(({ frameIndex }) => (frameIndex ?? 0) >= from));
      }
    });

    it('gives exactly the pictures at wanted times', async () => {
      const path = makeNumberedVideo(options);
      const all = await take({ path, choice: { kind: 'frames', every: 1 } });
      const wanted = [0, 1, 38, 39, 40, 41, 120, 121, options.pictures - 1].map((at) => all[at] as ExtractedFrame);
      const found = await take({ path, choice: { kind: 'times', ptsUs: wanted.map(({ ptsUs }) => ptsUs) } });
      expect(found.map(({ frameIndex }) => frameIndex)).toEqual(wanted.map(({ frameIndex }) => frameIndex));
      expect(await numbersIn(found)).toEqual(wanted.map(({ frameIndex }) => frameIndex));
    });
  });

  it('gives key frames with their numbers, and decodes nothing else', async () => {
    for (const name of ['constant rate', 'open groups of B-frames in MKV', 'H.265 with open groups, 10 bits']) {
      const path = makeNumberedVideo(VIDEOS[name] as NumberedVideoOptions);
      const extraction = extractFrames({ path, choice: { kind: 'keyframes' }, threads: 2 });
      const frames = [];
      for await (const frame of extraction) frames.push(frame);
      expect(frames.length).toBeGreaterThan(5);
      expect(frames.every(({ keyframe }) => keyframe)).toBe(true);
      expect(await numbersIn(frames)).toEqual(frames.map(({ frameIndex }) => frameIndex));
      expect(extraction.report.decoded).toBe(frames.length);
    }
  });

  it('takes one picture in each step of seconds', async () => {
    const frames = await take({ path: makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions), choice: { kind: 'seconds', every: 1.5 } });
    expect(frames.map(({ frameIndex }) => frameIndex)).toEqual([0, 38, 75, 113, 150, 188, 225, 263, 300, 338, 375, 413]);
  });

  it('decodes nothing of groups in which nothing is wanted', async () => {
    const extraction = extractFrames({ path: makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions), choice: { kind: 'frames', every: 200 } });
    for await (const frame of extraction) expect(frame.damaged).toBe(false);
    expect(extraction.report).toMatchObject({ read: 430, decoded: 3, given: 3, missing: 0, errors: 0 });
  });

  it('jumps over minutes in which nothing is wanted', async () => {
    const path = makeNumberedVideo({ width: 160, height: 90, pictures: 1023, encode: [...X264, '-bf', '2', '-g', '20', '-r', '5'], before: 'setpts=N/5/TB', extension: 'mp4' });
    const extraction = extractFrames({ path, choice: { kind: 'times', ptsUs: [200_000, 150_200_000, 204_400_000] } });
    const frames = [];
    for await (const frame of extraction) frames.push(frame);
    expect(await numbersIn(frames)).toEqual([1, 751, 1022]);
    expect(frames.map(({ ptsUs }) => ptsUs)).toEqual([200_000, 150_200_000, 204_400_000]);
    expect(extraction.report.read).toBeLessThan(400);
  });

  it.each([
    [{ width: 101, height: 101 }, { width: 101, height: 57 }],
    [{ width: 4000, height: 91 }, { width: 162, height: 91 }],
    [{ width: 4000, height: 4000 }, SIZE],
  ])('makes pictures fit into %o', async (size, expected) => {
    const frames = await take({ path: makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions), choice: { kind: 'frames', every: 211 }, size });
    expect(frames.map(({ width, height }) => ({ width, height }))).toEqual([expected, expected, expected]);
    expect(await numbersIn(frames)).toEqual([0, 211, 422]);
  });

  it.each([90, 180, 270])('turns pictures of a phone that was held at %i degrees, as ffmpeg does', async (rotate) => {
    const path = makeNumberedVideo({ ...SIZE, pictures: 30, encode: CLOSED, extension: 'mov', remux: ['-metadata:s:v:0', `rotate=${rotate}`] });
    const [frame] = await take({ path, choice: { kind: 'frames', every: 100 }, measure: true });
    const turned = join(folder, `turned-${rotate}.png`);
    expect(spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-i', path, '-frames:v', '1', turned]).status).toBe(0);
    const still = decodeStill(await readFile(turned));
    expect([frame?.width, frame?.height]).toEqual([still.width, still.height]);
    expect(hashDistance(frame?.quality?.phash ?? '', measureStill(still).phash)).toBeLessThanOrEqual(4);
    still.free();
    const [small] = await take({ path, choice: { kind: 'frames', every: 100 }, size: { width: 91, height: 400 } });
    expect([small?.width, small?.height]).toEqual(rotate === 180 ? [91, 51] : [91, 162]);
  });

  it('goes on behind damage, says where it is, and keeps the numbers', async () => {
    const options = VIDEOS['constant rate'] as NumberedVideoOptions;
    const path = join(folder, 'damaged.mp4');
    const bytes = await readFile(makeNumberedVideo(options));
    const from = Math.floor(bytes.length * 0.4);
    bytes.fill(0xa5, from, from + Math.floor(bytes.length * 0.05));
    await writeFile(path, bytes);
    const extraction = extractFrames({ path, choice: { kind: 'frames', every: 1 }, threads: 2 });
    const frames = [];
    for await (const frame of extraction) frames.push(frame);
    const clean = frames.filter(({ damaged }) => !damaged);
    expect(await numbersIn(clean)).toEqual(clean.map(({ frameIndex }) => frameIndex));
    expect(clean.length).toBeGreaterThan(300);
    expect(clean.at(-1)?.frameIndex).toBe(429);
    const { errors, stretches, given, missing: gone } = extraction.report;
    expect([errors > 0, stretches.length > 0, given + gone]).toEqual([true, true, 430]);
    expect(stretches.every(({ fromUs, toUs }) => fromUs > 4_000_000 && toUs < 12_000_000)).toBe(true);
  });

  it('measures pictures as they are in the file', async () => {
    const [frame] = await take({ path: makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions), choice: { kind: 'frames', every: 1000 }, measure: true, digest: true });
    expect(frame?.quality).toMatchObject({ phash: expect.stringMatching(/^[0-9a-f]{16}$/), sharpness: expect.any(Number) });
    expect(frame?.rgbSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('stops when it is told to, and within a picture when nobody reads on', async () => {
    const path = makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions);
    await expect(take({ path, choice: { kind: 'frames', every: 1 }, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const abort = new AbortController();
    const extraction = extractFrames({ path, choice: { kind: 'frames', every: 1 }, signal: abort.signal });
    await expect((async () => {
      for await (const frame of extraction) if (frame.frameIndex === 5) abort.abort(new Error('enough'));
    })()).rejects.toThrow('enough');
    for await (const frame of extractFrames({ path, choice: { kind: 'frames', every: 1 } })) if (frame.frameIndex === 3) break;
  });

  it('says what is wrong with files that are no video', async () => {
    const text = join(folder, 'notes.txt');
    await writeFile(text, 'no video at all, but a text that the native library would make a film of\n'.repeat(200));
    const playlist = join(folder, 'list.m3u8');
    await writeFile(playlist, `#EXTM3U\n#EXTINF:10,\n${makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions)}\n`);
    const cut = join(folder, 'cut.mp4');
    const handle = await open(makeNumberedVideo(VIDEOS['constant rate'] as NumberedVideoOptions));
    await writeFile(cut, (await handle.read(Buffer.alloc(2000), 0, 2000, 0)).buffer);
    await handle.close();
    await writeFile(join(folder, 'empty.mp4'), '');
    for (const path of [text, playlist, cut, join(folder, 'empty.mp4'), folder, join(folder, 'none.mp4'), fileURLToPath(import.meta.url)]) {
      const failure: unknown = await take({ path, choice: { kind: 'frames', every: 1 } }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(VideoFileError);
      expect(String(failure)).toContain(path);
    }
  });
});
