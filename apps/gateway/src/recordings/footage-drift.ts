import { BUCKET_SHARDS } from '@argus/datasets';
import { RemoteStoreError, type RecordingsFolder, type S3Store } from '@argus/storage';
import type { RetentionRows, StoredFile, Tier } from './retention-rows.js';

export interface DriftOptions {
  readonly rows: RetentionRows;
  readonly folder: RecordingsFolder;
  /** null: there is no second tier. */
  readonly remote: S3Store | null;
  readonly nowMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Looks at the size of every file on the disk as well, which takes its time. */
  readonly sizes: boolean;
}

/** `object`: a file in the second tier. */
export type Drift =
  | { readonly kind: 'row-without-file' | 'other-size'; readonly row: StoredFile }
  /** The row says that it is on the disk, and it is only in the second tier. */
  | { readonly kind: 'moved-unmarked'; readonly row: StoredFile }
  | { readonly kind: 'file-without-row' | 'object-without-row' | 'left-behind'; readonly path: string }
  | { readonly kind: 'empty-folder'; readonly path: string };

export interface Counts {
  rows: number;
  files: number;
  objects: number;
  /** Why the second tier could not be looked at. */
  remoteProblem: string | null;
}

const BATCH = 1000;
/** A younger file may be on its way: its row comes by the engine's journal. */
export const SETTLED_MS = 3_600_000;

type Tell = (drift: Drift) => Promise<void> | void;

/** Compares the files of both tiers with the rows. A second tier that does not answer is left out, and that is said. */
export async function findDrift(options: DriftOptions, tell: Tell): Promise<Counts> {
  const counts: Counts = { rows: 0, files: 0, objects: 0, remoteProblem: null };
  counts.files = await lookAtFiles(options, tell);
  let { remote } = options;
  try {
    if (remote) counts.objects = await lookAtObjects(remote, options, tell);
  } catch (error) {
    if (!(error instanceof RemoteStoreError)) throw error;
    counts.remoteProblem = error.message;
    remote = null;
  }
  // With rows and no file at all the disk is not there, and comes back; so with the second tier.
  const isThere = { local: counts.files > 0 || !(await options.rows.hasAny('local')), remote: remote !== null && (counts.objects > 0 || !(await options.rows.hasAny('remote'))) };
  if (remote !== null && !isThere.remote) counts.remoteProblem = `${remote.where}: there are rows of moved footage and no file at all: is it the right bucket?`;
  counts.rows = await lookAtRows({ ...options, remote: isThere.remote ? remote : null }, { disk: !isThere.local, remote: options.remote !== null && !isThere.remote }, tell);
  return counts;
}

/** All files on the disk; those without a row although they are settled, and copies of what was moved. */
async function lookAtFiles({ rows, folder, nowMs, signal }: DriftOptions, tell: Tell): Promise<number> {
  let files = 0;
  try {
    for await (const { path, names } of folder.folders()) {
      if (signal.aborted) break;
      files += names.length;
      if (names.length === 0 && path !== '') await tell({ kind: 'empty-folder', path });
      const paths = names.map((name) => (path === '' ? name : `${path}/${name}`));
      for (let at = 0; at < paths.length; at += BATCH) {
        const some = paths.slice(at, at + BATCH);
        const known = await rows.known(some);
        for (const one of some) {
          const tier = known.get(one);
          if (tier === 'local') continue;
          const modified = await folder.modifiedMs(one);
          if (modified !== null && modified < nowMs - SETTLED_MS) await tell({ kind: tier ? 'left-behind' : 'file-without-row', path: one });
        }
      }
    }
  } catch (error) {
    // Nothing was ever recorded here; any other trouble with the disk ends the comparison.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return files;
}

async function lookAtObjects(remote: S3Store, { rows, signal }: DriftOptions, tell: Tell): Promise<number> {
  let objects = 0;
  let batch: string[] = [];
  const look = async () => {
    const known: ReadonlyMap<string, Tier> = await rows.known(batch);
    for (const path of batch) if (!known.has(path)) await tell({ kind: 'object-without-row', path });
    batch = [];
  };
  for await (const { path } of remote.list()) {
    if (signal.aborted) break;
    // Pictures of samples are no footage: who collects them knows them by rows of their own.
    if (path.startsWith(BUCKET_SHARDS)) continue;
    objects += 1;
    if (batch.push(path) === BATCH) await look();
  }
  await look();
  return objects;
}

/** What was last looked at: rows come folder by folder. */
interface Looked {
  readonly path: string | null;
  readonly names: ReadonlySet<string>;
  /** Names and sizes in the second tier; null: not asked for yet. */
  sizes: Map<string, number> | null;
}

interface Doubt {
  /** It is not there. */
  readonly disk: boolean;
  /** It is set up, and does not say what it has. */
  readonly remote: boolean;
}

async function lookAtRows(options: DriftOptions, doubt: Doubt, tell: Tell): Promise<number> {
  const { rows, folder, signal } = options;
  let seen = 0;
  let last: StoredFile | null = null;
  let looked: Looked = { path: null, names: new Set(), sizes: null };
  for (;;) {
    const batch: StoredFile[] = await rows.after(last, BATCH);
    for (const row of batch) {
      const path = row.path.slice(0, Math.max(row.path.lastIndexOf('/'), 0));
      if (looked.path !== path) looked = { path, names: await folder.namesIn(path), sizes: null };
      const drift = row.tier === 'remote' ? await lookFar(row, looked, options) : doubt.disk ? null : await lookNear(row, looked, options, doubt);
      if (drift) await tell(drift);
    }
    seen += batch.length;
    last = batch.at(-1) ?? null;
    if (batch.length < BATCH || signal.aborted) return seen;
  }
}

async function lookNear(row: StoredFile, { names }: Looked, { folder, remote, sizes }: DriftOptions, doubt: Doubt): Promise<Drift | null> {
  const isListed = names.has(nameOf(row));
  if (isListed && !sizes) return null;
  // Asked again: a file that was recorded since the folder was read is none that is missing.
  const size = await folder.sizeOf(row.path);
  // It may just have been moved to where nobody can look.
  if (size === null && doubt.remote) return null;
  if (size === null) return { kind: (await remote?.has(row.path)) ? 'moved-unmarked' : 'row-without-file', row };
  return sizes && size !== Number(row.bytes) ? { kind: 'other-size', row } : null;
}

async function lookFar(row: StoredFile, looked: Looked, { remote }: DriftOptions): Promise<Drift | null> {
  if (!remote) return null;
  if (!looked.sizes) {
    looked.sizes = new Map();
    for await (const { path, size } of remote.list(looked.path ? `${looked.path}/` : '')) looked.sizes.set(path, size);
  }
  const size = looked.sizes.get(row.path);
  if (size === undefined) return (await remote.has(row.path)) ? null : { kind: 'row-without-file', row };
  return size === Number(row.bytes) ? null : { kind: 'other-size', row };
}

const nameOf = ({ path }: StoredFile): string => path.slice(path.lastIndexOf('/') + 1);
