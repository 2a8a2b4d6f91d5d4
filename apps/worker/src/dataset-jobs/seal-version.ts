import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetCounts } from '@argus/contracts';
import { writeDataset } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import type { EntityManager } from 'typeorm';
import { DatasetJobFailedError } from '../errors.js';
import { syncFolder } from '../extract/write-durably.js';
import type { JobInHand, RunKind } from './job-in-hand.js';
import { SetSnapshot } from './set-snapshot.js';

export const ALL = { reviewedOnly: false, ignoreUnreviewed: false, completeOnly: false, splits: null };

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
export async function sealSet({ id, datasetId, createdBy, work, signal }: Pick<JobInHand, 'id' | 'datasetId' | 'createdBy' | 'work' | 'signal'>, message: string, tellCount?: (count: number) => void): Promise<SealedSet | null> {
  const folder = versionsFolder(work.samplesDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // What a killed worker left of this job is found by its name.
  for (const name of await readdir(folder)) if (name.includes(id)) await rm(join(folder, name), { recursive: true, force: true });
  const part = join(folder, `.${id}.imgdataset`);
  const snapshot = await SetSnapshot.take(work.dataSource, datasetId, ALL, (sha256) => work.samples.read(sha256), signal);
  try {
    if (snapshot.count === 0) return null;
    tellCount?.(snapshot.count);
    const { name, licence, source, retentionDays, head, revision } = snapshot.facts;
    const parents = head ? [head] : [];
    const createdAt = isoTime(work.clock.nowMs());
    const description = { datasetId, name, parents: parents.map((one) => one.toString('hex')), createdAt, createdBy, producer: 'argus', message, labels: [], licence, source, retentionDays };
    const { version, counts } = await writeDataset(snapshot, description, part, { pictures: 'elsewhere' });
    // The same content is the same file, whichever set has it.
    await rename(part, versionFile(work.samplesDir, version));
    await syncFolder(folder);
    const digest = Buffer.from(version, 'hex');
    const { oldestAt, originals } = snapshot;
    const write = async (manager: EntityManager): Promise<boolean> => {
      const [row] = (await manager.query(VERSION, [datasetId, digest, parents, JSON.stringify(counts), message, createdBy, createdAt, oldestAt, originals])) as [{ isNew: boolean }];
      await manager.query('UPDATE pictures SET is_original = true WHERE NOT is_original AND sha256 IN (SELECT sha256 FROM dataset_samples WHERE dataset_id = $1 AND is_original)', [datasetId]);
      // What was changed since the snapshot is not in it.
      await manager.query('UPDATE datasets SET head = $2, head_revision = $3 WHERE id = $1', [datasetId, digest, revision]);
      return row.isNew;
    };
    return { digest: version, counts, revision, write };
  } finally {
    await rm(part, { force: true });
    await snapshot.close();
  }
}

/** One whose content was gone has it again. */
const VERSION = `
  INSERT INTO dataset_versions (dataset_id, digest, parents, counts, message, created_by, created_at, oldest_at, originals) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (dataset_id, digest) DO UPDATE SET gone_at = NULL, oldest_at = EXCLUDED.oldest_at, originals = EXCLUDED.originals RETURNING xmax = 0 AS "isNew"`;

export const versionsFolder = (samplesDir: string): string => join(samplesDir, 'versions');
export const versionFile = (samplesDir: string, digest: string): string => join(versionsFolder(samplesDir), `${digest}.imgdataset`);
