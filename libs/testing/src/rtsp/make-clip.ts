import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLASH_EVERY_SECONDS, FLASH_SECONDS } from './make-sound.js';
import type { ClipCodec } from './mp4-clip.js';
import { DEMO_CLIP } from './start-rtsp-cameras.js';

export interface ClipOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  /** Seconds between key frames. */
  readonly keySeconds?: number;
  readonly codec?: ClipCodec;
  /** Each picture shows its number, from 0: `readNumbers` reads it again. */
  readonly numbered?: boolean;
  /** The picture is white for a moment every two seconds, as `makeSound` is loud. */
  readonly flashes?: boolean;
}

/** Fields in the top row of a numbered picture: one bit each, the lowest first, white for 1. Fields survive any encoder. */
export const NUMBER_BITS = 10;

const ENCODERS: Readonly<Record<ClipCodec, readonly string[]>> = {
  h264: ['libx264', '-bf', '0', '-sc_threshold', '0'],
  h265: ['libx265', '-x265-params', 'bframes=0:scenecut=0:open-gop=0:log-level=none', '-tag:v', 'hvc1'],
};

/** Why clips cannot be made here, with the remedy; null when they can. */
export function whyNoClips(): string | null {
  const found = spawnSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' });
  const missing = found.status === 0 ? Object.values(ENCODERS).map(([name]) => name as string).filter((name) => !found.stdout.includes(name)) : ['ffmpeg'];
  return missing.length === 0 ? null : `${missing.join(' and ')} is not there; install it with: apt-get install ffmpeg`;
}

/** The demo clip in another size, rate or codec, without B-frames: an MP4 in the temporary directory, made once. Throws when it cannot be made. */
export function makeClip(options: ClipOptions): string {
  const { width, height, fps, seconds, keySeconds = 2, codec = 'h264', numbered = false, flashes = false } = options;
  const folder = join(tmpdir(), 'argus-test-clips');
  const path = join(folder, `${codec}-${width}x${height}-${fps}fps-${seconds}s-key${keySeconds}${numbered ? '-numbered' : ''}${flashes ? '-flashes' : ''}.mp4`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // Aside and renamed: another test may look for it at the same time.
  const unfinished = `${path}.${process.pid}.mp4`;
  const [encoder, ...extra] = ENCODERS[codec];
  const key = String(Math.round(keySeconds * fps));
  const made = spawnSync('ffmpeg', [
    '-v', 'error', '-y', '-stream_loop', '-1', '-i', DEMO_CLIP, '-t', String(seconds), '-an', '-vf', [`fps=${fps},scale=${width}:${height}`, ...(numbered ? numberFields(width, height) : []), ...(flashes ? [FLASH] : [])].join(','),
    '-c:v', encoder as string, ...extra, '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', key, '-keyint_min', key, unfinished,
  ], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ffmpeg could not make ${path}: ${made.error?.message ?? made.stderr}`);
  renameSync(unfinished, path);
  return path;
}

const FLASH = `drawbox=color=white:t=fill:enable='lt(mod(t,${FLASH_EVERY_SECONDS}),${FLASH_SECONDS})'`;

export function numberFields(width: number, height: number): string[] {
  const [field, row] = [Math.floor(width / NUMBER_BITS), Math.floor(height / 4)];
  const bits = Array.from({ length: NUMBER_BITS }, (_unused, bit) => `drawbox=x=${bit * field}:y=0:w=${field}:h=${row}:color=white:t=fill:enable='mod(floor(n/${2 ** bit}),2)'`);
  return [`drawbox=x=0:y=0:w=iw:h=${row}:color=black:t=fill`, ...bits];
}

/** The numbers in the pictures of a numbered clip, or of what was made of one, in the order in which they are shown. Throws what ffmpeg says of a file that does not decode cleanly. */
export function readNumbers(path: string, { width, height }: Pick<ClipOptions, 'width' | 'height'>): number[] {
  const [field, row] = [Math.floor(width / NUMBER_BITS), Math.floor(height / 4)];
  const look = `crop=${field * NUMBER_BITS}:${Math.floor(row / 2)}:0:${Math.floor(row / 4)},format=gray,scale=${NUMBER_BITS}:1:flags=area`;
  // In the film's own steps of time: in those of its frame rate two pictures that are closer, at the end of a connection, would be at the same moment, and complained of.
  const read = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', look, '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 64 * 1024 * 1024 });
  const said = read.stderr.toString().trim();
  if (read.status !== 0 || said !== '') throw new Error(`${path} does not decode cleanly: ${read.error?.message ?? said}`);
  return Array.from({ length: read.stdout.length / NUMBER_BITS }, (_unused, picture) => numberIn(read.stdout.subarray(picture * NUMBER_BITS, (picture + 1) * NUMBER_BITS)));
}

const numberIn = (fields: Buffer): number => fields.reduce((number, level, bit) => number + (level > 127 ? 2 ** bit : 0), 0);
