import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFootage, readSegment, type FootagePlan, type SegmentDescription } from '@argus/footage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyFilm, cutFilm } from './cut-film.js';
import { findLabelFont } from './label-sprites.js';
import { renderFilm, type FilmWish } from './render-film.js';

/** Real: files by ffmpeg, the native decoder and encoder, and ffmpeg that decodes what came out. */
const START_MS = Date.UTC(2026, 10, 20, 8);
const FPS = 25;
let folder: string;
let segments: SegmentDescription[];
let hevc: SegmentDescription[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-render-'));
  // Half a minute lies between the two.
  segments = [await makeSegment(START_MS, ['-c:v', 'libx264', '-profile:v', 'main', '-bf', '0']), await makeSegment(START_MS + 34_000, ['-c:v', 'libx264', '-profile:v', 'main', '-bf', '0'])];
  hevc = [await makeSegment(START_MS + 100_000, ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=0', '-tag:v', 'hvc1'])];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeSegment(startMs: number, codec: string[]): Promise<SegmentDescription> {
  const path = join(folder, `${startMs}-made.mp4`);
  const flags = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-sc_threshold', '0', '-movflags', 'frag_keyframe+empty_moov+default_base_moof+skip_trailer', '-video_track_timescale', '1000000'];
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=${FPS}`, '-t', '4', ...codec, ...flags, path]);
  return readSegment(path);
}

const wishFor = (of: readonly SegmentDescription[], fromMs: number, toMs: number, name: string): FilmWish => ({
  plan: planFootage(of, fromMs, toMs) as FootagePlan,
  fromMs,
  toMs,
  path: join(folder, name),
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

/** Brightness of every picture as ffmpeg decodes it, 320x240 bytes each, and its complaints. */
function decode(path: string): { pictures: Buffer[]; complaints: string; seconds: number } {
  const complaints = execFileSync('sh', ['-c', 'ffmpeg -v warning -xerror -i "$0" -f null - 2>&1', path], { encoding: 'utf8' });
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { maxBuffer: 256 * 1024 * 1024 });
  const seconds = Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' }));
  return { pictures: Array.from({ length: raw.length / (320 * 240) }, (_, index) => raw.subarray(index * 320 * 240, (index + 1) * 320 * 240)), complaints, seconds };
}

const difference = (one: Buffer, other: Buffer): number => one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] as number)), 0) / one.length;
const sha256 = async (path: string): Promise<string> => createHash('sha256').update(await readFile(path)).digest('hex');

describe('cutFilm', () => {
  it('begins and ends at the asked pictures, and copies what lies between', async () => {
    // 0.6 s into the first group of pictures; 1 s into the last one of the second file.
    const wish = wishFor(segments, START_MS + 600, START_MS + 37_000, 'exact.mp4');
    const written = await cutFilm(wish);
    const { pictures, complaints, seconds } = decode(wish.path);
    expect(complaints).toBe('');
    expect(pictures).toHaveLength(100 - 15 + 75);
    expect(seconds).toBeCloseTo(6.4, 2);
    const original = decode((segments[0] as SegmentDescription).path).pictures;
    expect(difference(pictures[0] as Buffer, original[15] as Buffer)).toBeLessThan(4);
    // The copied ones are the same to the last bit; so is what follows them.
    for (const [at, from] of [[35, 50], [84, 99], [85, 0], [134, 49]] as const) expect([at, (pictures[at] as Buffer).equals(original[from] as Buffer)]).toEqual([at, true]);
    expect(difference(pictures.at(-1) as Buffer, original[74] as Buffer)).toBeLessThan(4);
    expect(written).toMatchObject({ startMs: START_MS + 600, endMs: START_MS + 37_000, sha256: await sha256(wish.path) });
  });

  it('is a copy where the range begins and ends with groups of pictures', async () => {
    const [exact, plain] = [wishFor(segments, START_MS + 2000, START_MS + 4000, 'whole.mp4'), wishFor(segments, START_MS + 2000, START_MS + 4000, 'copied.mp4')];
    expect(await cutFilm(exact)).toEqual(await copyFilm(plain));
    expect((await readFile(exact.path)).equals(await readFile(plain.path))).toBe(true);
  });

  it('gives a range within one group of pictures', async () => {
    const wish = wishFor(segments, START_MS + 400, START_MS + 800, 'short.mp4');
    await cutFilm(wish);
    expect(decode(wish.path)).toMatchObject({ complaints: '', pictures: { length: 10 } });
  });
});

describe('renderFilm', () => {
  const person = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

  it('hides what is to be hidden, and nothing else', async () => {
    const wish = wishFor(segments, START_MS + 600, START_MS + 3000, 'hidden.mp4');
    await renderFilm(wish, (wallMs) => (wallMs < START_MS + 2000 ? { hidden: [person], boxes: [] } : null));
    const { pictures, complaints, seconds } = decode(wish.path);
    expect([complaints, pictures.length]).toEqual(['', 60]);
    expect(seconds).toBeCloseTo(2.4, 2);
    const original = decode((segments[0] as SegmentDescription).path).pictures;
    const inside = (picture: Buffer) => Buffer.concat([...Array(120).keys()].map((row) => picture.subarray((60 + row) * 320 + 80, (60 + row) * 320 + 240)));
    const outside = (picture: Buffer) => picture.subarray(0, 320 * 50);
    const [first, last] = [pictures[0] as Buffer, pictures[59] as Buffer];
    expect(difference(inside(first), inside(original[15] as Buffer))).toBeGreaterThan(8);
    expect(difference(outside(first), outside(original[15] as Buffer))).toBeLessThan(4);
    expect(difference(last, original[74] as Buffer)).toBeLessThan(4);
    // Squares of 20 pixels: what stood in them is gone, up to what the encoder makes of their edges.
    const spreads = (picture: Buffer) =>
      [...Array(48).keys()].map((square) => {
        const pixels = [...Array(12).keys()].flatMap((row) => [...inside(picture).subarray((Math.floor(square / 8) * 20 + 4 + row) * 160 + (square % 8) * 20 + 4).subarray(0, 12)]);
        return Math.max(...pixels) - Math.min(...pixels);
      });
    expect(spreads(original[15] as Buffer).filter((spread) => spread > 40).length).toBeGreaterThan(5);
    expect(spreads(first).filter((spread) => spread > 40)).toEqual([]);
  });

  it('covers areas so that films of what differs below them alone are the same, byte by byte', async () => {
    // Without loss, so that what is below a mask changes nothing around it.
    const differing = async (startMs: number, box: string) => {
      const path = join(folder, `${startMs}-${box.length}.mp4`);
      const flags = ['-qp', '0', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-movflags', 'frag_keyframe+empty_moov+default_base_moof+skip_trailer', '-video_track_timescale', '1000000'];
      execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=${FPS}${box}`, '-t', '2', '-c:v', 'libx264', ...flags, path]);
      return readSegment(path);
    };
    const covered = [[{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.5, y: 0.75 }]];
    const hidden = { x: 0.2, y: 0.4, width: 0.3, height: 0.3 };
    const bare = await differing(START_MS + 200_000, '');
    const secret = await differing(START_MS + 200_000, ',drawbox=x=140:y=70:w=40:h=30:color=white:t=fill');
    const films = [];
    for (const [name, segment] of [['bare.mp4', bare], ['secret.mp4', secret]] as const) {
      const [masked, plain] = [wishFor([segment], segment.startMs, segment.endMs, name), wishFor([segment], segment.startMs, segment.endMs, `plain-${name}`)];
      await renderFilm(masked, () => ({ hidden: [hidden], boxes: [] }), covered);
      await renderFilm(plain, () => ({ hidden: [hidden], boxes: [] }));
      films.push({ masked: await sha256(masked.path), plain: await sha256(plain.path), ...decode(masked.path) });
    }
    const [one, other] = films as [(typeof films)[number], (typeof films)[number]];
    expect(one.masked).toBe(other.masked);
    expect(one.plain).not.toBe(other.plain);
    expect([one.complaints, one.pictures.length]).toEqual(['', 50]);
    // Outside of mask and blur it is what it was.
    const original = decode(bare.path).pictures;
    for (const at of [0, 25, 49]) expect(difference((one.pictures[at] as Buffer).subarray(0, 320 * 50), (original[at] as Buffer).subarray(0, 320 * 50))).toBeLessThan(4);
  });

  it('covers areas of H.265 too', async () => {
    const wish = wishFor(hevc, START_MS + 100_000, START_MS + 102_000, 'covered-hevc.mp4');
    await renderFilm(wish, () => null, [[{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 0.5 }, { x: 0, y: 0.5 }]]);
    const { pictures, complaints } = decode(wish.path);
    expect([complaints, pictures.length]).toEqual(['', 50]);
    for (const picture of pictures) {
      const half = picture.subarray(0, 320 * 112);
      expect(Math.max(...half) - Math.min(...half)).toBeLessThanOrEqual(2);
    }
  });

  it('draws boxes, with words where this machine has a font', async () => {
    const wish = wishFor(segments, START_MS, START_MS + 1000, 'boxes.mp4');
    await renderFilm(wish, () => ({ hidden: [], boxes: [{ box: person, rgb: 0x4fc3f7, text: '行人 person 7' }] }));
    const { pictures, complaints } = decode(wish.path);
    expect([complaints, pictures.length]).toEqual(['', 25]);
    const picture = pictures[10] as Buffer;
    const edge = [...Array(100).keys()].map((step) => picture[60 * 320 + 100 + step] as number);
    expect(Math.max(...edge) - Math.min(...edge)).toBeLessThan(60);
    if (findLabelFont() === null) return;
    // Black signs on the label's ground, above the box.
    const label = [...Array(14).keys()].flatMap((line) => [...picture.subarray((44 + line) * 320 + 82, (44 + line) * 320 + 130)]);
    expect(Math.max(...label) - Math.min(...label)).toBeGreaterThan(100);
  });

  it('makes H.264 of H.265, and closes gaps up', async () => {
    const film = wishFor(hevc, START_MS + 101_000, START_MS + 103_000, 'from-hevc.mp4');
    await renderFilm(film, () => null);
    expect(decode(film.path)).toMatchObject({ complaints: '', pictures: { length: 50 } });
    const gap = wishFor(segments, START_MS + 3000, START_MS + 35_000, 'gap.mp4');
    expect(gap.plan.gaps).toHaveLength(1);
    const written = await renderFilm(gap, () => null);
    const { pictures, complaints, seconds } = decode(gap.path);
    expect([complaints, pictures.length]).toEqual(['', 50]);
    expect(seconds).toBeCloseTo(2, 2);
    expect(written).toMatchObject({ startMs: START_MS + 3000, endMs: START_MS + 35_000, sha256: await sha256(gap.path) });
  });

  it('stops where it is told to', async () => {
    const stop = new AbortController();
    const wish = { ...wishFor(segments, START_MS, START_MS + 4000, 'stopped.mp4'), signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) };
    await expect(renderFilm(wish, () => null)).rejects.toThrow('enough');
  });
});
