import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberFields } from './make-clip.js';

export interface NumberedVideoOptions {
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  /** Arguments for ffmpeg: coder and what it is to do. */
  readonly encode: readonly string[];
  /** Of the file, and so its container. */
  readonly extension: string;
  /** Filters before the numbers are drawn, e.g. `select=…`: times stay uneven, numbers do not. */
  readonly before?: string;
  /** Arguments for ffmpeg that make the final file by stream copy, e.g. a rotation. */
  readonly remux?: readonly string[];
}

/** A moving test picture at 25 a second whose pictures show their numbers (`readNumbers`), in any codec and container; made once. Throws what ffmpeg says. */
export function makeNumberedVideo(options: NumberedVideoOptions): string {
  const { width, height, pictures, encode, extension, before, remux } = options;
  const folder = join(tmpdir(), 'argus-test-clips');
  const path = join(folder, `numbered-${createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 16)}.${extension}`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}.${extension}`;
  // Without this odd sizes are cut to even ones.
  const filters = ['format=yuv444p', ...(before === undefined ? [] : [before]), ...numberFields(width, height)].join(',');
  const input = ['-f', 'lavfi', '-i', `testsrc=size=${width}x${height}:rate=25`, '-vf', filters, '-fps_mode', 'passthrough', '-frames:v', String(pictures)];
  run([...input, ...encode, unfinished], path);
  if (remux !== undefined) {
    const again = `${path}.${process.pid}.again.${extension}`;
    run(['-i', unfinished, '-c', 'copy', ...remux, again], path);
    renameSync(again, unfinished);
  }
  renameSync(unfinished, path);
  return path;
}

function run(args: readonly string[], path: string): void {
  const made = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`ffmpeg could not make ${path}: ${made.error?.message ?? made.stderr}`);
}
