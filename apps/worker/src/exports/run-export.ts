import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFile } from '@argus/contracts';
import type { Clock } from '@argus/kernel';
import { ClaimLostError, ExportFailedError } from '../errors.js';
import { coverOf, maskNote } from './camera-masks.js';
import { writeManifest } from './export-manifest.js';
import type { ClaimedExport, ExportStore } from './export-store.js';
import type { FootageIndex } from './footage-index.js';
import { PaintSource } from './paint-source.js';
import { ProgressMeter } from './progress-meter.js';
import { writeRange } from './write-range.js';

export interface ExportWork {
  readonly store: ExportStore;
  readonly footage: FootageIndex;
  readonly exportsDir: string;
  readonly clock: Clock;
}

/** How often the row hears of progress and the claim is renewed; a cancelled job is noticed as soon. */
const REPORT_EVERY_MS = 500;
/** What exports leave free for everything else that writes there. As the gateway's. */
const RESERVE_BYTES = 1_000_000_000;

/** Does one job to its end, or goes on with one. Rejects with what stopped it; finished files stay. */
export async function runExport(job: ClaimedExport, { store, footage, exportsDir, clock }: ExportWork, stop: AbortSignal): Promise<void> {
  const folder = join(exportsDir, job.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  const state = { files: await keepWhole(job, folder, store), doneMs: 0, filmMs: 0, filmBytes: 0 };
  const totalMs = job.ranges.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  const meter = new ProgressMeter();
  const progress = () => meter.measure(clock.monotonicMs(), (state.doneMs + state.filmMs) / totalMs, state.files.reduce((sum, { bytes }) => sum + bytes, 0) + state.filmBytes);
  const reporter = startReporting(() => store.report(job, progress()), (error) => lost.abort(error));
  try {
    const zones = await footage.timeZones(job.ranges.map(({ cameraId }) => cameraId));
    for (const [index, range] of job.ranges.entries()) {
      const paint = new PaintSource((cameraId, fromMs, toMs) => footage.pictures(cameraId, fromMs, toMs), range.cameraId, job.options);
      const [beginMs, lastEnd] = [Date.parse(range.from), state.files.findLast((file) => file.range === index)?.endAt];
      const fromMs = Math.max(beginMs, lastEnd === undefined ? 0 : Date.parse(lastEnd));
      const masks = await footage.masks(range.cameraId, beginMs);
      await writeRange(
        {
          range, index, fromMs, folder, signal,
          options: job.options,
          cover: coverOf(range, job.options, masks),
          timeZone: zones.get(range.cameraId) ?? 'UTC',
          taken: new Set(state.files.map(({ name }) => name)),
          paintAt: (wallMs) => paint.at(wallMs),
          requireSpace: (bytes) => requireSpace(folder, bytes),
          onProgress: (doneMs, bytes) => Object.assign(state, { filmMs: Math.max(0, doneMs + fromMs - beginMs), filmBytes: bytes }),
          onFile: async (file) => {
            await store.addFile(job, file);
            Object.assign(state, { files: [...state.files, file], filmBytes: 0 });
          },
        },
        footage,
      );
      Object.assign(state, { doneMs: state.doneMs + Date.parse(range.to) - beginMs, filmMs: 0 });
    }
    if (state.files.length === 0) throw new ExportFailedError('there is no footage in any of the ranges any more');
    const digest = await writeManifest(folder, job, state.files, await notesOn(job, state.files, footage));
    await reporter.stop();
    signal.throwIfAborted();
    await store.finish(job, { share: 1, bytes: state.files.reduce((sum, { bytes }) => sum + bytes, 0), bytesPerSecond: null, secondsLeft: null }, digest);
  } finally {
    await reporter.stop();
    await removeParts(folder);
  }
}

/** What is to be said about masks, once for each range with files. */
async function notesOn(job: ClaimedExport, files: readonly ExportFile[], footage: FootageIndex): Promise<string[]> {
  const notes = new Set<string>();
  for (const [index, range] of job.ranges.entries()) {
    const own = files.filter((file) => file.range === index);
    const masks = await footage.masks(range.cameraId, Date.parse(range.from));
    for (const isMasked of new Set(own.map(({ masked }) => masked))) {
      const note = maskNote(range, masks, isMasked);
      if (note !== null) notes.add(note);
    }
  }
  return [...notes];
}

/** Files of the row that are there as the row says, up to the first of each range that is not; what else lies in the folder is removed. */
async function keepWhole(job: ClaimedExport, folder: string, store: ExportStore): Promise<readonly ExportFile[]> {
  const broken = new Set<number>();
  const kept: ExportFile[] = [];
  for (const file of job.files) {
    const size = await stat(join(folder, file.name)).then(({ size: bytes }) => bytes, () => null);
    if (size !== file.bytes) broken.add(file.range);
    if (!broken.has(file.range)) kept.push(file);
  }
  const names = new Set(kept.map(({ name }) => name));
  for (const name of await readdir(folder)) if (!names.has(name)) await rm(join(folder, name), { force: true });
  if (kept.length < job.files.length) await store.keepFiles(job, kept);
  return kept;
}

async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
}

/** @throws ExportFailedError */
async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const available = bavail * bsize - RESERVE_BYTES;
  if (available < bytes) throw new ExportFailedError(`not enough space: the next file takes about ${megabytes(bytes)} MB, and ${megabytes(Math.max(0, available))} MB may be written (1 GB of the disk is left free); remove exports or footage and go on with this one`);
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/** Calls again and again, one call at a time. A database that is away for a moment is borne; a lost claim ends it. */
function startReporting(report: () => Promise<void>, onFailure: (error: unknown) => void): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const next = () => {
    timer = setTimeout(() => {
      running = report().then(
        () => (stopped ? undefined : next()),
        (error: unknown) => (error instanceof ClaimLostError ? onFailure(error) : stopped ? undefined : next()),
      );
    }, REPORT_EVERY_MS);
  };
  next();
  return {
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

