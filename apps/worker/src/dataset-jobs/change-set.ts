import type { DatasetId } from '@argus/contracts';
import type { EntityManager } from 'typeorm';
import type { WorkerShards } from '../harvest/worker-shards.js';

/** Something of the set's samples was changed: it is counted anew, and is not its newest version any more. */
export async function touchDataset(manager: EntityManager, id: DatasetId): Promise<void> {
  await manager.query('UPDATE datasets SET revision = revision + 1, updated_at = now() WHERE id = $1', [id]);
}

/** Cameras of a set are also those of a set with some of its pictures: who may not see them does not see it. */
export async function inheritCameras(manager: EntityManager, to: DatasetId, from: DatasetId): Promise<void> {
  await manager.query(
    `UPDATE datasets AS target SET has_unknown_cameras = target.has_unknown_cameras OR source.has_unknown_cameras,
      camera_ids = (SELECT coalesce(array_agg(DISTINCT camera), '{}') FROM unnest(target.camera_ids || source.camera_ids) AS camera)
    FROM datasets AS source WHERE target.id = $1 AND source.id = $2`,
    [to, from],
  );
}

/** A JPEG that a job made; what nobody used is used again. */
const PICTURE = `INSERT INTO pictures (sha256, thumbnail, mime, bytes, width, height, created_at) VALUES ($1, $2, 'image/jpeg', $3, $4, $5, now()) ON CONFLICT (sha256) DO UPDATE SET unused_since = NULL`;

export interface MadePicture {
  readonly sha256: Buffer;
  readonly thumbnail: Buffer;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/** Keeps the bytes of a picture that a job made; durable when the shards are. */
export async function putPicture<Quality>(shards: Pick<WorkerShards, 'put'>, { jpeg, thumbnail, quality }: { readonly jpeg: Uint8Array; readonly thumbnail: Uint8Array; readonly quality: Quality }) {
  const { sha256 } = await shards.put(jpeg, 'jpg');
  const small = await shards.put(thumbnail, 'jpg');
  return { sha256: Buffer.from(sha256, 'hex'), thumbnail: Buffer.from(small.sha256, 'hex'), bytes: jpeg.byteLength, quality };
}

/** Rows of pictures that a job made and that are durable already. */
export async function writePictures(manager: EntityManager, made: readonly MadePicture[]): Promise<void> {
  for (const { sha256, thumbnail, bytes, width, height } of inDigestOrder(made)) await manager.query(PICTURE, [sha256, thumbnail, bytes, width, height]);
}

/** As everybody writes rows of pictures: two that write the same never wait for each other. */
export const inDigestOrder = <Made extends { readonly sha256: Buffer }>(made: readonly Made[]): Made[] => [...made].sort((a, b) => Buffer.compare(a.sha256, b.sha256));
