import type { DatasetId } from '@argus/contracts';
import { nameKeyOf, NO_COUNTS } from '@argus/database';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { HarvestSource } from './harvest-source.js';
import type { ClaimedRun, HarvestStore } from './harvest-store.js';

export interface Planning {
  readonly dataSource: DataSource;
  readonly store: Pick<HarvestStore, 'plan' | 'renewRun'>;
  readonly source: Pick<HarvestSource, 'plan'>;
  readonly clock: Clock;
}

/** Half the time of a claim. */
const RENEW_EVERY_MS = 5000;

/** Looks what there is for a run, and cuts it into parts. */
export async function planRun(run: ClaimedRun, { dataSource, store, source, clock }: Planning): Promise<void> {
  const datasetId = run.datasetId ?? (await makeDataset(dataSource, run, clock));
  // A large archive takes its time to be looked through.
  const renewing = setInterval(() => void store.renewRun(run).catch(() => undefined), RENEW_EVERY_MS);
  try {
    await store.plan(run, datasetId, await source.plan(run, datasetId));
  } finally {
    clearInterval(renewing);
  }
}

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
        [id, name, nameKeyOf(name), JSON.stringify(NO_COUNTS), recipeId, createdBy, now],
      )) as unknown[];
      if (rows.length > 0) break;
    }
    await manager.query(`UPDATE harvest_recipes SET recipe = jsonb_set(recipe, '{datasetId}', to_jsonb($2::text)) WHERE id = $1`, [recipeId, id]);
    await manager.query('UPDATE harvest_runs SET dataset_id = $2 WHERE id = $1', [runId, id]);
  });
  return id;
}
