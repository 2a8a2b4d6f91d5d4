import type { Logger } from '@argus/kernel';
import type { RecordingsFolder } from '@argus/storage';
import type { RetentionRows, StoredFile } from './retention-rows.js';

export interface ReconcileOptions {
  readonly rows: RetentionRows;
  readonly folder: RecordingsFolder;
  readonly log: Logger;
  readonly nowMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

const BATCH = 1000;
/** A younger file may be on its way: its row comes by the engine's journal. */
const SETTLED_MS = 3_600_000;

/**
 * Compares files and rows. Rows without a file are removed; files without a row are counted and told, and stay: what nobody knows may still
 * be wanted. With rows and no file at all nothing is removed: then the disk is not there, and comes back.
 */
export async function reconcileFootage(options: ReconcileOptions): Promise<void> {
  const { rows, log } = options;
  const [known] = await rows.after(null, 1);
  const { files, strangers } = await countFiles(options);
  if (options.signal.aborted) return;
  if (known && files === 0) {
    log.error('there is footage in the database and no file in the recordings folder: is its disk there?', { folder: options.folder.root });
    return;
  }
  const removed = await removeRowsWithoutFile(options);
  if (removed > 0) log.warn('rows of footage without a file were removed', { rows: removed });
  if (strangers > 0) log.warn('files in the recordings folder are in no row and are used by nothing; they can be moved away', { files: strangers, folder: options.folder.root });
}

/** All files, and how many of them have no row although they are settled. Folders that have been empty for a while go. */
async function countFiles({ rows, folder, nowMs, signal }: ReconcileOptions): Promise<{ files: number; strangers: number }> {
  let [files, strangers] = [0, 0];
  try {
    for await (const { path, names } of folder.folders()) {
      if (signal.aborted) break;
      files += names.length;
      if (names.length === 0 && path !== '') await folder.removeEmpty(path, nowMs - SETTLED_MS);
      const paths = names.map((name) => (path === '' ? name : `${path}/${name}`));
      for (let at = 0; at < paths.length; at += BATCH) {
        const some = paths.slice(at, at + BATCH);
        const known = await rows.known(some);
        for (const stranger of some.filter((one) => !known.has(one))) {
          const modified = await folder.modifiedMs(stranger);
          if (modified !== null && modified < nowMs - SETTLED_MS) strangers += 1;
        }
      }
    }
  } catch (error) {
    // Nothing was ever recorded here; any other trouble with the disk ends the comparison.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { files, strangers };
}

async function removeRowsWithoutFile({ rows, folder, signal }: ReconcileOptions): Promise<number> {
  let removed = 0;
  let last: StoredFile | null = null;
  let looked: { readonly path: string | null; readonly names: Set<string> } = { path: null, names: new Set() };
  for (;;) {
    const batch: StoredFile[] = await rows.after(last, BATCH);
    const lost: StoredFile[] = [];
    for (const row of batch) {
      const slash = row.path.lastIndexOf('/');
      const path = row.path.slice(0, Math.max(slash, 0));
      if (looked.path !== path) looked = { path, names: await folder.namesIn(path) };
      // Asked again: a file that was recorded since the folder was read is none that is missing.
      if (!looked.names.has(row.path.slice(slash + 1)) && (await folder.modifiedMs(row.path)) === null) lost.push(row);
    }
    await rows.remove(lost.map(({ id }) => id));
    removed += lost.length;
    last = batch.at(-1) ?? null;
    if (batch.length < BATCH || signal.aborted) return removed;
  }
}
