import { messageOf, ArgusError } from '@argus/kernel';
import { SettingsError } from './errors.js';
import { readOptions, USAGE } from './extract/options.js';
import { ProgressReport } from './extract/progress-report.js';
import { runExtract } from './extract/run-extract.js';

const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** `argus extract`: pictures of video files, without a server. Native code is in the processes that this one starts. */
async function main(): Promise<number> {
  const command = readOptions(process.argv.slice(2), process.cwd());
  if (command === null) {
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort(new Error('interrupted')));
  // A reader that went away (`| head`) does not end the work.
  process.stdout.on('error', () => undefined);
  const report = new ProgressReport({ out: process.stdout, err: process.stderr }, command.json);
  const { videos, failed, interrupted } = await runExtract(command, abort.signal, (event) => report.tell(event));
  if (interrupted) return EXIT.interrupted;
  if (videos === 0) process.stderr.write(`argus extract: there are no videos in ${command.paths.join(', ')}\n`);
  return failed > 0 || videos === 0 ? EXIT.failed : EXIT.done;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof SettingsError;
  process.stderr.write(`argus extract: ${messageOf(error)}${error instanceof ArgusError && !isUsage ? ` (${error.code})` : ''}\n${isUsage ? 'argus extract --help says more.\n' : ''}`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.failed;
}
