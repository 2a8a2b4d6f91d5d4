import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '@argus/kernel';
import { SettingsError } from '../errors.js';

export interface TuneOptions {
  /** Empty: those that Argus ships. */
  readonly models: readonly string[];
  /** Empty: those on which the engine would place the model by itself; `all`: every one that works. */
  readonly devices: readonly string[];
  readonly targetMs: number;
  readonly minutes: number;
  readonly json: boolean;
  /** null: no file. */
  readonly out: string | null;
  readonly modelDirs: readonly string[];
  /** Sessions that the engine gives a detector on the processor. */
  readonly detectorReplicas: number;
}

export const USAGE = `usage: argus tune [options]

Measures real sessions with pictures that come on their own, and searches for each model and device the sessions, threads, batch
and wait that take the most pictures a second while the 95th percentile of queue and run stays under the target.

  --model ID      a model; may be repeated. Default: those of the pipelines when Argus runs, else those that Argus ships
  --device ID     cpu, cuda:0, …, or all; may be repeated. Default: where the engine would place the model by itself
  --p95 MS        the target, default 150
  --minutes N     time for everything, default 5; what is known then is the answer
  --out FILE      the result as JSON
  --json          the result as JSON on the standard output instead of a table

Model packages are looked for in ARGUS_MODELS_DIRS. Exit codes: 0 done, 1 failed or the target is out of reach, 2 wrong usage, 130 stopped by hand.
`;

/** null: help was asked for. Throws SettingsError that says what was expected. */
export function readTuneOptions(args: readonly string[], environment: NodeJS.ProcessEnv, cores: number): TuneOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const workers = environment['ARGUS_MODEL_WORKERS'];
  return {
    models: values.model ?? [],
    devices: values.device ?? [],
    targetMs: within('--p95', values.p95 ?? '150', 1, 60_000),
    minutes: within('--minutes', values.minutes ?? '5', 0.1, 240),
    json: values.json ?? false,
    out: values.out ?? null,
    modelDirs: (environment['ARGUS_MODELS_DIRS'] ?? '').split(delimiter).filter((path) => path !== ''),
    detectorReplicas: workers === undefined ? Math.min(16, Math.max(1, cores)) : within('ARGUS_MODEL_WORKERS', workers, 1, 64),
  };
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const list = { type: 'string', multiple: true } as const;
    return parseArgs({ args: [...args], options: { model: list, device: list, p95: text, minutes: text, out: text, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new SettingsError(messageOf(error), {}, { cause: error });
  }
}

function within(option: string, text: string, min: number, max: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= min && value <= max)) throw new SettingsError(`${option}: expected a number from ${min} to ${max}, got "${text}"`);
  return value;
}
