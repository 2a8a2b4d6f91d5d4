import { delimiter, join } from 'node:path';
import { CHECKOUT, dataFolderOf, entryOf } from '../checkout.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { runEntry } from '../run-entry.js';

const usage = `argus analyze FILE [--pipeline FILE] [--detector ID] [--stage detect|track|classify] [--format jsonl|mot] [--every N] [--out F]

The live pipeline over a file: every N-th frame, in order, none dropped, the same bytes each time.

  --stage detect    raw detections from score 0.05, id -1
  --stage track     with tracks
  --stage classify  with tracks and second-stage attributes (default)
  --format jsonl    one line a frame, frame 0-based, boxes in source pixels (default)
  --format mot      frame,id,x,y,w,h,score,-1,-1,-1, frame 1-based
  --out F           write there instead of the standard output`;

/** The stages live in the inference app: it reads the options itself, so that they are described once. */
export const analyze: Command = {
  name: 'analyze',
  summary: 'run the pipeline over a file, offline and deterministic',
  usage,
  async run(args, terminal) {
    if (args.length === 0) throw new UsageError('expected a file to analyze');
    const models = terminal.env['ARGUS_MODELS_DIRS'] ?? [join(CHECKOUT, 'libs/models/packages'), join(dataFolderOf(undefined, terminal.env, terminal.cwd), 'models')].join(delimiter);
    return runEntry(entryOf('inference', 'analyze'), args, { env: { ...terminal.env, ARGUS_MODELS_DIRS: models }, cwd: terminal.cwd });
  },
};
