import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { TuneReport } from '@argus/contracts';
import { messageOf, systemClock } from '@argus/kernel';
import { probeDevices } from '@argus/models';
import { SettingsError } from './errors.js';
import { machineLoad } from './tune/machine-load.js';
import { readTuneOptions, USAGE } from './tune/options.js';
import { loadText, reportText, stepText } from './tune/tune-text.js';
import { tuneMachine } from './tune/tune-machine.js';

/** `argus tune`: progress on the standard error, the result on the standard output. Exit codes as its usage says. */
const LOAD_SPAN_MS = 1000;
/** A terminal's Ctrl+C comes twice: to us, and through who started us. */
const SAME_SIGNAL_MS = 1000;

async function main(): Promise<number> {
  const cores = availableParallelism();
  const options = readTuneOptions(process.argv.slice(2), process.env, cores);
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  const report = await tuneMachine(options, {
    cores,
    probe: probeDevices,
    load: () => machineLoad(LOAD_SPAN_MS),
    clock: systemClock,
    signal: stopSignal(),
    onLoad: (busy) => say(loadText(busy)),
    onJob: ({ manifest, device }, number, of) => say(`${manifest.id} ${manifest.version} on ${device.id} (${device.name}), ${number} of ${of}`),
    onStep: (job, step, etaMs) => say(stepText(job, step, etaMs)),
  });
  if (options.out !== null) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  return statusOf(report);
}

function statusOf({ stopped, problems, results }: TuneReport): number {
  if (stopped) return 130;
  return problems.length > 0 || results.some(({ verdict }) => verdict === 'target-missed') ? 1 : 0;
}

function say(text: string | null): void {
  if (text !== null) process.stderr.write(`${text}\n`);
}

/** The first Ctrl+C ends the search with what is known, a later one ends everything: sessions go when this process is gone. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let firstMs = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) {
        firstMs = performance.now();
        stop.abort();
      } else if (performance.now() - firstMs > SAME_SIGNAL_MS) process.exit(130);
    });
  }
  return stop.signal;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`argus tune: ${messageOf(error)}\n${error instanceof SettingsError ? 'argus help tune says more.\n' : ''}`);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
