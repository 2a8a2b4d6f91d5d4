import type { DatasetId, DatasetOrigin } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { maySee } from './dataset-view.js';

interface OriginRow {
  readonly kind: DatasetOrigin['kind'];
  readonly direction: DatasetOrigin['direction'];
  readonly name: string | null;
  readonly other: DatasetId | null;
  readonly recipe: DatasetOrigin['recipeId'];
  readonly times: number;
  readonly samples: number;
  readonly at: Date;
  readonly cameraIds: Parameters<typeof maySee>[0]['cameraIds'] | null;
  readonly hasUnknownCameras: boolean | null;
}

/** Harvests and jobs say it themselves; copies by hand are in the audit. What a harvest put into the sets of a matrix, and an import into those of folders, is what came while it ran. */
const ORIGINS = `
  WITH known AS (
    SELECT 'harvest' AS kind, 'from' AS direction, recipe->>'name' AS name, NULL::uuid AS other, recipe_id AS recipe, added AS samples, created_at AS at FROM harvest_runs WHERE dataset_id = $1 AND added > 0
    UNION ALL SELECT 'harvest', 'from', recipe->>'name', NULL, recipe_id, (SELECT count(*)::int FROM dataset_samples AS s WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND s.added_at BETWEEN run.started_at AND coalesce(run.ended_at, now())), created_at
      FROM harvest_runs AS run WHERE dataset_id IS NULL AND EXISTS (SELECT 1 FROM harvest_parts WHERE run_id = run.id AND dataset_id = $1)
    UNION ALL SELECT 'import', 'from', result->>'format', NULL, NULL, (result->>'added')::int, ended_at FROM dataset_jobs WHERE dataset_id = $1 AND kind = 'import' AND state = 'done' AND coalesce(jsonb_array_length(result->'sets'), 0) = 0
    UNION ALL SELECT 'import', 'from', result->>'format', NULL, NULL, (SELECT count(*)::int FROM dataset_samples AS s WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND s.added_at BETWEEN j.started_at AND j.ended_at), ended_at
      FROM dataset_jobs AS j WHERE kind = 'import' AND state = 'done' AND result->'sets' @> jsonb_build_array(jsonb_build_object('datasetId', $1::text))
    UNION ALL SELECT CASE kind WHEN 'redact' THEN 'redaction' ELSE 'crops' END, 'from', NULL, dataset_id, NULL, (result->>'samples')::int, ended_at FROM dataset_jobs WHERE kind IN ('redact', 'regroup', 'transform') AND state = 'done' AND result->>'datasetId' = $1::text AND dataset_id <> $1
    UNION ALL SELECT CASE kind WHEN 'redact' THEN 'redaction' ELSE 'crops' END, 'to', NULL, (result->>'datasetId')::uuid, NULL, (result->>'samples')::int, ended_at FROM dataset_jobs WHERE dataset_id = $1 AND kind IN ('redact', 'regroup', 'transform') AND state = 'done' AND result->>'datasetId' <> $1::text
    UNION ALL SELECT 'choice', 'from', NULL, dataset_id, NULL, (result->>'changed')::int, ended_at FROM dataset_jobs WHERE kind = 'pick-diverse' AND state = 'done' AND options#>>'{target,into}' = $1::text
    UNION ALL SELECT 'choice', 'to', NULL, (options#>>'{target,into}')::uuid, NULL, (result->>'changed')::int, ended_at FROM dataset_jobs WHERE dataset_id = $1 AND kind = 'pick-diverse' AND state = 'done' AND options#>>'{target,into}' IS NOT NULL
    UNION ALL SELECT 'copy', 'from', NULL, (details->>'from')::uuid, NULL, (details->>'changed')::int, at FROM audit WHERE action = 'dataset.copy-samples' AND subject_id = $1::text
    UNION ALL SELECT 'copy', 'to', NULL, subject_id::uuid, NULL, (details->>'changed')::int, at FROM audit WHERE action = 'dataset.copy-samples' AND details->>'from' = $1::text)
  SELECT kind, direction, coalesce(once.name, other.name) AS name, once.other, recipe, times, samples, at, other.camera_ids AS "cameraIds", other.has_unknown_cameras AS "hasUnknownCameras"
  FROM (
    SELECT kind, direction, max(name) AS name, other, recipe, count(*)::int AS times, sum(samples)::int AS samples, max(at) AS at
    FROM known GROUP BY kind, direction, other, recipe, CASE WHEN kind = 'import' THEN name END) AS once
  LEFT JOIN datasets AS other ON other.id = once.other ORDER BY at DESC LIMIT 200`;

/** Where pictures of a set came from and went to. Sets that the caller does not see, and those that are gone, are not named. */
export async function readOrigins(dataSource: DataSource, id: DatasetId, caller: Principal): Promise<DatasetOrigin[]> {
  const rows = (await dataSource.query(ORIGINS, [id])) as OriginRow[];
  return rows.map(({ kind, direction, name, other, recipe, times, samples, at, ...set }) => {
    const isSeen = other === null || (set.cameraIds !== null && set.hasUnknownCameras !== null && maySee({ cameraIds: set.cameraIds, hasUnknownCameras: set.hasUnknownCameras }, caller));
    return { kind, direction, name: isSeen ? name : null, datasetId: isSeen ? other : null, recipeId: recipe, times, samples, at: at.toISOString() };
  });
}
