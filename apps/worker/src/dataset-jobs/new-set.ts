import { DatasetId } from '@argus/contracts';
import { nameKeyOf, NO_COUNTS } from '@argus/database';
import { newId } from '@argus/kernel';
import { DatasetJobFailedError } from '../errors.js';
import { inheritCameras } from './change-set.js';
import type { JobOf } from './job-in-hand.js';

/** The set that a job makes of another, with what is said of that one. Made once, however often the job is begun again. @throws DatasetJobFailedError where the name was taken meanwhile */
export async function newSetOf(job: JobOf<'redact' | 'regroup'>): Promise<DatasetId> {
  const known = job.placeOf<string>('set');
  if (known !== undefined) return DatasetId.parse(known);
  const id = newId<DatasetId>();
  const { name } = job.options;
  return job.keep('set', 0, async (manager) => {
    const rows = (await manager.query(
      `INSERT INTO datasets (id, name, name_key, note, licence, source, retention_days, tags, goal, camera_ids, has_unknown_cameras, counts, counted_revision, revision, created_by, created_at, updated_at)
      SELECT $1, $2, $3, '', licence, source, retention_days, tags, goal, '{}', false, $4, 0, 0, $5, now(), now() FROM datasets WHERE id = $6 ON CONFLICT (name_key) DO NOTHING RETURNING id`,
      [id, name, nameKeyOf(name), JSON.stringify(NO_COUNTS), job.createdBy, job.datasetId],
    )) as unknown[];
    if (rows.length === 0) throw new DatasetJobFailedError(`name: there is a sample set with the name "${name}" by now; begin the job again with another name`);
    await inheritCameras(manager, id, job.datasetId);
    return { place: id, answer: id };
  });
}
