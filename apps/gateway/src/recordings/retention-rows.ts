import type { CameraId, SegmentId } from '@argus/contracts';
import type { DataSource } from 'typeorm';

/** A file of footage as far as its removal needs it. */
export interface StoredFile {
  readonly id: SegmentId;
  readonly camera_id: CameraId;
  readonly path: string;
  readonly start_at: Date;
  /** As text: it is a bigint. */
  readonly bytes: string;
}

export interface KeptCamera {
  readonly cameraId: CameraId;
  /** null: the camera is gone, its footage is not. */
  readonly recording: unknown;
}

const COLUMNS = 'id, camera_id, path, start_at, bytes';

/** From camera to camera by the index: reading all rows once a minute would cost more than removing some. */
const CAMERAS = `
  WITH RECURSIVE seen AS (
    (SELECT camera_id FROM recording_segments ORDER BY camera_id LIMIT 1)
    UNION ALL
    SELECT (SELECT camera_id FROM recording_segments WHERE camera_id > seen.camera_id ORDER BY camera_id LIMIT 1) FROM seen WHERE seen.camera_id IS NOT NULL
  )
  SELECT seen.camera_id AS "cameraId", cameras.recording FROM seen LEFT JOIN cameras ON cameras.id = seen.camera_id WHERE seen.camera_id IS NOT NULL`;

/** Rows of footage as those who remove it see them. */
export class RetentionRows {
  constructor(private readonly dataSource: DataSource) {}

  cameras(): Promise<KeptCamera[]> {
    return this.dataSource.query(CAMERAS);
  }

  /** A camera's oldest files, at most `limit`; with `before` only those that end before it. */
  oldest(cameraId: CameraId, limit: number, before: Date | null = null): Promise<StoredFile[]> {
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments WHERE camera_id = $1 AND end_at < coalesce($2, timestamptz 'infinity') ORDER BY start_at LIMIT ${limit}`, [cameraId, before]);
  }

  async bytesOf(cameraId: CameraId): Promise<number> {
    const [sum] = (await this.dataSource.query('SELECT coalesce(sum(bytes), 0) AS bytes FROM recording_segments WHERE camera_id = $1', [cameraId])) as { bytes: string }[];
    return Number(sum?.bytes ?? 0);
  }

  /** The next rows in the order of cameras and time; null: from the first. */
  after(last: StoredFile | null, limit: number): Promise<StoredFile[]> {
    const place = last ? 'WHERE (camera_id, start_at, id) > ($1, $2, $3)' : '';
    return this.dataSource.query(`SELECT ${COLUMNS} FROM recording_segments ${place} ORDER BY camera_id, start_at, id LIMIT ${limit}`, last ? [last.camera_id, last.start_at, last.id] : []);
  }

  /** Which of these paths have a row. */
  async known(paths: readonly string[]): Promise<Set<string>> {
    const rows = (await this.dataSource.query('SELECT path FROM recording_segments WHERE path = ANY($1::text[])', [paths])) as { path: string }[];
    return new Set(rows.map(({ path }) => path));
  }

  async remove(ids: readonly SegmentId[]): Promise<void> {
    if (ids.length > 0) await this.dataSource.query('DELETE FROM recording_segments WHERE id = ANY($1::uuid[])', [ids]);
  }
}
