import type { Dataset } from '@argus/contracts';
import type { DatasetEntity } from '@argus/database';
import { mayOn } from '../auth/camera-access.js';
import type { Principal } from '../auth/principal.js';

/** Who may not look at recordings of all cameras of a set does not see the set; of pictures of unknown cameras, who has limits of any kind. */
export const maySee = (row: Pick<DatasetEntity, 'cameraIds' | 'hasUnknownCameras'>, caller: Principal): boolean =>
  row.cameraIds.every((id) => mayOn(caller, 'recordings', id)) && (!row.hasUnknownCameras || caller.access.recordings === null);

export function datasetOf(row: DatasetEntity): Dataset {
  const { id, name, note, licence, source, retentionDays, tags, goal, recipeId } = row;
  const { unreviewed = 0, ...counts } = row.counts;
  return {
    id, name, note, licence, source, retentionDays, tags, goal, counts, unreviewed, recipeId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    head: row.head?.toString('hex') ?? null,
    isChanged: row.headRevision === null ? counts.samples > 0 : row.headRevision !== row.revision,
    cameraIds: row.hasUnknownCameras ? null : row.cameraIds,
  };
}
