import type { HarvestPreview, HarvestRecipe, HarvestRecipeId } from '@argus/contracts';
import { footageSpan, sumFootage, type CameraEntity, type UtcInterval } from '@argus/database';
import { calendarIntervals, harvestPreview, rulesOf, videosPreview, zoneOf, type CameraFootage, type HarvestPace } from '@argus/harvest';
import type { DataSource } from 'typeorm';
import type { VideoSurvey } from './video-sources.js';

const PACE = `SELECT sum(extract(epoch FROM ended_at - started_at))::float AS seconds, sum(segments_done)::float * 10 AS footage, sum(added + known + near)::float AS pictures FROM
  (SELECT ended_at, started_at, segments_done, added, known, near FROM harvest_runs WHERE state = 'done' AND NOT of_videos AND segments_done > 0 AND recipe->'sampling'->>'kind' = $1 ORDER BY id DESC LIMIT 5) AS recent`;
const EVENTS = `
  SELECT coalesce(sum(extract(epoch FROM least(coalesce(event.ended_at, event.started_at), wanted.end_at) - greatest(event.started_at, wanted.start_at)) + $4), 0)::float AS seconds
  FROM unnest($2::timestamptz[], $3::timestamptz[]) AS wanted (start_at, end_at)
  JOIN events AS event ON event.camera_id = $1 AND event.started_at < wanted.end_at AND event.started_at >= wanted.start_at AND (cardinality($5::text[]) = 0 OR event.label = ANY ($5))`;

/** How much there is for a recipe that it has not seen yet: upper bounds. */
export async function previewHarvest(dataSource: DataSource, recipe: HarvestRecipe, recipeId: HarvestRecipeId | null, cameras: readonly CameraEntity[], nowMs: number): Promise<HarvestPreview> {
  const footage = await Promise.all(cameras.map((camera) => footageOf(dataSource, recipe, recipeId, camera, nowMs)));
  return harvestPreview(recipe, footage, await readPace(dataSource, recipe));
}

/** The same of video files. `survey` null: no worker answers, so that nothing is known of them. */
export async function previewVideos(dataSource: DataSource, recipe: HarvestRecipe, survey: VideoSurvey | null): Promise<HarvestPreview> {
  const rows = recipe.datasetId === null || recipe.quotaPerCamera === null ? [] : ((await dataSource.query('SELECT group_name AS "group", count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND camera_id IS NULL GROUP BY 1', [recipe.datasetId])) as { group: string; count: number }[]);
  const preview = videosPreview(recipe, survey?.videos.map(({ group, bytes, measured }) => ({ group, bytes, measured })) ?? [], new Map(rows.map(({ group, count }) => [group, count])), null);
  return { ...preview, videos: preview.videos && { ...preview.videos, unreadable: preview.videos.unreadable + (survey?.troubles ?? 0), troubles: survey?.named ?? [] } };
}

async function footageOf(dataSource: DataSource, recipe: HarvestRecipe, recipeId: HarvestRecipeId | null, { id, name, timeZone }: CameraEntity, nowMs: number): Promise<CameraFootage> {
  const intervals = calendarIntervals(recipe.calendar, { zone: zoneOf(recipe, timeZone), nowMs, within: await footageSpan(dataSource.manager, id) });
  const sum = await sumFootage(dataSource.manager, id, intervals, { recipeId, rules: rulesOf(recipe) });
  const [taken] = recipe.datasetId === null ? [] : ((await dataSource.query('SELECT count(*)::int AS count FROM dataset_samples WHERE dataset_id = $1 AND camera_id = $2', [recipe.datasetId, id])) as { count: number }[]);
  // How many pictures were analysed is not asked for: no more than were recorded.
  return { ...sum, name, eventSeconds: await eventSeconds(dataSource, recipe, id, intervals), objectPictures: sum.pictures, taken: taken?.count ?? 0 };
}

async function eventSeconds(dataSource: DataSource, { sampling }: HarvestRecipe, cameraId: string, intervals: readonly UtcInterval[]): Promise<number> {
  if (sampling.kind !== 'events') return 0;
  const values = [cameraId, intervals.map(({ startMs }) => new Date(startMs)), intervals.map(({ endMs }) => new Date(endMs)), sampling.beforeSeconds + sampling.afterSeconds, sampling.labels];
  return ((await dataSource.query(EVENTS, values)) as { seconds: number }[])[0]?.seconds ?? 0;
}

/** What the last runs with the same kind of sampling did; null: there was none. */
async function readPace(dataSource: DataSource, { sampling }: HarvestRecipe): Promise<HarvestPace | null> {
  const [row] = (await dataSource.query(PACE, [sampling.kind])) as { seconds: number | null; footage: number; pictures: number }[];
  return row?.seconds ? { footageSecondsPerSecond: row.footage / row.seconds, picturesPerSecond: Infinity } : null;
}
