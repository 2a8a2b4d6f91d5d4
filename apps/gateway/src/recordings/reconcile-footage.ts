import { RemoteStoreError } from '@argus/storage';
import type { Logger } from '@argus/kernel';
import { findDrift, SETTLED_MS, type Drift, type DriftOptions } from './footage-drift.js';

export { type DriftOptions };

export interface ReconcileOptions extends Omit<DriftOptions, 'sizes'> {
  readonly log: Logger;
}

/**
 * Compares files and rows of both tiers, and mends what is safe to mend. Rows without a file are removed, as are copies that a move left on the
 * disk; files without a row are counted and told, and stay: what nobody knows may still be wanted.
 */
export async function reconcileFootage(options: ReconcileOptions): Promise<void> {
  const { rows, folder, remote, nowMs, log } = options;
  const found: Record<Drift['kind'], number> = { 'row-without-file': 0, 'other-size': 0, 'moved-unmarked': 0, 'file-without-row': 0, 'object-without-row': 0, 'left-behind': 0, 'empty-folder': 0 };
  const mend = async (drift: Drift): Promise<void> => {
    found[drift.kind] += 1;
    if (drift.kind === 'row-without-file') await rows.remove([drift.row.id]);
    if (drift.kind === 'moved-unmarked') await rows.moved(drift.row.id);
    if (drift.kind === 'empty-folder') await folder.removeEmpty(drift.path, nowMs - SETTLED_MS);
    if (drift.kind === 'left-behind' && (await remote?.has(drift.path).catch(unlessAway))) await folder.remove(drift.path);
  };
  const { files, remoteProblem } = await findDrift({ ...options, sizes: false }, mend);
  if (options.signal.aborted) return;
  if (files === 0 && (await rows.hasAny('local'))) log.error('there is footage in the database and no file in the recordings folder: is its disk there?', { folder: folder.root });
  if (remoteProblem !== null) log.error('the second tier could not be compared with the database', { problem: remoteProblem });
  if (found['row-without-file'] > 0) log.warn('rows of footage without a file were removed', { rows: found['row-without-file'] });
  if (found['moved-unmarked'] > 0) log.warn('footage that is only in the second tier was marked so', { rows: found['moved-unmarked'] });
  if (found['file-without-row'] > 0) log.warn('files in the recordings folder are in no row and are used by nothing; they can be moved away', { files: found['file-without-row'], folder: folder.root });
  if (found['object-without-row'] > 0) log.warn('files in the second tier are in no row and are used by nothing', { files: found['object-without-row'] });
  if (found['other-size'] > 0) log.error('files in the second tier have another size than their rows say', { files: found['other-size'] });
}

function unlessAway(error: unknown): false {
  if (error instanceof RemoteStoreError) return false;
  throw error;
}
