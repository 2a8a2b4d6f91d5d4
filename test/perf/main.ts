import { copyFootage } from './data/copy-footage.ts';
import { diversity } from './data/diversity.ts';
import { extractEvery } from './data/extract-every.ts';
import { extractKeyframes } from './data/extract-keyframes.ts';
import { followBoxes } from './data/follow-boxes.ts';
import { scale } from './data/scale.ts';
import { search } from './data/search.ts';
import { efficiency } from './live/efficiency.ts';
import { gate } from './live/gate.ts';
import { gpu } from './live/gpu.ts';
import { latency } from './live/latency.ts';
import { many } from './live/many.ts';
import { peers } from './live/peers.ts';
import { saturation } from './live/saturation.ts';
import { footageIndex } from './record/footage-index.ts';
import { recordingCost } from './record/recording-cost.ts';
import { describeMachine } from './measure/machine.ts';
import { renderReport, type Report } from './measure/report.ts';

export interface Request {
  /** Fewer rounds and cameras: minutes in the place of an hour, and figures that scatter more. */
  readonly quick: boolean;
  /** Numbers of cameras in the place of the benchmark's own; `--cameras 1,8`. */
  readonly only: readonly number[];
}

type Benchmarks = Readonly<Record<string, (request: Request) => Promise<Report>>>;
const SUBJECTS: Readonly<Record<string, Benchmarks>> = { live: { efficiency, latency, saturation, many, gate, peers, gpu }, record: { cost: recordingCost, footage: footageIndex }, data: { copy: copyFootage, extract: extractEvery, keyframes: extractKeyframes, scale, diversity, search, follow: followBoxes } };
const USAGE = Object.entries(SUBJECTS).map(([subject, benchmarks]) => `npm run bench -- ${subject} [${Object.keys(benchmarks).join('|')}] [--quick] [--cameras 1,8]\n`).join('');

/** Runs the benchmarks named, or all, one after the other. 0: all ran, whatever they found; 1: one could not; 2: wrong words. */
async function main(words: readonly string[]): Promise<number> {
  const cameras = words.indexOf('--cameras');
  const names = words.filter((word, index) => !word.startsWith('--') && index !== cameras + 1 * Number(cameras >= 0));
  const [subject, ...wanted] = names;
  const only = cameras < 0 ? [] : (words[cameras + 1] ?? '').split(',').map(Number);
  const benchmarks = SUBJECTS[subject ?? ''] ?? {};
  if (Object.keys(benchmarks).length === 0 || wanted.some((name) => !(name in benchmarks)) || only.some((count) => !(count > 0))) {
    process.stderr.write(USAGE);
    return 2;
  }
  const machine = await describeMachine();
  let failed = 0;
  for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
    try {
      process.stdout.write(renderReport(await (benchmarks[name] as (request: Request) => Promise<Report>)({ quick: words.includes('--quick'), only }), machine));
    } catch (error) {
      failed += 1;
      process.stderr.write(`${name} could not run: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
