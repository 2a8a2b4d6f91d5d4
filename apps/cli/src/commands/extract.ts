import { entryOf } from '../checkout.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { runEntry } from '../run-entry.js';

const usage = `argus extract PATH… --every N|--seconds T|--keyframes --out DIR [--fit WxH] [--quality Q] [--group folder|prefix] [--jobs N] [--json]

Pictures of video files as JPEGs, for data sets; no server is needed. Goes on where it was interrupted. argus extract --help says more.`;

/** Decoders live in processes of the worker: it reads the options itself, so that they are described once. */
export const extract: Command = {
  name: 'extract',
  summary: 'take pictures out of video files, for data sets',
  usage,
  async run(args, terminal) {
    if (args.length === 0) throw new UsageError('expected a video, or a folder with videos');
    return runEntry(entryOf('worker', 'extract'), args, { env: terminal.env, cwd: terminal.cwd });
  },
};
