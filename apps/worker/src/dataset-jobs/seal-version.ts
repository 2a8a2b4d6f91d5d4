import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDataset } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import { DatasetJobFailedError } from '../errors.js';
import type { RunKind } from './job-in-hand.js';
import { SetSnapshot } from './set-snapshot.js';

const ALL = { reviewedOnly: false, completeOnly: false, splits: null };

/** Seals the set as it is now: a row that names it by its digest, and a package with every sample and label that names the pictures without holding them. */
export const sealVersion: RunKind<'version'> = async (job) => {
  const { datasetId, options, createdBy, work, signal } = job;
  const folder = join(work.samplesDir, 'versions');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // What a killed worker left of this job is found by its name.
  for (const name of await readdir(folder)) if (name.includes(job.id)) await rm(join(folder, name), { recursive: true, force: true });
  const part = join(folder, `.${job.id}.imgdataset`);
  const snapshot = await SetSnapshot.take(work.dataSource, datasetId, ALL, (sha256) => work.samples.read(sha256), signal);
  try {
    if (snapshot.count === 0) throw new DatasetJobFailedError('expected samples to seal; the set has none');
    job.expectPictures(snapshot.count, 0);
    const { name, licence, source, retentionDays, head, revision } = snapshot.facts;
    const parents = head ? [head] : [];
    const createdAt = isoTime(work.clock.nowMs());
    const description = { datasetId, name, parents: parents.map((one) => one.toString('hex')), createdAt, createdBy, producer: 'argus', message: options.message, labels: [], licence, source, retentionDays };
    const { version, counts } = await writeDataset(snapshot, description, part, { pictures: 'elsewhere' });
    // The same content is the same file, whichever set has it.
    await rename(part, join(folder, `${version}.imgdataset`));
    await flush(folder);
    const digest = Buffer.from(version, 'hex');
    return async (manager) => {
      const rows = (await manager.query(
        'INSERT INTO dataset_versions (dataset_id, digest, parents, counts, message, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1',
        [datasetId, digest, parents, JSON.stringify(counts), options.message, createdBy, createdAt],
      )) as unknown[];
      // What was changed since the snapshot is not in it.
      await manager.query('UPDATE datasets SET head = $2, head_revision = $3 WHERE id = $1', [datasetId, digest, revision]);
      return { kind: 'version', digest: version, isNew: rows.length > 0, counts };
    };
  } finally {
    await rm(part, { force: true });
    await snapshot.close();
  }
};

async function flush(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
