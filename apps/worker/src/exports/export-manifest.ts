import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFile, ExportGap, ExportOptions } from '@argus/contracts';
import { isoTime } from '@argus/kernel';
import { VERSION } from '../version.js';
import type { ClaimedExport } from './export-store.js';

/** Shorter than this is no gap: clocks tremble from one file to the next. */
const GAP_MS = 500;

/** Writes `manifest.json` and `manifest.sha256`; answers the digest. Same files and same case give the same bytes. */
export async function writeManifest(folder: string, job: ClaimedExport, files: readonly ExportFile[], notes: readonly string[]): Promise<string> {
  const bytes = `${JSON.stringify(manifestOf(job, files, notes), null, 2)}\n`;
  const digest = createHash('sha256').update(bytes).digest('hex');
  for (const [name, text] of [['manifest.json', bytes], ['manifest.sha256', `${digest}  manifest.json\n`]] as const) {
    await writeFile(join(folder, `${name}.part`), text, { mode: 0o600 });
    await rename(join(folder, `${name}.part`), join(folder, name));
  }
  return digest;
}

function manifestOf(job: ClaimedExport, files: readonly ExportFile[], notes: readonly string[]) {
  const names = new Map(job.ranges.map(({ cameraId, cameraName }) => [cameraId, cameraName]));
  const own = (range: number) => files.filter((file) => file.range === range);
  return {
    format: 'argus-export',
    formatVersion: 1,
    tool: { name: 'Argus', version: VERSION },
    case: { id: job.id, title: job.title, note: job.note, createdBy: job.createdBy, createdAt: job.createdAt.toISOString() },
    // What was done: boxes, blur and masks cut exactly, whatever was asked for.
    options: { ...job.options, trim: trimOf(job, files), original: job.options.original === true, masked: files.some(({ masked }) => masked) },
    asked: { trim: job.options.trim },
    notes,
    cameras: [...names].map(([id, name]) => ({ id, name })),
    ranges: job.ranges.map(({ cameraId, from, to }, index) => ({ cameraId, from: isoTime(Date.parse(from)), to: isoTime(Date.parse(to)), files: own(index).map(({ name }) => name), gaps: gapsBetween(own(index), Date.parse(from), Date.parse(to)) })),
    files: files.map(({ name, bytes, sha256, cameraId, startAt, endAt, gaps, encoded, masked }) => ({ name, bytes, sha256, cameraId, startAt, endAt, gaps, trim: trimOfFile(job, { encoded }), encoded, masked: masked === true })),
  };
}

/** Where it begins and ends: only what was copied as it was recorded does so with key frames. */
const trimOfFile = ({ options }: Pick<ClaimedExport, 'options'>, { encoded }: Pick<ExportFile, 'encoded'>): ExportOptions['trim'] => (encoded === 'none' ? options.trim : 'exact');

/** Of all files together; `mixed`: each says it of itself. */
export function trimOf(job: Pick<ClaimedExport, 'options'>, files: readonly Pick<ExportFile, 'encoded'>[]): ExportOptions['trim'] | 'mixed' {
  const [first, ...others] = new Set(files.map((file) => trimOfFile(job, file)));
  return others.length > 0 ? 'mixed' : (first ?? job.options.trim);
}

/** Wall time of [fromMs, toMs) that no file shows. */
export function gapsBetween(files: readonly Pick<ExportFile, 'startAt' | 'endAt' | 'gaps'>[], fromMs: number, toMs: number): ExportGap[] {
  const gaps: ExportGap[] = [];
  let shownUntil = fromMs;
  const gapUntil = (ms: number) => {
    if (Math.min(ms, toMs) - shownUntil > GAP_MS) gaps.push({ startAt: isoTime(shownUntil), endAt: isoTime(Math.min(ms, toMs)) });
  };
  for (const file of files) {
    gapUntil(Date.parse(file.startAt));
    gaps.push(...file.gaps);
    shownUntil = Math.max(shownUntil, Date.parse(file.endAt));
  }
  gapUntil(Infinity);
  return gaps;
}
