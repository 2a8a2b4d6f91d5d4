import { PrivacyMask, maskedAreas, type CameraId, type PointNormalized, type SegmentId } from '@argus/contracts';
import { unpackPictures } from '@argus/database';
import type { MarkedEvent, SegmentMarks } from '@argus/harvest';
import type { DataSource } from 'typeorm';

/** A segment as the index has it, with what was noticed in it. */
export interface IndexedSegment {
  readonly id: SegmentId;
  readonly path: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly marks: SegmentMarks;
}

export interface HarvestedCamera {
  readonly name: string;
  readonly timeZone: string;
  /** Privacy masks that are on now. */
  readonly masks: readonly (readonly PointNormalized[])[];
  /** When the last mask was taken away; null: there never was one, or there is one now. */
  readonly maskedUntilMs: number | null;
}

const SEGMENTS = `SELECT id, path, start_at, end_at, motion, pictures FROM recording_segments WHERE id = ANY ($1)`;
const EVENTS = `SELECT started_at, ended_at, label FROM events WHERE camera_id = $1 AND started_at < $3 AND started_at > $2::timestamptz - interval '1 day' AND coalesce(ended_at, now()) >= $2 AND label IS NOT NULL`;
const CAMERA = `SELECT name, time_zone, privacy_masks, masked_until FROM cameras WHERE id = $1`;

/** What the database knows of the footage that is harvested. */
export class CameraFootage {
  constructor(private readonly dataSource: DataSource) {}

  /** null: it was removed. */
  async camera(id: CameraId): Promise<HarvestedCamera | null> {
    const [row] = (await this.dataSource.query(CAMERA, [id])) as { name: string; time_zone: string; privacy_masks: unknown; masked_until: Date | null }[];
    if (!row) return null;
    const masks = maskedAreas({ privacyMasks: PrivacyMask.array().parse(row.privacy_masks) });
    return { name: row.name, timeZone: row.time_zone, masks, maskedUntilMs: masks.length > 0 ? null : (row.masked_until?.getTime() ?? null) };
  }

  /** Those that are still there. Events up to a recipe's time around them are among the marks. */
  async segments(cameraId: CameraId, ids: readonly SegmentId[], aroundMs: number): Promise<Map<SegmentId, IndexedSegment>> {
    const rows = (await this.dataSource.query(SEGMENTS, [ids])) as { id: SegmentId; path: string; start_at: Date; end_at: Date; motion: Buffer; pictures: Buffer | null }[];
    const [first, last] = [Math.min(...rows.map(({ start_at }) => start_at.getTime())), Math.max(...rows.map(({ end_at }) => end_at.getTime()))];
    const events = rows.length === 0 ? [] : await this.#events(cameraId, first - aroundMs, last + aroundMs);
    return new Map(rows.map(({ id, path, start_at, end_at, motion, pictures }) => [id, { id, path, startMs: start_at.getTime(), endMs: end_at.getTime(), marks: { motion: [...motion], pictures: unpackPictures(pictures), events } }]));
  }

  async #events(cameraId: CameraId, fromMs: number, toMs: number): Promise<MarkedEvent[]> {
    const rows = (await this.dataSource.query(EVENTS, [cameraId, new Date(fromMs), new Date(toMs)])) as { started_at: Date; ended_at: Date | null; label: string }[];
    return rows.map(({ started_at, ended_at, label }) => ({ startMs: started_at.getTime(), endMs: (ended_at ?? started_at).getTime(), label }));
  }
}
