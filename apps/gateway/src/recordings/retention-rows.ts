import { RecordingLimits, RecordingSettings, type CameraId, type Priority, type SegmentId } from '@argus/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { stretchesOf, type SetBack } from './recorded-order.js';

export type Tier = 'local' | 'remote';

/** A file of footage as far as its removal needs it. */
export interface StoredFile {
  readonly id: SegmentId;
  readonly camera_id: CameraId;
  readonly path: string;
  readonly start_at: Date;
  /** As text: it is a bigint. */
  readonly bytes: string;
  readonly tier: Tier;
}

/** What is known of the clock over a restart. */
export interface SeenClock {
  /** By it footage is old. */
  readonly seenMs: number;
  /** So long has the clock been ahead of it. */
  readonly doubtedMs: number;
  /** What the clock said. */
  readonly wallMs: number;
  /** What it said right after it was last set back by an hour or more. */
  readonly setBackMs: number | null;
}

export interface KeptCamera {
  readonly cameraId: CameraId;
  /** null: the camera is gone, its footage is not. */
  readonly recording: unknown;
  readonly tags: readonly string[];
  /** Its part of the room, beside those of others. */
  readonly weight: number;
}

/** Which of a camera's oldest files. */
export interface OldestWish {
  /** Only those that end before it. */
  readonly before?: Date;
  readonly tier?: Tier;
}

const COLUMNS = 'id, camera_id, path, start_at, bytes, tier';

/** Nobody holds it. Every removal asks so, and once more when holds wait. */
const UNHELD = `NOT EXISTS (SELECT FROM recording_holds AS hold WHERE hold.camera_id = segment.camera_id AND hold.from_at < segment.end_at AND hold.to_at > segment.start_at)`;

/**
 * All, less what is held: few rows are, and are found from the holds. Asking every row whether it is held took three times as long. Segments are
 * some ten seconds long: none that began an hour before a hold reaches into it.
 */
const bytesOf = (tier: string): string => `
  WITH held AS (
    SELECT camera_id, sum(bytes) AS bytes FROM (
      SELECT DISTINCT segment.id, segment.camera_id, segment.bytes FROM recording_holds AS hold JOIN recording_segments AS segment ON segment.camera_id = hold.camera_id
        AND segment.start_at < hold.to_at AND segment.start_at > hold.from_at - interval '1 hour' AND segment.end_at > hold.from_at ${tier}
      WHERE hold.camera_id = ANY($1::uuid[])
    ) AS one GROUP BY camera_id
  ), total AS (
    SELECT camera_id, sum(bytes) AS bytes FROM recording_segments AS segment WHERE camera_id = ANY($1::uuid[]) ${tier} GROUP BY camera_id
  )
  SELECT total.camera_id, total.bytes - coalesce(held.bytes, 0) AS bytes FROM total LEFT JOIN held ON held.camera_id = total.camera_id`;

/** The start is what indexes are in order of: where nothing is so old the first entry says so. */
const endsBefore = (time: string): string => `start_at < ${time} AND end_at < ${time}`;

/** Any number: whoever makes a hold or moves a file shares it, whoever removes files has it alone. */
const REMOVAL_LOCK = 7300_2027;

/** From camera to camera by the index: reading all rows once a minute would cost more than removing some. */
const CAMERAS = `
  WITH RECURSIVE seen AS (
    (SELECT camera_id FROM recording_segments ORDER BY camera_id LIMIT 1)
    UNION ALL
    SELECT (SELECT camera_id FROM recording_segments WHERE camera_id > seen.camera_id ORDER BY camera_id LIMIT 1) FROM seen WHERE seen.camera_id IS NOT NULL
  )
  SELECT seen.camera_id, cameras.recording, cameras.tags, cameras.priority, cameras.weight FROM seen LEFT JOIN cameras ON cameras.id = seen.camera_id WHERE seen.camera_id IS NOT NULL`;

const OF_PRIORITY: Readonly<Record<Priority, number>> = { critical: 4, normal: 2, low: 1 };

/** Rows of footage as those who remove and move it see them. */
export class RetentionRows {
  constructor(private readonly dataSource: DataSource) {}

  async cameras(): Promise<KeptCamera[]> {
    const rows = (await this.dataSource.query(CAMERAS)) as { camera_id: CameraId; recording: unknown; tags: string[] | null; priority: Priority | null; weight: number | null }[];
    return rows.map(({ camera_id, recording, tags, priority, weight }) => ({ cameraId: camera_id, recording, tags: tags ?? [], weight: OF_PRIORITY[priority ?? 'normal'] * (weight ?? 1) }));
  }

  async limits(): Promise<RecordingLimits> {
    const [row] = (await this.dataSource.query('SELECT limits FROM recording_limits')) as { limits: unknown }[];
    return RecordingLimits.parse(row?.limits ?? {});
  }

  /** null: it was never kept. */
  async seenClock(): Promise<SeenClock | null> {
    const [row] = (await this.dataSource.query('SELECT seen_at, doubted_seconds, wall_at, set_back_at FROM recording_clock')) as { seen_at: Date; doubted_seconds: number; wall_at: Date; set_back_at: Date | null }[];
    return row ? { seenMs: row.seen_at.getTime(), doubtedMs: row.doubted_seconds * 1000, wallMs: row.wall_at.getTime(), setBackMs: row.set_back_at?.getTime() ?? null } : null;
  }

  async keepClock({ seenMs, doubtedMs, wallMs, setBackMs }: SeenClock): Promise<void> {
    const keep = `
      INSERT INTO recording_clock (id, seen_at, doubted_seconds, wall_at, set_back_at) VALUES (1, $1, $2, $3, $4)
      ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at, doubted_seconds = EXCLUDED.doubted_seconds, wall_at = EXCLUDED.wall_at, set_back_at = EXCLUDED.set_back_at`;
    await this.dataSource.query(keep, [new Date(seenMs), Math.round(doubtedMs / 1000), new Date(wallMs), setBackMs === null ? null : new Date(setBackMs)]);
  }

  /** A camera's oldest files that nobody holds, at most `limit`. */
  oldest(cameraId: CameraId, limit: number, { before, tier }: OldestWish = {}): Promise<StoredFile[]> {
    const where = `camera_id = $1 AND ${endsBefore(`coalesce($2, timestamptz 'infinity')`)} ${tier ? `AND tier = '${tier}'` : ''}`;
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments AS segment WHERE ${where} AND ${UNHELD} ORDER BY start_at LIMIT ${limit}`, [cameraId, before ?? null]);
  }

  /** The same in the order in which it was recorded, which is another one where the clock was set back. */
  async recordedFirst(cameraId: CameraId, limit: number, tier: Tier | null, setBack: SetBack | null): Promise<StoredFile[]> {
    const found: StoredFile[] = [];
    for (const { from, to } of stretchesOf(setBack)) {
      const where = `camera_id = $1 AND start_at >= coalesce($2, timestamptz '-infinity') AND start_at < coalesce($3, timestamptz 'infinity') ${tier ? `AND tier = '${tier}'` : ''}`;
      const query = `SELECT ${COLUMNS} FROM recording_segments AS segment WHERE ${where} AND ${UNHELD} ORDER BY start_at LIMIT ${limit - found.length}`;
      if (found.length < limit) found.push(...((await this.dataSource.query(query, [cameraId, from, to])) as StoredFile[]));
    }
    return found;
  }

  /** Bytes that nobody holds, of each camera that has some; `tier` null: wherever they are. */
  async bytes(cameraIds: readonly CameraId[], tier: Tier | null = null): Promise<Map<CameraId, number>> {
    const sums = (await this.dataSource.query(bytesOf(tier ? `AND segment.tier = '${tier}'` : ''), [cameraIds])) as { camera_id: CameraId; bytes: string }[];
    return new Map(sums.map((sum) => [sum.camera_id, Number(sum.bytes)]));
  }

  /** What ends before a time: how much of it is free to go, and how much is held. */
  async older(cameraId: CameraId, before: Date): Promise<{ files: number; bytes: number; heldFiles: number }> {
    const counts = `count(*) FILTER (WHERE free)::int AS files, coalesce(sum(bytes) FILTER (WHERE free), 0)::text AS bytes, count(*) FILTER (WHERE NOT free)::int AS held`;
    const [found] = (await this.dataSource.query(`SELECT ${counts} FROM (SELECT bytes, ${UNHELD} AS free FROM recording_segments AS segment WHERE camera_id = $1 AND ${endsBefore('$2')}) AS old`, [cameraId, before])) as { files: number; bytes: string; held: number }[];
    return { files: found?.files ?? 0, bytes: Number(found?.bytes ?? 0), heldFiles: found?.held ?? 0 };
  }

  /** The next files on the disk that end before a time. */
  movable(cameraId: CameraId, before: Date, last: StoredFile | null, limit: number): Promise<StoredFile[]> {
    const where = `camera_id = $1 AND tier = 'local' AND ${endsBefore('$2')} AND (start_at, id) > ($3, $4)`;
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments WHERE ${where} ORDER BY start_at, id LIMIT ${limit}`, [cameraId, before, last?.start_at ?? new Date(0), last?.id ?? '00000000-0000-0000-0000-000000000000']);
  }

  /** Its copy in the second tier is the one that counts. False: it was removed meanwhile. */
  async moved(id: SegmentId): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await awaitRemovals(manager);
      const [, changed] = (await manager.query(`UPDATE recording_segments SET tier = 'remote' WHERE id = $1`, [id])) as [unknown, number];
      return changed > 0;
    });
  }

  /** Neither holds nor moves come between what `work` reads and what it removes. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [REMOVAL_LOCK]);
      return work();
    });
  }

  /** Those of these that are still there and held by nobody, as they are now. */
  free(files: readonly StoredFile[]): Promise<StoredFile[]> {
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments AS segment WHERE id = ANY($1::uuid[]) AND ${UNHELD} ORDER BY start_at`, [files.map(({ id }) => id)]);
  }

  /** The next rows in the order of cameras and time; null: from the first. */
  after(last: StoredFile | null, limit: number): Promise<StoredFile[]> {
    const place = last ? 'WHERE (camera_id, start_at, id) > ($1, $2, $3)' : '';
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments ${place} ORDER BY camera_id, start_at, id LIMIT ${limit}`, last ? [last.camera_id, last.start_at, last.id] : []);
  }

  /** Whether there is a row of a tier at all. */
  async hasAny(tier: Tier): Promise<boolean> {
    const found = (await this.dataSource.query(`SELECT FROM recording_segments WHERE tier = $1 LIMIT 1`, [tier])) as unknown[];
    return found.length > 0;
  }

  /** Neither a camera nor footage: a new database, or the wrong one. */
  async isNew(): Promise<boolean> {
    const [found] = (await this.dataSource.query('SELECT EXISTS (SELECT FROM cameras) OR EXISTS (SELECT FROM recording_segments) AS used')) as { used: boolean }[];
    return found?.used !== true;
  }

  /** Which of these paths have a row, and where it says that the file is. */
  async known(paths: readonly string[]): Promise<Map<string, Tier>> {
    const rows = (await this.dataSource.query('SELECT path, tier FROM recording_segments WHERE path = ANY($1::text[])', [paths])) as { path: string; tier: Tier }[];
    return new Map(rows.map(({ path, tier }) => [path, tier]));
  }

  async remove(ids: readonly SegmentId[]): Promise<void> {
    if (ids.length > 0) await this.dataSource.query('DELETE FROM recording_segments WHERE id = ANY($1::uuid[])', [ids]);
  }
}

/** For the rest of the transaction nothing is removed; a removal that is under way is waited for. */
export async function awaitRemovals(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [REMOVAL_LOCK]);
}

/** Nobody can say any more how long the footage of a camera that is gone is to be kept: as long as anybody's. */
export const settingsOf = ({ recording }: KeptCamera): RecordingSettings => RecordingSettings.parse(recording ?? {});
