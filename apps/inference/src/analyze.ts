import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { messageOf } from '@argus/kernel';
import { analyzeClip } from './analyze/analyze-clip.js';
import { readOptions, USAGE, type AnalyzeOptions } from './analyze/options.js';
import { formatFrame } from './analyze/output.js';
import { Progress } from './analyze/progress.js';
import { SettingsError } from './errors.js';

/** `argus analyze`: the pipeline over one clip. Exit codes: 0 done, 1 failed, 2 wrong usage. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  const analyzed = await analyzeClip(options);
  const output = options.out === null ? process.stdout : createWriteStream(options.out);
  // Without a listener a full disk or a closed pipe would end the process without a word.
  const broken = new Promise<never>((_resolve, reject) => output.on('error', reject));
  await Promise.race([write(analyzed, options, output), broken]);
  return 0;
}

async function write({ clip, results }: Awaited<ReturnType<typeof analyzeClip>>, options: AnalyzeOptions, output: Writable): Promise<void> {
  const progress = new Progress(process.stderr, clip.seconds);
  for await (const result of results()) {
    if (!output.write(formatFrame(options.format, result))) await once(output, 'drain');
    progress.at(result.frame, result.ptsUs);
  }
  progress.done();
  if (options.out === null) return;
  output.end();
  await finished(output);
}

// A closed pipe (`| head`) is the reader's wish, not a failure.
const isClosedPipe = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE';

try {
  process.exitCode = await main();
} catch (error) {
  if (!isClosedPipe(error)) process.stderr.write(`argus analyze: ${messageOf(error)}\n${error instanceof SettingsError ? 'argus analyze --help says more.\n' : ''}`);
  process.exitCode = error instanceof SettingsError ? 2 : isClosedPipe(error) ? 0 : 1;
}
