import type { DatasetCounts } from '@argus/contracts';
import type { EntityManager } from 'typeorm';
import { DatasetJobFailedError } from '../errors.js';
import { writeArchive, type ArchiveJob } from './archives/archive-process.js';
import { removeHalves } from './archives/half-archive.js';
import type { SealOrder } from './archives/messages.js';
import { sealPrefix } from './archives/write-seal.js';
import type { JobWork, RunKind } from './job-in-hand.js';
import { versionsFolder } from './version-file.js';

export interface SealedSet {
  /** Hexadecimal. */
  readonly digest: string;
  readonly counts: DatasetCounts;
  /** Of the set, as it was sealed. */
  readonly revision: string;
  /** Its row, and that the set is this version. false: the set had one of the same content already. */
  readonly write: (manager: EntityManager) => Promise<boolean>;
}

/** Seals the set as it is now: a row that names it by its digest, and a package with every sample and label that names the pictures without holding them. */
export const sealVersion: RunKind<'version'> = async (job) => {
  const sealed = await sealSet(job, job.options.message, (count) => job.expectPictures(count, 0));
  if (sealed === null) throw new DatasetJobFailedError('expected samples to seal; the set has none');
  const { digest, counts, write } = sealed;
  return async (manager) => ({ kind: 'version', digest, isNew: await write(manager), counts });
};

/** null: there is nothing in it. */
export async function sealSet(job: ArchiveJob & { readonly work: Pick<JobWork, 'samplesDir'> }, message: string, tellCount?: (count: number) => void): Promise<SealedSet | null> {
  const { id, datasetId, createdBy, work, signal } = job;
  const folder = versionsFolder(work.samplesDir);
  try {
    const sealed = await writeArchive<SealOrder>(job, { what: 'seal', message, flushBytes: undefined }, { expect: tellCount });
    if (sealed === null) {
      await removeHalves(folder, sealPrefix(id));
      return null;
    }
    const { version, counts, parents, createdAt, revision, oldestAt, originals } = sealed;
    const digest = Buffer.from(version, 'hex');
    const write = async (manager: EntityManager): Promise<boolean> => {
      const [row] = (await manager.query(VERSION, [datasetId, digest, parents.map((one) => Buffer.from(one, 'hex')), JSON.stringify(counts), message, createdBy, createdAt, oldestAt, originals])) as [{ isNew: boolean }];
      await manager.query('UPDATE pictures SET is_original = true WHERE NOT is_original AND sha256 IN (SELECT sha256 FROM dataset_samples WHERE dataset_id = $1 AND is_original)', [datasetId]);
      // What was changed since the snapshot is not in it.
      await manager.query('UPDATE datasets SET head = $2, head_revision = $3 WHERE id = $1', [datasetId, digest, revision]);
      await removeHalves(folder, sealPrefix(id));
      return row.isNew;
    };
    return { digest: version, counts, revision, write };
  } catch (error) {
    // Whoever has the job now, or gets it again, goes on with what is there.
    if (!signal.aborted) await removeHalves(folder, sealPrefix(id));
    throw error;
  }
}

/** One whose content was gone has it again. */
const VERSION = `
  INSERT INTO dataset_versions (dataset_id, digest, parents, counts, message, created_by, created_at, oldest_at, originals) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (dataset_id, digest) DO UPDATE SET gone_at = NULL, oldest_at = EXCLUDED.oldest_at, originals = EXCLUDED.originals RETURNING xmax = 0 AS "isNew"`;
