import type { DatasetId, SegmentId } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import type { FootageOwner, HarvestSets } from './harvest-sets.js';
import type { ClaimedRun, PlannedPart } from './harvest-store.js';
import { shareOut } from './share-out.js';

/** A part for each chunk of what one camera or group has, with its share of what may still be taken: as much for each segment or file. Those that may take nothing are left out. */
export async function partsOf(dataSource: DataSource, run: ClaimedRun, sets: HarvestSets, owner: FootageOwner, chunks: readonly (readonly SegmentId[])[]): Promise<PlannedPart[]> {
  if (chunks.length === 0) return [];
  const datasetId = await sets.of(owner);
  const { cameraId, group } = owner;
  const left = await quotaLeft(dataSource, run, datasetId, owner);
  const quotas = left === null ? null : shareOut(left, chunks.map((chunk) => chunk.length));
  // Slots of time go on from one segment of a camera to the next; files begin anew.
  const before = (index: number): SegmentId | null => (cameraId === null ? null : (chunks[index - 1]?.at(-1) ?? null));
  return chunks.map((segmentIds, index) => ({ cameraId, group, datasetId, segmentIds, segmentBefore: before(index), quota: quotas?.[index] ?? null })).filter(({ quota }) => quota !== 0);
}

/** null: no limit. Over all runs: what the set has of the camera or group already counts. */
async function quotaLeft(dataSource: DataSource, { recipe }: ClaimedRun, datasetId: DatasetId, { cameraId, group }: FootageOwner): Promise<number | null> {
  if (recipe.quotaPerCamera === null) return null;
  const whose = cameraId === null ? 'camera_id IS NULL AND group_name = $2' : 'camera_id = $2';
  const [row] = (await dataSource.query(`SELECT count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND ${whose}`, [datasetId, cameraId ?? group])) as { count: number }[];
  return Math.max(0, recipe.quotaPerCamera - (row?.count ?? 0));
}
