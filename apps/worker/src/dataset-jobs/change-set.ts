import type { DatasetId } from '@argus/contracts';
import type { EntityManager } from 'typeorm';

/** Something of the set's samples was changed: it is counted anew, and is not its newest version any more. */
export async function touchDataset(manager: EntityManager, id: DatasetId): Promise<void> {
  await manager.query('UPDATE datasets SET revision = revision + 1, updated_at = now() WHERE id = $1', [id]);
}

/** What a sample brings along into another set. */
export const COPIED = 'name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, sharpness, brightness, phash, split, complete, focus, annotations, labels, attributes';

/** Cameras of a set are also those of a set with some of its pictures: who may not see them does not see it. */
export async function inheritCameras(manager: EntityManager, to: DatasetId, from: DatasetId): Promise<void> {
  await manager.query(
    `UPDATE datasets AS target SET has_unknown_cameras = target.has_unknown_cameras OR source.has_unknown_cameras,
      camera_ids = (SELECT coalesce(array_agg(DISTINCT camera), '{}') FROM unnest(target.camera_ids || source.camera_ids) AS camera)
    FROM datasets AS source WHERE target.id = $1 AND source.id = $2`,
    [to, from],
  );
}

/** As everybody writes rows of pictures: two that write the same never wait for each other. */
export const inDigestOrder = <Made extends { readonly sha256: Buffer }>(made: readonly Made[]): Made[] => [...made].sort((a, b) => Buffer.compare(a.sha256, b.sha256));
