import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timedRun, type TimedRun } from './timed-run.ts';

const ENTRY = fileURLToPath(new URL('../../../apps/worker/dist/extract.js', import.meta.url));
/** One video gets all cores; ffmpeg as many. */
export const THREADS = availableParallelism();

/** The command as people run it, start and writing included, on one video. */
export async function argusExtract(clip: string, ...choice: string[]): Promise<TimedRun> {
  const out = await mkdtemp(join(tmpdir(), 'argus-bench-extract-'));
  try {
    return await timedRun(process.execPath, [ENTRY, clip, ...choice, '--jobs', '1', '--out', join(out, 'pictures')]);
  } finally {
    await rm(out, { recursive: true });
  }
}

/** ffmpeg decodes every picture and does nothing with it. */
export const rawDecode = (clip: string): Promise<TimedRun> => timedRun('ffmpeg', ['-nostdin', '-v', 'error', '-threads', String(THREADS), '-i', clip, '-map', '0:v', '-f', 'null', '-']);

/** ffmpeg decodes key frames and does nothing with them: what no reader of key frames can be quicker than. */
export const rawKeyframes = (clip: string): Promise<TimedRun> => timedRun('ffmpeg', ['-nostdin', '-v', 'error', '-skip_frame', 'nokey', '-threads', String(THREADS), '-i', clip, '-map', '0:v', '-f', 'null', '-']);

/** Rounds of all sides in turn, in an order that changes, so that a busy minute hits all. */
export async function interleaved<Side extends string>(sides: Readonly<Record<Side, () => Promise<TimedRun>>>, rounds: number, title: string): Promise<Record<Side, TimedRun[]>> {
  const names = Object.keys(sides) as Side[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as TimedRun[]])) as Record<Side, TimedRun[]>;
  // The first of each warms caches and is not counted.
  for (const name of names) await sides[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) runs[name].push(await sides[name]());
    process.stderr.write(`${title}: round ${round + 1} of ${rounds}\n`);
  }
  return runs;
}
