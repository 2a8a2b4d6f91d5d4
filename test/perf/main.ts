import { setPriority } from 'node:os';
import { efficiency } from './live/efficiency.ts';
import { gate } from './live/gate.ts';
import { latency } from './live/latency.ts';
import { many } from './live/many.ts';
import { peers } from './live/peers.ts';
import { saturation } from './live/saturation.ts';
import { describeMachine } from './measure/machine.ts';
import { renderReport, type Report } from './measure/report.ts';

export interface Request {
  /** Fewer rounds and cameras: minutes in the place of an hour, and figures that scatter more. */
  readonly quick: boolean;
  /** Numbers of cameras in the place of the benchmark's own; `--cameras 1,8`. */
  readonly only: readonly number[];
}

const BENCHMARKS: Readonly<Record<string, (request: Request) => Promise<Report>>> = { efficiency, latency, saturation, many, gate, peers };
const USAGE = `npm run bench -- live [${Object.keys(BENCHMARKS).join('|')}] [--quick] [--cameras 1,8] [--first]\n`;

/** Runs the benchmarks named, or all, one after the other. 0: all ran, whatever they found; 1: one could not; 2: wrong words. */
async function main(words: readonly string[]): Promise<number> {
  const cameras = words.indexOf('--cameras');
  const names = words.filter((word, index) => !word.startsWith('--') && index !== cameras + 1 * Number(cameras >= 0));
  const [subject, ...wanted] = names;
  const only = cameras < 0 ? [] : (words[cameras + 1] ?? '').split(',').map(Number);
  if (subject !== 'live' || wanted.some((name) => !(name in BENCHMARKS)) || only.some((count) => !(count > 0))) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (words.includes('--first')) goFirst();
  const machine = describeMachine();
  let failed = 0;
  for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
    try {
      process.stdout.write(renderReport(await (BENCHMARKS[name] as (request: Request) => Promise<Report>)({ quick: words.includes('--quick'), only }), machine));
    } catch (error) {
      failed += 1;
      process.stderr.write(`${name} could not run: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
}

/** On a machine that others use at the same time: what is measured gets the processor before their work. Root only. */
function goFirst(): void {
  try {
    setPriority(0, -20);
  } catch (error) {
    process.stderr.write(`--first has no effect, it takes root: ${String(error)}\n`);
  }
}

process.exit(await main(process.argv.slice(2)));
