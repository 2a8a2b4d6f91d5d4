import type { CameraId, DatasetId } from '@argus/contracts';
import { isoTime } from '@argus/kernel';
import type { EntityManager } from 'typeorm';
import type { TakenSample } from './taken-sample.js';

/** What nobody used is used again. In the order of digests, as everybody does it: two that take the same never wait for each other. */
const PICTURES = `
  INSERT INTO pictures (sha256, thumbnail, mime, bytes, width, height, created_at)
  SELECT DISTINCT ON (given.sha256) given.*, $7::timestamptz FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::int[], $5::int[], $6::int[]) AS given (sha256, thumbnail, mime, bytes, width, height) ORDER BY given.sha256
  ON CONFLICT (sha256) DO UPDATE SET unused_since = NULL`;
const SAMPLES = `
  WITH added AS (
    INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, sharpness, brightness, phash, added_at)
    SELECT $1, given.sha256, given.name, given.group_name, $2, given.video, given.frame_index, given.pts_us, given.wall_at, $3, $4, $5, given.sharpness, given.brightness, given.phash, $6
    FROM unnest($7::bytea[], $8::text[], $9::text[], $10::text[], $11::int[], $12::bigint[], $13::timestamptz[], $14::real[], $15::real[], $16::bigint[])
      AS given (sha256, name, group_name, video, frame_index, pts_us, wall_at, sharpness, brightness, phash)
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*)::int AS added FROM added`;

/** Rows of pictures that are durable already, of one camera (null: nobody knows). Gives how many were not in the set yet. */
export async function addSamples(manager: EntityManager, { datasetId, cameraId }: { readonly datasetId: DatasetId; readonly cameraId: CameraId | null }, samples: readonly TakenSample[], now: string): Promise<number> {
  const [first] = samples;
  if (!first) return 0;
  const column = <Value>(value: (sample: TakenSample) => Value): Value[] => samples.map(value);
  await manager.query(PICTURES, [column((s) => s.sha256), column((s) => s.thumbnail), column((s) => s.mime), column((s) => s.bytes), column((s) => s.width), column((s) => s.height), now]);
  const [row] = (await manager.query(SAMPLES, [
    datasetId, cameraId, first.timeZone, first.tzVersion, first.isOriginal, now,
    column((s) => s.sha256), column((s) => s.name), column((s) => s.group), column((s) => s.video), column((s) => s.frameIndex), column((s) => s.ptsUs), column((s) => (s.wallMs === null ? null : isoTime(s.wallMs))),
    column((s) => s.sharpness), column((s) => s.brightness), column((s) => s.phash),
  ])) as { added: number }[];
  const added = row?.added ?? 0;
  if (added > 0 && cameraId !== null) await manager.query(`UPDATE datasets SET revision = revision + 1, updated_at = $3, camera_ids = CASE WHEN $2 = ANY (camera_ids) THEN camera_ids ELSE camera_ids || $2::uuid END WHERE id = $1`, [datasetId, cameraId, now]);
  // Whose they are nobody knows: they are for those who see all.
  if (added > 0 && cameraId === null) await manager.query('UPDATE datasets SET revision = revision + 1, updated_at = $2, has_unknown_cameras = true WHERE id = $1', [datasetId, now]);
  return added;
}
