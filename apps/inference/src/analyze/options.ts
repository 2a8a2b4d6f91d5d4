import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '@argus/kernel';
import { SettingsError } from '../errors.js';

export const STAGES = ['detect', 'track', 'classify'] as const;
export const FORMATS = ['jsonl', 'mot'] as const;
export type Stage = (typeof STAGES)[number];
export type Format = (typeof FORMATS)[number];

export interface AnalyzeOptions {
  readonly file: string;
  readonly pipelineFile: string | null;
  readonly detector: string | null;
  readonly stage: Stage;
  readonly format: Format;
  readonly every: number;
  /** null: standard output. */
  readonly out: string | null;
  /** null: every label of the detector. */
  readonly labels: readonly string[] | null;
  readonly modelDirs: readonly string[];
}

export const USAGE = `usage: argus analyze FILE [options]

Runs the pipeline over a clip, offline and deterministic: every N-th frame, in order, none dropped.

  --pipeline FILE   JSON with the fields of a pipeline (detector, minScore, routes, tiling); default: the shipped one
  --detector ID     detector package, default nanodet-g-416
  --stage STAGE     detect (raw detections from score 0.05, id -1), track, or classify (default)
  --format FORMAT   jsonl (default; one line a frame, frame 0-based) or mot (frame,id,x,y,w,h,score,-1,-1,-1; frame 1-based)
  --every N         every N-th frame, default 1
  --labels A,B      only these labels; default: all for jsonl, person for mot
  --out FILE        default: standard output

Model packages are looked for in ARGUS_MODELS_DIRS. Exit codes: 0 done, 1 failed, 2 wrong usage.
`;

/** null: help was asked for. Throws SettingsError that says what was expected. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): AnalyzeOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new SettingsError(`expected one FILE, got ${positionals.length}`);
  const format = oneOf('--format', values.format ?? 'jsonl', FORMATS);
  const labels = values.labels?.split(',').map((label) => label.trim()).filter((label) => label !== '') ?? (format === 'mot' ? ['person'] : null);
  return {
    file,
    pipelineFile: values.pipeline ?? null,
    detector: values.detector ?? null,
    stage: oneOf('--stage', values.stage ?? 'classify', STAGES),
    format,
    every: positive('--every', values.every ?? '1'),
    out: values.out ?? null,
    labels,
    modelDirs: (environment['ARGUS_MODELS_DIRS'] ?? '').split(delimiter).filter((path) => path !== ''),
  };
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { pipeline: text, detector: text, stage: text, format: text, every: text, labels: text, out: text, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new SettingsError(messageOf(error), {}, { cause: error });
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new SettingsError(`${option}: expected ${allowed.join(', ')}, got "${value}"`);
  return found;
}

function positive(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new SettingsError(`${option}: expected a whole number from 1 on, got "${value}"`);
  return Number(value);
}
