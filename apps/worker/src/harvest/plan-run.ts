import { type CameraId, type DatasetId } from '@argus/contracts';
import { findFootage } from '@argus/database';
import { calendarIntervals, rulesOf, zoneOf } from '@argus/harvest';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { ClaimedRun, HarvestStore, PlannedPart } from './harvest-store.js';
import { shareOut } from './share-out.js';

/** Five minutes of footage: little is done again when a worker dies, and workers share even one camera. */
const SEGMENTS_PER_PART = 30;

export interface Planning {
  readonly dataSource: DataSource;
  readonly store: Pick<HarvestStore, 'plan'>;
  readonly clock: Clock;
}

/** Looks what there is for a run, and cuts it into parts. */
export async function planRun(run: ClaimedRun, { dataSource, store, clock }: Planning): Promise<void> {
  const datasetId = run.datasetId ?? (await makeDataset(dataSource, run, clock));
  const zones = (await dataSource.query('SELECT id, time_zone AS "timeZone" FROM cameras WHERE id = ANY ($1)', [run.cameraIds])) as { id: CameraId; timeZone: string }[];
  const taken = { recipeId: run.recipeId, rules: rulesOf(run.recipe) };
  const parts: PlannedPart[] = [];
  for (const { id, timeZone } of zones) {
    const intervals = calendarIntervals(run.recipe.calendar, { zone: zoneOf(run.recipe, timeZone), nowMs: run.createdAt.getTime() });
    const segments = await findFootage(dataSource.manager, id, intervals, taken);
    const chunks = Array.from({ length: Math.ceil(segments.length / SEGMENTS_PER_PART) }, (_unused, index) => segments.slice(index * SEGMENTS_PER_PART, (index + 1) * SEGMENTS_PER_PART).map((segment) => segment.id));
    const left = await quotaLeft(dataSource, run, datasetId, id);
    const quotas = left === null ? null : shareOut(left, chunks.map((chunk) => chunk.length));
    parts.push(...chunks.map((segmentIds, index) => ({ cameraId: id, segmentIds, segmentBefore: chunks[index - 1]?.at(-1) ?? null, quota: quotas?.[index] ?? null })).filter(({ quota }) => quota !== 0));
  }
  await store.plan(run, datasetId, parts);
}

/** null: no limit. Over all runs: what the set has of the camera already counts. */
async function quotaLeft(dataSource: DataSource, { recipe }: ClaimedRun, datasetId: DatasetId, cameraId: CameraId): Promise<number | null> {
  if (recipe.quotaPerCamera === null) return null;
  const [row] = (await dataSource.query('SELECT count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND camera_id = $2', [datasetId, cameraId])) as { count: number }[];
  return Math.max(0, recipe.quotaPerCamera - (row?.count ?? 0));
}

const NO_COUNTS = { samples: 0, bytes: 0, annotations: 0, labels: {}, groups: 0, complete: 0 };

/** With the recipe's name, or that and a number; later runs of the recipe go there, too. */
async function makeDataset(dataSource: DataSource, { id: runId, recipeId, recipe, createdBy }: ClaimedRun, clock: Clock): Promise<DatasetId> {
  const id = newId<DatasetId>();
  const now = isoTime(clock.nowMs());
  await dataSource.transaction(async (manager) => {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? recipe.name : `${recipe.name} ${number}`;
      const rows = (await manager.query(
        `INSERT INTO datasets (id, name, name_key, note, source, tags, camera_ids, has_unknown_cameras, counts, counted_revision, revision, recipe_id, created_by, created_at, updated_at)
        VALUES ($1, $2, $3, '', 'harvest', '{}', '{}', false, $4, 0, 0, $5, $6, $7, $7) ON CONFLICT (name_key) DO NOTHING RETURNING id`,
        [id, name, name.normalize('NFKC').toLowerCase(), JSON.stringify(NO_COUNTS), recipeId, createdBy, now],
      )) as unknown[];
      if (rows.length > 0) break;
    }
    await manager.query(`UPDATE harvest_recipes SET recipe = jsonb_set(recipe, '{datasetId}', to_jsonb($2::text)) WHERE id = $1`, [recipeId, id]);
    await manager.query('UPDATE harvest_runs SET dataset_id = $2 WHERE id = $1', [runId, id]);
  });
  return id;
}
