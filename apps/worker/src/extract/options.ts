import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { VIDEO_GROUPINGS, type VideoGrouping } from '@argus/contracts';
import type { FrameChoice } from '@argus/media';
import { messageOf } from '@argus/kernel';
import { SettingsError } from '../errors.js';

/** What decides which pictures come out and how they look; a folder holds pictures of one such recipe. */
export interface ExtractRecipe {
  readonly choice: FrameChoice;
  /** null: as they are. */
  readonly fit: { readonly width: number; readonly height: number } | null;
  readonly quality: number;
}

export interface ExtractCommand {
  readonly paths: readonly string[];
  readonly recipe: ExtractRecipe;
  readonly grouping: VideoGrouping;
  readonly jobs: number;
  readonly hardware: boolean;
  readonly out: string;
  readonly json: boolean;
}

export const USAGE = `usage: argus extract PATH… --every N|--seconds T|--keyframes --out DIR [options]

Pictures of video files as JPEGs, for data sets: DIR/<group>/<video>/<frame>.jpg, and an index.jsonl for each video. PATH is a file, or a folder
that is searched for videos. Run it again to go on after anything that interrupted it: what is finished is not opened again.

  --every N         pictures 0, N, 2N … of each video
  --seconds T       the first picture of each T seconds
  --keyframes       key frames only: several times as quick, since nothing else is decoded
  --fit WxH         scale pictures down to fit, e.g. 1280x1280; never up
  --quality Q       of the JPEGs, 1 to 100, default 92
  --group folder    group by the folder that a video lies in (default)
  --group prefix    group by what is before the first _ or - in a video's name
  --jobs N          videos at the same time, each in a process of its own; default: one for each core
  --hardware        decode on a graphics device where there is one that can
  --out DIR         where pictures go; made where it is not there
  --json            one line of JSON on the standard output for everything that happens

Exit codes: 0 done, 1 some videos failed (the others are done), 2 wrong usage, 130 interrupted.
`;

/** null: help was asked for. Throws SettingsError that says what was expected. */
export function readOptions(args: readonly string[], cwd: string): ExtractCommand | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length === 0) throw new SettingsError('expected at least one PATH: a video, or a folder with videos');
  if (values.out === undefined || values.out === '') throw new SettingsError('expected --out DIR: where pictures are to go');
  return {
    paths: positionals.map((path) => resolve(cwd, path)),
    recipe: { choice: choiceOf(values), fit: values.fit === undefined ? null : sizeOf(values.fit), quality: whole('--quality', values.quality ?? '92', 1, 100) },
    grouping: groupingOf(values.group ?? 'folder'),
    jobs: whole('--jobs', values.jobs ?? String(availableParallelism()), 1, 256),
    hardware: values.hardware ?? false,
    out: resolve(cwd, values.out),
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { every: text, seconds: text, keyframes: flag, fit: text, quality: text, group: text, jobs: text, hardware: flag, out: text, json: flag, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new SettingsError(messageOf(error), {}, { cause: error });
  }
}

function choiceOf({ every, seconds, keyframes = false }: { every?: string | undefined; seconds?: string | undefined; keyframes?: boolean | undefined }): FrameChoice {
  if (every !== undefined && seconds === undefined && !keyframes) return { kind: 'frames', every: whole('--every', every, 1, 1_000_000_000) };
  if (every !== undefined || (seconds === undefined && !keyframes)) throw new SettingsError('expected one of --every N, --seconds T and --keyframes (which may stand with --seconds)');
  const step = seconds === undefined ? 0 : number('--seconds', seconds, 0.001, 1_000_000);
  return keyframes ? { kind: 'keyframes', every: step } : { kind: 'seconds', every: step };
}

function sizeOf(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!(width >= 16 && height >= 16)) throw new SettingsError(`--fit: expected WIDTHxHEIGHT in pixels from 16x16 on, e.g. 1280x720, got "${text}"`);
  return { width, height };
}

function groupingOf(text: string): VideoGrouping {
  const found = VIDEO_GROUPINGS.find((one) => one === text);
  if (found === undefined) throw new SettingsError(`--group: expected ${VIDEO_GROUPINGS.join(' or ')}, got "${text}"`);
  return found;
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw new SettingsError(`${option}: expected a whole number from ${least} to ${most}, got "${text}"`);
  return value;
}

function number(option: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most)) throw new SettingsError(`${option}: expected a number from ${least} to ${most}, got "${text}"`);
  return value;
}
