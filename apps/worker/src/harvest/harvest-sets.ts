import { targetOf, type DatasetId } from '@argus/contracts';
import { nameKeyOf, NO_COUNTS } from '@argus/database';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import type { ClaimedRun, PlannedPart } from './harvest-store.js';

/** Whose pictures: a camera's, or those of a group of files. `name`: as people know it. */
export interface FootageOwner extends Pick<PlannedPart, 'cameraId' | 'group'> {
  readonly name: string;
}

/** Into which sets the pictures of a run go. */
export interface HarvestSets {
  /** null: there is no one set, but one for each owner. */
  readonly one: DatasetId | null;
  readonly of: (owner: FootageOwner) => Promise<DatasetId>;
}

const OF_OWNER = 'SELECT id FROM datasets WHERE recipe_id = $1 AND harvest_owner = $2';
const MAKE = `
  INSERT INTO datasets (id, name, name_key, note, source, tags, camera_ids, has_unknown_cameras, counts, counted_revision, revision, recipe_id, harvest_owner, created_by, created_at, updated_at)
  VALUES ($1, $2, $3, '', 'harvest', $4, '{}', false, $5, 0, 0, $6, $7, $8, $9, $9) ON CONFLICT (name_key) DO NOTHING RETURNING id`;
/** What the contract takes; a number may come behind a name. */
const [MOST_NAME, MOST_TAG] = [190, 60];

/** One set, which later runs of the recipe fill as well; or of a matrix one for each owner, made when there is something for it. */
export async function setsOf(dataSource: DataSource, run: ClaimedRun, clock: Clock): Promise<HarvestSets> {
  if (targetOf(run.recipe) === 'matrix') return { one: null, of: (owner) => setOfOwner(dataSource, run, owner, clock) };
  const one = run.datasetId ?? (await makeOne(dataSource, run, clock));
  return { one, of: async () => one };
}

async function makeOne(dataSource: DataSource, run: ClaimedRun, clock: Clock): Promise<DatasetId> {
  return dataSource.transaction(async (manager) => {
    const id = await makeSet(manager, run, { name: run.recipe.name, tags: [], owner: null }, clock);
    await manager.query(`UPDATE harvest_recipes SET recipe = jsonb_set(recipe, '{datasetId}', to_jsonb($2::text)) WHERE id = $1`, [run.recipeId, id]);
    await manager.query('UPDATE harvest_runs SET dataset_id = $2 WHERE id = $1', [run.id, id]);
    return id;
  });
}

/** A run plans alone and a recipe runs once at a time, so nobody else makes the same one. */
async function setOfOwner(dataSource: DataSource, run: ClaimedRun, { cameraId, group, name }: FootageOwner, clock: Clock): Promise<DatasetId> {
  const owner = cameraId ?? group;
  const [known] = (await dataSource.query(OF_OWNER, [run.recipeId, owner])) as { id: DatasetId }[];
  return known?.id ?? makeSet(dataSource.manager, run, { name: `${run.recipe.name} · ${name}`.slice(0, MOST_NAME).trim(), tags: [run.recipe.name.slice(0, MOST_TAG).trim()], owner }, clock);
}

/** With this name, or it and a number. */
async function makeSet(manager: EntityManager, { recipeId, createdBy }: ClaimedRun, { name, tags, owner }: { readonly name: string; readonly tags: readonly string[]; readonly owner: string | null }, clock: Clock): Promise<DatasetId> {
  const id = newId<DatasetId>();
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? name : `${name} ${number}`;
    const rows = (await manager.query(MAKE, [id, numbered, nameKeyOf(numbered), tags, JSON.stringify(NO_COUNTS), recipeId, owner, createdBy, isoTime(clock.nowMs())])) as unknown[];
    if (rows.length > 0) return id;
  }
}
