import type { DatasetId } from '@argus/contracts';
import { nameKeyOf, NO_COUNTS } from '@argus/database';
import { newId } from '@argus/kernel';
import { DatasetJobFailedError } from '../errors.js';
import type { JobOf } from './job-in-hand.js';

/** Folder to set. */
export type SetsOfFolders = Readonly<Record<string, { readonly datasetId: DatasetId; readonly name: string }>>;

const MOST_SETS = 5000;
const MOST_NAME = 200;
/** What is said of the set of the job is said of all: where pictures come from, and how long they are kept. */
const MAKE = `
  INSERT INTO datasets (id, name, name_key, note, licence, source, retention_days, tags, camera_ids, has_unknown_cameras, counts, counted_revision, revision, created_by, created_at, updated_at)
  SELECT $1, $2, $3, '', licence, source, retention_days, tags, '{}', false, $4, 0, 0, $5, now(), now() FROM datasets WHERE id = $6 ON CONFLICT (name_key) DO NOTHING`;

/**
 * A set for each folder, called as it is spelled, without the folders that are above them all; one that is there already is gone on with. Made once, however often the job is begun again.
 * @throws DatasetJobFailedError where two folders would be one set
 */
export async function makeSets(job: JobOf<'import'>, folders: ReadonlySet<string>): Promise<void> {
  const above = aboveAll([...folders]);
  const names = new Map<string, string>();
  for (const folder of folders) {
    const name = folder.slice(above);
    const other = names.get(nameKeyOf(name));
    if (name !== name.trim().slice(0, MOST_NAME)) throw new DatasetJobFailedError(`the folder "${folder}" cannot be the name of a set: expected at most ${MOST_NAME} signs and no space at its ends`);
    if (other !== undefined) throw new DatasetJobFailedError(`the folders "${other}" and "${folder}" would be one set, since names of sets that look the same are the same; rename one of them`);
    names.set(nameKeyOf(name), folder);
  }
  if (names.size > MOST_SETS) throw new DatasetJobFailedError(`expected at most ${MOST_SETS} folders with pictures, found ${names.size}; import the archive in parts, or without a set for each folder`);
  await job.keep('sets', 0, async (manager) => {
    const sets: Record<string, SetsOfFolders[string]> = Object.create(null) as Record<string, SetsOfFolders[string]>;
    for (const [key, folder] of [...names].sort()) {
      const name = folder.slice(above);
      await manager.query(MAKE, [newId<DatasetId>(), name, key, JSON.stringify(NO_COUNTS), job.createdBy, job.datasetId]);
      const [row] = (await manager.query('SELECT id FROM datasets WHERE name_key = $1', [key])) as { id: DatasetId }[];
      if (row) sets[folder] = { datasetId: row.id, name };
    }
    return { place: sets, answer: null };
  });
}

/** How many signs of each are the folders in which all of them lie: that of an archive, or one that somebody chose. */
function aboveAll(folders: readonly string[]): number {
  const [first = '', ...others] = folders;
  const parts = first.split('/').slice(0, -1);
  while (parts.length > 0 && !others.every((folder) => folder.startsWith(`${parts.join('/')}/`))) parts.pop();
  return parts.length === 0 ? 0 : parts.join('/').length + 1;
}

/** Where pictures of a folder go: its set, else the job's. */
export function setOf(job: JobOf<'import'>, folder: string): DatasetId {
  const sets = setsOf(job);
  return Object.hasOwn(sets, folder) ? (sets[folder] as SetsOfFolders[string]).datasetId : job.datasetId;
}

/** Those of an import that makes them; none else. */
export const setsOf = (job: JobOf<'import'>): SetsOfFolders => job.placeOf<SetsOfFolders>('sets') ?? {};
