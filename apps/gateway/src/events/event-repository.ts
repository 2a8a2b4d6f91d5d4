import type { CameraScope, EventId, EventQuery, EventView, Page, Track, TrackQuery } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { eventOfRow, type EventRow } from './event-row.js';
import { Conditions, pageOfRows } from './newest-first.js';

const SEEN: Readonly<Record<'true' | 'false', string>> = { true: 'acknowledged_at IS NOT NULL', false: 'acknowledged_at IS NULL' };

/** Events and tracks as people read them; what lies outside the camera scope is as if it were not there. */
export class EventRepository {
  constructor(private readonly dataSource: DataSource) {}

  async list(query: EventQuery, scope: CameraScope): Promise<Page<EventView>> {
    const conditions = new Conditions()
      .add('state = ANY(?)', query.state)
      .add('started_at >= ?', query.from)
      .add('started_at < ?', query.to)
      .add('camera_id = ANY(?::uuid[])', query.camera)
      .add('camera_id = ANY(?::uuid[])', scope ?? undefined)
      .add('rule_id = ANY(?::uuid[])', query.rule)
      .add('label = ANY(?)', query.label)
      .add('track_id = ?', query.track)
      .addFixed(query.acknowledged === undefined ? undefined : SEEN[`${query.acknowledged}`])
      .addCursor('started_at, id', query.cursor);
    const rows = (await this.dataSource.query(`SELECT * FROM events ${conditions.sql} ORDER BY started_at DESC, id DESC LIMIT ${query.limit + 1}`, conditions.values)) as EventRow[];
    return pageOfRows(rows.map(eventOfRow), query.limit);
  }

  async find(id: EventId, scope: CameraScope): Promise<EventView | null> {
    const conditions = new Conditions().add('id = ?', id).add('camera_id = ANY(?::uuid[])', scope ?? undefined);
    const rows = (await this.dataSource.query(`SELECT * FROM events ${conditions.sql}`, conditions.values)) as EventRow[];
    return rows[0] ? eventOfRow(rows[0]) : null;
  }

  /** Marks as seen; the first who did so stays on record. `at` and `by` null: takes the mark back. */
  async mark(id: EventId, at: string | null, by: string | null): Promise<void> {
    const change = at === null ? 'acknowledged_at = NULL, acknowledged_by = NULL' : 'acknowledged_at = coalesce(acknowledged_at, $2), acknowledged_by = coalesce(acknowledged_by, $3)';
    await this.dataSource.query(`UPDATE events SET ${change}, updated_at = now() WHERE id = $1`, at === null ? [id] : [id, at, by]);
  }

  async listTracks(query: z.infer<typeof TrackQuery>, scope: CameraScope): Promise<Page<Track>> {
    const conditions = new Conditions()
      .add('camera_id = ANY(?::uuid[])', query.camera)
      .add('camera_id = ANY(?::uuid[])', scope ?? undefined)
      .add('label = ANY(?)', query.label)
      .add('started_at >= ?', query.from)
      .add('started_at < ?', query.to)
      .addCursor('started_at, id', query.cursor);
    const rows = (await this.dataSource.query(`SELECT * FROM tracks ${conditions.sql} ORDER BY started_at DESC, id DESC LIMIT ${query.limit + 1}`, conditions.values)) as TrackRow[];
    return pageOfRows(rows.map(trackOfRow), query.limit);
  }
}

interface TrackRow {
  [column: string]: unknown;
  started_at: Date;
  ended_at: Date;
}

function trackOfRow(row: TrackRow): Track {
  return {
    id: row.id,
    cameraId: row.camera_id,
    label: row.label,
    score: row.score,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    attributes: row.attributes,
    path: row.path,
    detector: { id: row.detector_id, version: row.detector_version },
  } as Track;
}
