import type { DatasetId } from '@argus/contracts';
import { openDataset, type DatasetPackage } from '@argus/datasets';
import { messageOf } from '@argus/kernel';
import { DatasetJobFailedError } from '../errors.js';
import type { JobWork } from './job-in-hand.js';
import { versionFile } from './version-file.js';

/** Whose versions, and where they and what they name are. */
export interface VersionShelf {
  readonly datasetId: DatasetId;
  readonly work: Pick<JobWork, 'dataSource' | 'samplesDir' | 'hide'> & { readonly samples: Pick<JobWork['samples'], 'read'> };
}

/** A version of the job's set, with the pictures that it names. @throws DatasetJobFailedError where the set has none such, or its content is gone */
export async function openVersion({ datasetId, work }: VersionShelf, digest: string): Promise<DatasetPackage> {
  const [row] = (await work.dataSource.query('SELECT gone_at AS "goneAt" FROM dataset_versions WHERE dataset_id = $1 AND digest = $2', [datasetId, Buffer.from(digest, 'hex')])) as { goneAt: Date | null }[];
  if (!row) throw new DatasetJobFailedError(`expected a version of this set, it has none ${digest.slice(0, 12)}; its versions are listed with it`);
  if (row.goneAt) throw new DatasetJobFailedError(`the content of version ${digest.slice(0, 12)} was removed at ${row.goneAt.toISOString()}; choose another one`);
  try {
    return await openDataset(versionFile(work.samplesDir, digest), { pictures: work.samples });
  } catch (error) {
    throw new DatasetJobFailedError(`version ${digest.slice(0, 12)} cannot be read: ${work.hide(messageOf(error))}`, {}, { cause: error });
  }
}
