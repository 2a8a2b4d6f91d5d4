import { HarvestRecipe, type HarvestRun, type SavedHarvestRecipe } from '@argus/contracts';
import type { HarvestRecipeEntity, HarvestRunEntity } from '@argus/database';

export function recipeOf({ id, recipe, createdBy, createdAt, updatedAt, nextRunAt }: HarvestRecipeEntity): SavedHarvestRecipe {
  return { ...HarvestRecipe.parse(recipe), id, createdBy, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), nextRunAt: nextRunAt?.toISOString() ?? null };
}

/** How long the rest takes, by how long what is done took. */
function secondsLeft(row: HarvestRunEntity, nowMs: number, underWay: number): number | null {
  const done = row.segmentsDone + row.segmentsFailed + row.segmentsRejected + underWay;
  if (row.state !== 'running' || row.startedAt === null || done === 0) return null;
  return ((nowMs - row.startedAt.getTime()) / 1000 / done) * (row.segmentsTotal - done);
}

/** `underWay`: see HarvestRun; of a run that is at work on long files. */
export function runOf(row: HarvestRunEntity, nowMs: number, underWay = 0): HarvestRun {
  const { id, recipeId, state, datasetId, createdBy, bytes, problem, troubles } = row;
  return {
    id, recipeId, state, datasetId, createdBy, bytes, problem, troubles,
    recipe: HarvestRecipe.parse(row.recipe),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    segments: { total: row.segmentsTotal, done: row.segmentsDone, failed: row.segmentsFailed, rejected: row.segmentsRejected, underWay },
    samples: { added: row.added, known: row.known, near: row.near },
    secondsLeft: secondsLeft(row, nowMs, underWay),
  };
}
