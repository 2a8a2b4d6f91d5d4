import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pictureHistograms, type MeasuredPicture } from '@argus/media';
import { DEMO_CLIP, makeNumberedVideo, readNumbers, whyNoClips } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoPlace } from '../harvest-store.js';
import type { TakenFrame } from './messages.js';
import { readVideo } from './read-video.js';
import { ScanFile } from './scan-file.js';
import type { VideoOrder } from './video-messages.js';

/** Real: the native library, and films that ffmpeg makes. */
const missing = whyNoClips();
if (missing !== null) console.warn(`skipped: ${missing}`);

const ORDER = { most: null, size: { kind: 'original' }, jpegQuality: 92, threads: 2, scanPath: null, place: null } as const;
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];

async function read(order: Omit<VideoOrder, keyof typeof ORDER> & Partial<VideoOrder>): Promise<{ frames: TakenFrame[]; places: VideoPlace[] }> {
  const [frames, places]: [TakenFrame[], VideoPlace[]] = [[], []];
  for await (const { frame, place } of readVideo({ ...ORDER, ...order })) {
    if (frame !== null) frames.push(frame);
    places.push(place);
  }
  return { frames, places };
}

const numbers = (frames: readonly TakenFrame[]): number[] => frames.map(({ frameIndex }) => frameIndex);

describe.skipIf(missing !== null)('readVideo', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-read-video-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['mp4', [...X264, '-bf', '3', '-g', '60']],
    ['ts', [...X264, '-flags', '+ilme+ildct', '-x264opts', 'tff=1', '-bf', '2', '-g', '40']],
  ])('goes on from any place as if it had not stopped there (%s)', async (extension, encode) => {
    const path = makeNumberedVideo({ width: 320, height: 180, pictures: 230, encode, extension });
    for (const sampling of [{ kind: 'frames', every: 7 }, { kind: 'seconds', every: 0.5 }, { kind: 'keyframes', every: 0 }] as const) {
      for (const most of [null, 5]) {
        const whole = await read({ path, sampling, most });
        expect(most === null || whole.frames.length === most || sampling.kind === 'keyframes').toBe(true);
        for (const place of [whole.places[0], whole.places[2]]) {
          const rest = await read({ path, sampling, most, place: place as VideoPlace });
          expect(rest.frames).toEqual(whole.frames.filter(({ frameIndex }) => frameIndex > (place as VideoPlace).frame));
        }
      }
    }
  });

  it('gives pictures with their own numbers in them, also where a quota spreads them over a long film', async () => {
    const path = makeNumberedVideo({ width: 320, height: 180, pictures: 6000, encode: [...X264, '-bf', '3', '-g', '50'], extension: 'mkv' });
    const { frames } = await read({ path, sampling: { kind: 'frames', every: 10 }, most: 3 });
    for (const [at, { jpeg }] of frames.entries()) await writeFile(join(folder, `${at}.jpg`), jpeg);
    expect(frames).toHaveLength(3);
    expect(readNumbers(join(folder, '%d.jpg'), { width: 320, height: 180 })).toEqual(numbers(frames).map((number) => number % 1024));
  });

  it('finds the scenes of a film: F1 of at least 0.9 against the cuts that it was made with', { timeout: 240_000 }, async () => {
    const { path, cuts } = makeFilm();
    const { frames, places } = await read({ path, sampling: { kind: 'scenes', every: 0 } });
    const found = numbers(frames).slice(1);
    const hits = cuts.filter((cut) => found.some((index) => Math.abs(index - cut) <= 1)).length;
    const [precision, recall] = [hits / found.length, hits / cuts.length];
    const f1 = (2 * precision * recall) / (precision + recall);
    console.log(`scene cuts: F1 ${f1.toFixed(3)}, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of ${cuts.length}; missed ${cuts.filter((cut) => !found.some((index) => Math.abs(index - cut) <= 1)).join(' ')}; wrong ${found.filter((index) => !cuts.some((cut) => Math.abs(index - cut) <= 1)).join(' ')}`);
    expect(numbers(frames)[0]).toBe(0);
    expect(f1).toBeGreaterThanOrEqual(0.9);
    // The pass that found them is a place of its own, from which nothing is decoded twice.
    const [known] = places as [VideoPlace];
    expect([known.frame, known.scenes?.length]).toEqual([-1, frames.length]);
    expect(numbers((await read({ path, sampling: { kind: 'scenes', every: 0 }, place: { ...known, frame: 100, ptsUs: 100 * 40_000 } })).frames)).toEqual(numbers(frames).filter((number) => number > 100));
    // A pass that was killed, or whose file a disk has lost a part of, is gone on with: measured from there on, it finds the same.
    const scanPath = join(folder, 'scan');
    const scan = await ScanFile.open(scanPath);
    const measured: MeasuredPicture[] = [];
    await pictureHistograms(path, { threads: 2, onPicture: async (picture) => void measured.push(picture) });
    for (const [at, picture] of measured.slice(0, 300).entries()) {
      if (at === 299) await sleep(2000);
      await scan.add(picture);
    }
    await scan.close();
    expect((await stat(scanPath)).size).toBe(300 * 144);
    await truncate(scanPath, 250 * 144 + 7);
    const rest = await ScanFile.open(scanPath);
    expect(rest.known).toEqual(measured.slice(0, 250));
    await rest.close();
    expect(await read({ path, sampling: { kind: 'scenes', every: 0 }, scanPath })).toEqual({ frames, places });
    expect((await read({ path, sampling: { kind: 'scenes', every: 10 } })).frames.every(({ ptsUs }, at, all) => at === 0 || ptsUs - (all[at - 1] as TakenFrame).ptsUs >= 10_000_000)).toBe(true);
  });
});

/** Forty scenes of one to three seconds, encoded as a film is: a street with people, seen in several ways, moving pictures that a machine makes, a flash, grain, and a moving camera. No scene is like the one before. */
function makeFilm(): { path: string; cuts: number[] } {
  const path = join(tmpdir(), 'argus-test-clips', 'scenes-of-a-film-2.mp4');
  const fit = 'scale=640:360:force_original_aspect_ratio=increase,crop=640:360,setsar=1,fps=25,format=yuv420p';
  const street = (from: number, look: string): [string[], string] => [['-ss', String(from), '-stream_loop', '-1', '-i', DEMO_CLIP], look];
  const made = (source: string, look = 'null'): [string[], string] => [['-f', 'lavfi', '-i', `${source}`], look];
  const kinds: [string[], string][] = [
    street(0, 'null'),
    made('mandelbrot=size=640x360:rate=25'),
    street(2, 'crop=iw/3:ih/3:0:ih/2'),
    made('testsrc2=size=640x360:rate=25'),
    street(1, 'hue=s=0,eq=brightness=-0.25'),
    made('gradients=size=640x360:rate=25:speed=0.02:seed=3'),
    street(4, "crop=iw/2:ih/2:'(iw-ow)*min(t/3,1)':ih/4"),
    made('smptehdbars=size=640x360:rate=25', 'noise=alls=20:allf=t'),
    street(3, 'negate'),
    made('life=size=640x360:rate=25:mold=10:ratio=0.1:seed=7:death_color=0x203040:life_color=white'),
    street(5, 'eq=brightness=0.2:contrast=0.7,noise=alls=12:allf=t'),
    made('cellauto=size=640x360:rate=25:rule=110:random_seed=5', 'boxblur=6'),
    street(0.5, "hflip,eq=brightness='if(between(n,12,13),0.9,0)':eval=frame"),
    made('sierpinski=size=640x360:rate=25:seed=2', 'hue=h=120'),
  ];
  const lengths = Array.from({ length: 40 }, (_unused, index) => 25 + ((index * 37) % 51));
  const cuts = lengths.slice(0, -1).map((_unused, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length, 0));
  if (existsSync(path)) return { path, cuts };
  mkdirSync(join(tmpdir(), 'argus-test-clips'), { recursive: true });
  const scenes = lengths.map((length, index) => ({ length, kind: kinds[index % kinds.length] as [string[], string] }));
  const chains = scenes.map(({ length, kind: [, look] }, index) => `[${index}:v]${look},${fit},trim=end_frame=${length},setpts=PTS-STARTPTS[s${index}]`);
  const join40 = `${scenes.map((_unused, index) => `[s${index}]`).join('')}concat=n=${scenes.length}:v=1:a=0[film]`;
  const unfinished = `${path}.${process.pid}.mp4`;
  const said = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...scenes.flatMap(({ kind: [input] }) => input), '-filter_complex', [...chains, join40].join(';'), '-map', '[film]', ...X264, '-bf', '3', '-g', '250', '-crf', '26', unfinished], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`ffmpeg could not make ${path}: ${said.error?.message ?? said.stderr}`);
  renameSync(unfinished, path);
  return { path, cuts };
}
