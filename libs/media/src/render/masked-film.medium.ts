import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Box, planFootage, readFragmentHead, readHead, readMoof, readSegment, type FootagePlan, type SegmentDescription } from '@argus/footage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskedFilm, type MaskedFilmPart } from './masked-film.js';

/** Real: files by ffmpeg, the native decoder and encoder, and ffmpeg that decodes what came out. */
const START_MS = Date.UTC(2026, 10, 20, 8);
const [WIDTH, HEIGHT, FPS] = [320, 240, 25];
/** White on the left half, so that nothing of it can be taken for the mask. */
const SOURCE = `testsrc2=size=${WIDTH}x${HEIGHT}:rate=${FPS},drawbox=x=0:y=0:w=${WIDTH / 2}:h=${HEIGHT}:color=white:t=fill`;
const LEFT = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }];
let folder: string;
let segments: SegmentDescription[];
let hevc: SegmentDescription;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-masked-'));
  const h264 = ['-c:v', 'libx264', '-profile:v', 'main', '-bf', '2'];
  segments = [await makeSegment(START_MS, h264), await makeSegment(START_MS + 34_000, h264)];
  hevc = await makeSegment(START_MS + 100_000, ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=0', '-tag:v', 'hvc1']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeSegment(startMs: number, codec: string[]): Promise<SegmentDescription> {
  const path = join(folder, `${startMs}-made.mp4`);
  const flags = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-sc_threshold', '0', '-movflags', 'frag_keyframe+empty_moov+default_base_moof+skip_trailer', '-video_track_timescale', '1000000'];
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', SOURCE, '-t', '4', ...codec, ...flags, path]);
  return readSegment(path);
}

const planOf = (of: readonly SegmentDescription[], fromMs: number, toMs: number): FootagePlan => planFootage(of, fromMs, toMs) as FootagePlan;
const never = new AbortController().signal;

async function write(plan: FootagePlan, name: string): Promise<{ path: string; parts: MaskedFilmPart[] }> {
  const parts: MaskedFilmPart[] = [];
  for await (const part of maskedFilm({ plan, areas: [LEFT], signal: never })) parts.push(part);
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(parts.map(({ bytes }) => bytes)));
  return { path, parts };
}

/** Brightness of every picture as ffmpeg decodes it, and its complaints. */
function decode(path: string): { pictures: Buffer[]; complaints: string; seconds: number } {
  const complaints = execFileSync('sh', ['-c', 'ffmpeg -v warning -xerror -i "$0" -f null - 2>&1', path], { encoding: 'utf8' });
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { maxBuffer: 256 * 1024 * 1024 });
  const seconds = Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' }));
  const bytes = WIDTH * HEIGHT;
  return { pictures: Array.from({ length: raw.length / bytes }, (_, index) => raw.subarray(index * bytes, (index + 1) * bytes)), complaints, seconds };
}

/** The brightest of the left half, which is white below the mask; two columns of its edge aside. */
function brightestLeft(picture: Buffer): number {
  let brightest = 0;
  for (let row = 0; row < HEIGHT; row += 1) for (let column = 0; column < WIDTH / 2 - 2; column += 1) brightest = Math.max(brightest, picture[row * WIDTH + column] as number);
  return brightest;
}
const varies = (picture: Buffer): boolean => new Set(picture.subarray((HEIGHT / 2) * WIDTH + WIDTH / 2 + 4, (HEIGHT / 2 + 1) * WIDTH)).size > 4;

describe('maskedFilm', () => {
  it('covers every picture, and has the places of the plan, over a gap too', async () => {
    const plan = planOf(segments, START_MS + 2500, START_MS + 36_000);
    const { path, parts } = await write(plan, 'gap.mp4');
    const { pictures, complaints, seconds } = decode(path);
    expect([complaints, pictures.length]).toEqual(['', 50 + 50]);
    expect(seconds).toBeCloseTo(plan.durationMs / 1000, 2);
    expect(pictures.every((picture) => brightestLeft(picture) < 60 && varies(picture))).toBe(true);
    expect(brightestLeft(decode((segments[0] as SegmentDescription).path).pictures[0] as Buffer)).toBeGreaterThan(200);
    expect(parts.every(({ codecString }) => /^avc1\.[0-9a-f]{6}$/.test(codecString))).toBe(true);
    // Small groups, each with a key frame first; the gap of half a minute takes no place.
    const head = readHead(Box.around(parts[0]?.bytes as Buffer).only('moov'), parts[0]?.bytes as Buffer);
    const starts = parts.slice(1).map(({ bytes }) => readFragmentHead(readMoof(bytes, 0), head).startMs);
    expect(starts.map(Math.round)).toEqual([0, 200, 1200, 2200, 3200]);
  });

  it('sends the first picture long before the last is made', async () => {
    let made = 0;
    for await (const { bytes } of maskedFilm({ plan: planOf(segments, START_MS, START_MS + 4000), areas: [LEFT], signal: never })) {
      made += bytes.length;
      if (made > 4000) break;
    }
    expect(made).toBeGreaterThan(0);
    const { parts } = await write(planOf(segments, START_MS, START_MS + 4000), 'parts.mp4');
    expect(parts).toHaveLength(1 + 5);
  });

  it('makes H.264 of H.265, which more browsers play', async () => {
    const { path } = await write(planOf([hevc], hevc.startMs, hevc.startMs + 1000), 'hevc.mp4');
    const { pictures, complaints } = decode(path);
    expect([complaints, pictures.length, pictures.every((picture) => brightestLeft(picture) < 60)]).toEqual(['', 50, true]);
  });

  it('stops where it is told to, and refuses to make a film without a mask', async () => {
    const stop = new AbortController();
    const film = maskedFilm({ plan: planOf(segments, START_MS, START_MS + 4000), areas: [LEFT], signal: stop.signal });
    await film.next();
    stop.abort(new Error('enough'));
    await expect((async () => { for await (const _part of film); })()).rejects.toThrow('enough');
    await expect(maskedFilm({ plan: planOf(segments, START_MS, START_MS + 4000), areas: [], signal: never }).next()).rejects.toThrow('areas to cover');
  });
});
