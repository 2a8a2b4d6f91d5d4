import type { CameraId, DatasetId } from '@argus/contracts';
import { findFootage } from '@argus/database';
import { calendarIntervals, rulesOf, zoneOf } from '@argus/harvest';
import type { DataSource } from 'typeorm';
import type { ClaimedRun, PlannedPart, PlannedParts } from './harvest-store.js';
import { shareOut } from './share-out.js';

/** Five minutes of footage: little is done again when a worker dies, and workers share even one camera. */
const SEGMENTS_PER_PART = 30;

/** Recorded footage of the run's cameras, in consecutive pieces. */
export async function planCameras(run: ClaimedRun, datasetId: DatasetId, dataSource: DataSource): Promise<PlannedParts> {
  const zones = (await dataSource.query('SELECT id, time_zone AS "timeZone" FROM cameras WHERE id = ANY ($1)', [run.cameraIds])) as { id: CameraId; timeZone: string }[];
  const taken = { recipeId: run.recipeId, rules: rulesOf(run.recipe) };
  const parts: PlannedPart[] = [];
  for (const { id, timeZone } of zones) {
    const intervals = calendarIntervals(run.recipe.calendar, { zone: zoneOf(run.recipe, timeZone), nowMs: run.createdAt.getTime() });
    const segments = await findFootage(dataSource.manager, id, intervals, taken);
    const chunks = Array.from({ length: Math.ceil(segments.length / SEGMENTS_PER_PART) }, (_unused, index) => segments.slice(index * SEGMENTS_PER_PART, (index + 1) * SEGMENTS_PER_PART).map((segment) => segment.id));
    const left = await quotaLeft(dataSource, run, datasetId, id);
    const quotas = left === null ? null : shareOut(left, chunks.map((chunk) => chunk.length));
    parts.push(...chunks.map((segmentIds, index) => ({ cameraId: id, group: null, segmentIds, segmentBefore: chunks[index - 1]?.at(-1) ?? null, quota: quotas?.[index] ?? null })).filter(({ quota }) => quota !== 0));
  }
  return { parts, troubles: [] };
}

/** null: no limit. Over all runs: what the set has of the camera already counts. */
async function quotaLeft(dataSource: DataSource, { recipe }: ClaimedRun, datasetId: DatasetId, cameraId: CameraId): Promise<number | null> {
  if (recipe.quotaPerCamera === null) return null;
  const [row] = (await dataSource.query('SELECT count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND camera_id = $2', [datasetId, cameraId])) as { count: number }[];
  return Math.max(0, recipe.quotaPerCamera - (row?.count ?? 0));
}
