import { createHash } from 'node:crypto';
import { bucketFilesOf, packedNameOf, type PictureToPack } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import type { S3Store } from '@argus/storage';
import type { DataSource } from 'typeorm';
import type { BucketShards } from './bucket-shards.js';

export interface ArchiveSweep {
  readonly graceMs: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

export interface CollectedArchives {
  readonly archives: number;
  /** Pictures and bytes that are gone; those that only moved are not counted. */
  readonly pictures: number;
  readonly bytes: number;
}

interface Archive {
  readonly id: number;
  readonly name: string;
  readonly bytes: string;
}

/** Objects removed with one request. */
const BATCH = 500;
/** An archive of which more is dead is written anew with the rest; so many of them in a round. */
const REPACK_ABOVE = 0.5;
const MOST_REPACKED = 200;
/** Living of several archives go into one of about so many bytes. */
const MOVED_BYTES = 16 * 2 ** 20;
/** In front of each picture: what it is called. */
const HEADER_BYTES = 512;

/** Places of what has a row of its own or is the thumbnail of such. */
const LIVING = `
  SELECT place.archive_id, place.sha256, place.starts_at, place.bytes FROM archived_pictures AS place JOIN pictures AS p ON p.sha256 = place.sha256
  UNION SELECT place.archive_id, place.sha256, place.starts_at, place.bytes FROM archived_pictures AS place JOIN pictures AS p ON p.thumbnail = place.sha256`;
const DEAD = `SELECT archive.id FROM sample_archives AS archive WHERE gone_at IS NULL AND touched_at < $1 AND NOT EXISTS (SELECT 1 FROM (${LIVING}) AS living WHERE living.archive_id = archive.id)`;
/** Age is asked again where somebody touches it at this moment: of the two one waits for the other. */
const CONDEMN = 'UPDATE sample_archives SET gone_at = $2 WHERE id = ANY ($3) AND gone_at IS NULL AND touched_at < $1';
const GONE = `SELECT id, name, bytes FROM sample_archives WHERE gone_at IS NOT NULL ORDER BY id LIMIT ${BATCH}`;
const FORGET_PLACES = 'DELETE FROM archived_pictures WHERE sha256 IN (SELECT sha256 FROM archived_pictures WHERE archive_id = ANY ($1) ORDER BY sha256 FOR UPDATE) AND archive_id = ANY ($1)';
const MOSTLY_DEAD = `
  SELECT archive.id, archive.name FROM sample_archives AS archive JOIN (SELECT archive_id, sum(bytes) AS bytes FROM (${LIVING}) AS living GROUP BY archive_id) AS kept ON kept.archive_id = archive.id
  WHERE archive.gone_at IS NULL AND archive.touched_at < $1 AND kept.bytes < archive.bytes * $2::float8 ORDER BY archive.id LIMIT ${MOST_REPACKED}`;
const LIVING_OF = `SELECT sha256, starts_at AS "startsAt", bytes FROM (${LIVING}) AS living WHERE archive_id = $1 ORDER BY starts_at`;

/**
 * Removes archives of pictures from the bucket that nothing uses any more: those that rows name, and nothing else that lies there. What was put, or put again, within the time of grace stays, so that a worker which has
 * sent an archive and not yet written its rows keeps it. It may be killed at any time: the next one goes on.
 * @throws RemoteStoreError
 */
export async function collectArchives(dataSource: DataSource, remote: Pick<S3Store, 'remove' | 'read'>, shards: Pick<BucketShards, 'move'>, { graceMs, nowMs, signal }: ArchiveSweep): Promise<CollectedArchives> {
  const before = isoTime(nowMs - graceMs);
  const dead = ((await dataSource.query(DEAD, [before])) as { id: number }[]).map(({ id }) => id);
  await dataSource.query(CONDEMN, [before, isoTime(nowMs), dead]);
  const sum = { archives: 0, pictures: 0, bytes: 0 };
  for (;;) {
    signal.throwIfAborted();
    const gone = (await dataSource.query(GONE)) as Archive[];
    if (gone.length === 0) break;
    const files = gone.map(({ name }) => bucketFilesOf(name));
    // The index first: an archive without one is nothing, an index without its archive would be a promise.
    await remote.remove(files.map(({ index }) => index));
    await remote.remove(files.map(({ shard }) => shard));
    sum.pictures += await forget(dataSource, gone.map(({ id }) => id));
    sum.archives += gone.length;
    sum.bytes += gone.reduce((total, { bytes }) => total + Number(bytes), 0);
  }
  await repack(dataSource, remote, shards, before, signal);
  return sum;
}

/** What it leaves behind is dead, and goes with the next round: who has looked up a place reads there meanwhile. */
async function repack(dataSource: DataSource, remote: Pick<S3Store, 'read'>, shards: Pick<BucketShards, 'move'>, before: string, signal: AbortSignal): Promise<void> {
  let moving: PictureToPack[] = [];
  let bytes = 0;
  const move = async (): Promise<void> => {
    if (moving.length > 0) await shards.move(moving);
    [moving, bytes] = [[], 0];
  };
  for (const { id, name } of (await dataSource.query(MOSTLY_DEAD, [before, REPACK_ABOVE])) as Archive[]) {
    signal.throwIfAborted();
    const living = await livingOf(dataSource, remote, id, name);
    moving.push(...living);
    bytes += living.reduce((sum, { content }) => sum + content.byteLength, 0);
    if (bytes >= MOVED_BYTES) await move();
  }
  await move();
}

/** How many pictures they had that did not move. */
async function forget(dataSource: DataSource, ids: readonly number[]): Promise<number> {
  return dataSource.transaction(async (manager) => {
    const [, pictures] = (await manager.query(FORGET_PLACES, [ids])) as [unknown, number];
    await manager.query('DELETE FROM sample_archives WHERE id = ANY ($1)', [ids]);
    return pictures;
  });
}

async function livingOf(dataSource: DataSource, remote: Pick<S3Store, 'read'>, id: number, archive: string): Promise<PictureToPack[]> {
  const { shard } = bucketFilesOf(archive);
  const pictures: PictureToPack[] = [];
  for (const { sha256, startsAt, bytes } of (await dataSource.query(LIVING_OF, [id])) as { sha256: Buffer; startsAt: number; bytes: number }[]) {
    const packed = await remote.read(shard, startsAt - HEADER_BYTES, HEADER_BYTES + bytes);
    const content = packed?.subarray(HEADER_BYTES);
    const named = packed && packedNameOf(packed);
    // What is damaged stays where it is, for who asks to be told.
    if (!content || !named || !createHash('sha256').update(content).digest().equals(sha256)) continue;
    pictures.push({ ...named, content });
  }
  return pictures;
}
