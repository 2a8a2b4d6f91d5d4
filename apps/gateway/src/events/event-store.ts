import type { Event, EventView, RecordingSegment, Track, WebhookEventType } from '@argus/contracts';
import { isoTime, type Clock } from '@argus/kernel';
import type { DataSource, QueryRunner } from 'typeorm';
import { saveSegment } from '../recordings/segment-row.js';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './event-row.js';

/** One revision of an event and the engine's boot that made it. */
export interface EventRevision {
  readonly event: Event;
  readonly bootId: string;
}

const NAMES = EVENT_COLUMNS.map(([name]) => name);
const CHANGED = NAMES.filter((name) => name !== 'id');

/** Idempotent: a revision that is not higher than the stored one changes nothing and returns no row. */
const UPSERT = `
  INSERT INTO events (${NAMES.join(', ')}, boot_id, created_at, updated_at)
  VALUES (${NAMES.map((_, index) => `$${index + 1}`).join(', ')}, $${NAMES.length + 1}, $${NAMES.length + 2}, $${NAMES.length + 2})
  ON CONFLICT (id) DO UPDATE SET ${CHANGED.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}, boot_id = EXCLUDED.boot_id, updated_at = EXCLUDED.updated_at
  WHERE events.revision < EXCLUDED.revision
  RETURNING acknowledged_at, acknowledged_by`;

const OUTBOX = `
  INSERT INTO outbox (type, event_id, revision, order_key, event, created_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (event_id, type) DO NOTHING`;

const TRACK = `
  INSERT INTO tracks (id, camera_id, label, score, started_at, ended_at, attributes, path, detector_id, detector_version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`;

/**
 * What the engine reports, written: each call is one transaction that holds the event rows and the outbox rows. When it
 * resolves, everything is committed; when it rejects, nothing is. Saving the same again is harmless.
 */
export class EventStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The events that changed, as the API shows them; duplicates and late revisions are left out. */
  async save(revisions: readonly EventRevision[], tracks: readonly Track[] = [], segments: readonly RecordingSegment[] = []): Promise<EventView[]> {
    return this.#inTransaction(async (runner) => {
      const changed: EventView[] = [];
      for (const revision of revisions) {
        const view = await this.#saveRevision(runner, revision);
        if (view) changed.push(view);
      }
      for (const track of tracks) await this.#saveTrack(runner, track);
      for (const segment of segments) await saveSegment(runner, segment, isoTime(this.clock.nowMs()));
      return changed;
    });
  }

  /** Ends the open events of every other boot: the engine that followed them is gone. */
  async endOrphans(bootId: string): Promise<EventView[]> {
    return this.#inTransaction(async (runner) => {
      const rows = (await runner.query(`SELECT * FROM events WHERE state <> 'ended' AND boot_id <> $1 ORDER BY started_at, id FOR UPDATE`, [bootId])) as EventRow[];
      const ended: EventView[] = [];
      for (const row of rows) {
        const { acknowledgedAt: _at, acknowledgedBy: _by, ...event } = eventOfRow(row);
        const view = await this.#saveRevision(runner, { event: endOf(event, isoTime(this.clock.nowMs())), bootId });
        if (view) ended.push(view);
      }
      return ended;
    });
  }

  async #saveRevision(runner: QueryRunner, { event, bootId }: EventRevision): Promise<EventView | null> {
    const now = isoTime(this.clock.nowMs());
    const rows = (await runner.query(UPSERT, [...EVENT_COLUMNS.map(([, value]) => value(event)), bootId, now])) as Pick<EventRow, 'acknowledged_at' | 'acknowledged_by'>[];
    const row = rows[0];
    if (!row) return null;
    for (const { type, as } of announcementsOf(event)) {
      await runner.query(OUTBOX, [type, event.id, event.revision, event.trackId ?? event.id, JSON.stringify(as), now]);
    }
    return { ...event, acknowledgedAt: row.acknowledged_at?.toISOString() ?? null, acknowledgedBy: row.acknowledged_by };
  }

  async #saveTrack(runner: QueryRunner, track: Track): Promise<void> {
    const now = isoTime(this.clock.nowMs());
    const { detector } = track;
    const values = [track.id, track.cameraId, track.label, track.score, track.startedAt, track.endedAt, JSON.stringify(track.attributes), JSON.stringify(track.path), detector.id, detector.version, now];
    await runner.query(TRACK, values);
  }

  async #inTransaction<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/**
 * What subscribers hear of a revision; the outbox keeps the first of each type. An ended event is announced as confirmed first
 * where that revision never came, so that whoever listens to `confirmed` misses nothing.
 */
export function announcementsOf(event: Event): { type: WebhookEventType; as: Event }[] {
  if (event.state !== 'ended') return [{ type: `event.${event.state}`, as: event }];
  const confirmed: Event = { ...event, state: 'confirmed', confirmedAt: event.confirmedAt ?? event.endedAt, confirmation: event.confirmation ?? 'deadline', endedAt: null, endReason: null };
  return [
    { type: 'event.confirmed', as: confirmed },
    { type: 'event.ended', as: event },
  ];
}

function endOf(event: Event, at: string): Event {
  return {
    ...event,
    revision: event.revision + 1,
    state: 'ended',
    confirmedAt: event.confirmedAt ?? at,
    confirmation: event.confirmation ?? 'deadline',
    endedAt: at,
    endReason: 'engine-restarted',
  };
}
