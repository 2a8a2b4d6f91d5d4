import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipSoundCodec } from './sound-clip.js';

/** A picture of a clip with `flashes` is white, and a tone is heard, for the first part of each such time. */
export const FLASH_EVERY_SECONDS = 2;
export const FLASH_SECONDS = 0.2;

const FORMATS: Readonly<Record<ClipSoundCodec, readonly string[]>> = {
  aac: ['-ar', '16000', '-c:a', 'aac', '-b:a', '32k', '-f', 'adts'],
  alaw: ['-ar', '8000', '-c:a', 'pcm_alaw', '-f', 'alaw'],
  mulaw: ['-ar', '8000', '-c:a', 'pcm_mulaw', '-f', 'mulaw'],
};

/** The sound of a clip with `flashes`: a tone of 1 kHz with each of them, and silence. In the temporary directory, made once. Throws when it cannot be made. */
export function makeSound(codec: ClipSoundCodec, seconds: number): string {
  const folder = join(tmpdir(), 'argus-test-clips');
  const path = join(folder, `beeps-${seconds}s.${codec}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `${process.pid}-beeps-${seconds}s.${codec}`);
  const tone = `aevalsrc='if(lt(mod(t,${FLASH_EVERY_SECONDS}),${FLASH_SECONDS}),0.5*sin(2*PI*1000*t),0)':s=16000`;
  const made = spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', tone, '-t', String(seconds), ...FORMATS[codec], unfinished], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ffmpeg could not make ${path}: ${made.error?.message ?? made.stderr}`);
  renameSync(unfinished, path);
  return path;
}

/** Seconds at which flashes begin in a film, and at which tones do. Throws what ffmpeg says of a file that does not decode cleanly. */
export function readFlashes(path: string): { readonly flashes: number[]; readonly tones: number[] } {
  const pictures = run(['-i', path, '-map', '0:v', '-vf', 'format=gray,scale=1:1:flags=area,showinfo', '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1']);
  const times = [...pictures.words.matchAll(/ n: *\d+ pts: *\S+ pts_time:(\S+)/g)].map(([, time]) => Number(time));
  const sound = run(['-i', path, '-map', '0:a', '-ac', '1', '-ar', '16000', '-af', 'aresample=async=1:first_pts=0', '-f', 'f32le', 'pipe:1']);
  const samples = new Float32Array(sound.bytes.buffer, sound.bytes.byteOffset, sound.bytes.length >> 2);
  const loud = Array.from({ length: Math.floor(samples.length / 80) }, (_unused, index) => samples.subarray(index * 80, (index + 1) * 80).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) > 0.15);
  return { flashes: onsets([...pictures.bytes].map((level) => level > 200)).map((index) => times[index] ?? NaN), tones: onsets(loud).map((index) => index / 200) };
}

const onsets = (states: readonly boolean[]): number[] => states.flatMap((state, index) => (state && states[index - 1] !== true ? [index] : []));

function run(args: readonly string[]): { readonly bytes: Buffer; readonly words: string } {
  const ran = spawnSync('ffmpeg', ['-hide_banner', '-nostats', ...args], { maxBuffer: 256 * 1024 * 1024 });
  if (ran.status !== 0) throw new Error(`ffmpeg could not read it: ${ran.error?.message ?? ran.stderr.toString()}`);
  return { bytes: ran.stdout, words: ran.stderr.toString() };
}
