import { RemoteStoreError, type S3Store } from '@argus/storage';
import type { Logger } from '@argus/kernel';
import { isFootagePath, type FootageAdopter, type StrayKind } from './footage-adopter.js';
import { findDrift, SETTLED_MS, type Counts, type Drift, type DriftOptions } from './footage-drift.js';

/** No upload of a file takes so long. */
const FORGOTTEN_MS = 86_400_000;

export interface ReconcileOptions extends Omit<DriftOptions, 'sizes'> {
  readonly adopter: FootageAdopter;
  /** Somebody asked for it: also a database that knows nothing takes footage into its index. */
  readonly isAsked: boolean;
  readonly log: Logger;
}

export interface Reconciled {
  readonly found: Readonly<Record<Drift['kind'], number>>;
  /** Files without a row, and what became of them: `whole` were adopted. */
  readonly strays: Readonly<Record<StrayKind, number>>;
  /** Files of the second tier that have a row again. */
  readonly adoptedFar: number;
  /** Copies of what was moved that are gone from the disk. */
  readonly copiesRemoved: number;
}

/**
 * Compares files and rows of both tiers, and mends what is safe to mend. Rows without a file are removed, as are copies that a move left on the disk; whole footage without
 * a row gets one. What is unfinished, damaged or no footage at all is counted and told, and stays as it is: what nobody knows may still be wanted.
 */
export async function reconcileFootage(options: ReconcileOptions): Promise<Reconciled> {
  const { rows, folder, remote, adopter, nowMs } = options;
  const found: Record<Drift['kind'], number> = { 'row-without-file': 0, 'other-size': 0, 'moved-unmarked': 0, 'file-without-row': 0, 'object-without-row': 0, 'left-behind': 0, 'empty-folder': 0 };
  const strays: Record<StrayKind, number> = { whole: 0, open: 0, damaged: 0, foreign: 0 };
  let [copiesRemoved, adoptedFar] = [0, 0];
  // Footage of cameras that it does not know would be removed by their age: the right database may still be brought back.
  const isStrange = !options.isAsked && (await rows.isNew());
  const mend = async (drift: Drift): Promise<void> => {
    found[drift.kind] += 1;
    if (drift.kind === 'row-without-file') await rows.remove([drift.row.id]);
    if (drift.kind === 'moved-unmarked') await rows.moved(drift.row.id);
    if (drift.kind === 'empty-folder') await folder.removeEmpty(drift.path, nowMs - SETTLED_MS);
    if (drift.kind === 'file-without-row') strays[isStrange ? await adopter.look(drift.path, nowMs) : await adopter.adopt(drift.path, nowMs)] += 1;
    if (drift.kind === 'object-without-row' && options.isAsked && remote && (await adopter.adoptFar(drift.path, remote, nowMs))) adoptedFar += 1;
    if (drift.kind === 'left-behind' && (await remote?.has(drift.path).catch(unlessAway)) && (await folder.remove(drift.path))) copiesRemoved += 1;
  };
  const counts = await findDrift({ ...options, sizes: false }, mend);
  if (!options.signal.aborted) {
    if (remote && counts.remoteProblem === null) await clearUploads(remote, options);
    await tellFound(options, counts, { ...found, 'object-without-row': found['object-without-row'] - adoptedFar });
    tellStrays(options, strays, isStrange);
  }
  return { found, strays, copiesRemoved, adoptedFar };
}

async function tellFound({ rows, folder, log }: ReconcileOptions, { files, remoteProblem }: Counts, found: Reconciled['found']): Promise<void> {
  if (files === 0 && (await rows.hasAny('local'))) log.error('there is footage in the database and no file in the recordings folder: is its disk there?', { folder: folder.root });
  if (remoteProblem !== null) log.error('the second tier could not be compared with the database', { problem: remoteProblem });
  if (found['row-without-file'] > 0) log.warn('rows of footage without a file were removed', { rows: found['row-without-file'] });
  if (found['moved-unmarked'] > 0) log.warn('footage that is only in the second tier was marked so', { rows: found['moved-unmarked'] });
  if (found['object-without-row'] > 0) log.warn('files in the second tier are in no row and are used by nothing', { files: found['object-without-row'] });
  if (found['other-size'] > 0) log.error('files in the second tier have another size than their rows say', { files: found['other-size'] });
}

/** What broke off is gone on with when its file is moved; what nobody goes on with takes room that nobody sees. */
async function clearUploads(remote: S3Store, { nowMs, log }: ReconcileOptions): Promise<void> {
  try {
    const uploads = await remote.clearUploads(new Date(nowMs - FORGOTTEN_MS), isFootagePath);
    if (uploads > 0) log.info('parts of uploads to the second tier that broke off were cleared', { uploads });
  } catch (error) {
    if (!(error instanceof RemoteStoreError)) throw error;
    log.warn('uploads to the second tier that broke off cannot be cleared', { error: error.message });
  }
}

function tellStrays({ folder, log }: ReconcileOptions, { whole, open, damaged, foreign }: Reconciled['strays'], isStrange: boolean): void {
  const about = (files: number) => ({ files, folder: folder.root });
  if (whole > 0 && isStrange) log.error('there is footage in the recordings folder, and the database knows neither a camera nor footage: is it the right one? "argus record verify --repair" takes the footage into its index', about(whole));
  else if (whole > 0) log.warn('footage without a row was taken into the index', about(whole));
  if (open > 0) log.warn('files of footage were left unfinished; the engine repairs them when it starts', about(open));
  if (damaged > 0) log.warn('files that are named as footage are none, or not all of it; they stay, and can be moved away', about(damaged));
  if (foreign > 0) log.warn('files in the recordings folder are no footage; they stay, and can be moved away', about(foreign));
}

function unlessAway(error: unknown): false {
  if (error instanceof RemoteStoreError) return false;
  throw error;
}
