import type { CameraId } from '@argus/contracts';
import { findFootage, footageSpan } from '@argus/database';
import { calendarIntervals, rulesOf, zoneOf } from '@argus/harvest';
import type { DataSource } from 'typeorm';
import type { HarvestSets } from './harvest-sets.js';
import type { ClaimedRun, PlannedPart, PlannedParts } from './harvest-store.js';
import { partsOf } from './parts-of.js';

/** Five minutes of footage: little is done again when a worker dies, and workers share even one camera. */
const SEGMENTS_PER_PART = 30;

/** Recorded footage of the run's cameras, in consecutive pieces. */
export async function planCameras(run: ClaimedRun, sets: HarvestSets, dataSource: DataSource): Promise<PlannedParts> {
  const zones = (await dataSource.query('SELECT id, name, time_zone AS "timeZone" FROM cameras WHERE id = ANY ($1)', [run.cameraIds])) as { id: CameraId; name: string; timeZone: string }[];
  const taken = { recipeId: run.recipeId, rules: rulesOf(run.recipe) };
  const parts: PlannedPart[] = [];
  for (const { id, name, timeZone } of zones) {
    const intervals = calendarIntervals(run.recipe.calendar, { zone: zoneOf(run.recipe, timeZone), nowMs: run.createdAt.getTime(), within: await footageSpan(dataSource.manager, id) });
    const segments = await findFootage(dataSource.manager, id, intervals, taken);
    const chunks = Array.from({ length: Math.ceil(segments.length / SEGMENTS_PER_PART) }, (_unused, index) => segments.slice(index * SEGMENTS_PER_PART, (index + 1) * SEGMENTS_PER_PART).map((segment) => segment.id));
    parts.push(...(await partsOf(dataSource, run, sets, { cameraId: id, group: null, name }, chunks)));
  }
  return { parts, troubles: [] };
}
