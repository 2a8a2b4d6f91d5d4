import type { Event, EventQuery, Track } from '@argus/contracts';
import { EventQuery as EventQuerySchema, TrackQuery } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { newId, systemClock } from '@argus/kernel';
import { endedEvent, sampleEvent, withTestDatabase, type TestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventRepository } from './event-repository.js';
import { EventStore } from './event-store.js';
import { CursorError } from './newest-first.js';

/** Real: PostgreSQL with the product's migrations. */
let database: TestDatabase;
let dataSource: DataSource;
let store: EventStore;
let repository: EventRepository;
const bootId = newId();
const query = (parts: Record<string, unknown> = {}): EventQuery => EventQuerySchema.parse(parts);
const outbox = () => dataSource.query('SELECT type, revision, order_key FROM outbox ORDER BY id') as Promise<{ type: string; revision: number; order_key: string }[]>;

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  store = new EventStore(dataSource, systemClock);
  repository = new EventRepository(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(() => dataSource.query('TRUNCATE events, outbox, tracks CASCADE'));

describe('EventStore', () => {
  it('writes event and outbox once, whatever comes twice or late', async () => {
    const event = sampleEvent();
    const refined = { ...event, revision: 2, score: 0.95 };
    const ended = endedEvent(refined);
    expect(await store.save([{ event, bootId }])).toHaveLength(1);
    expect(await store.save([{ event, bootId }])).toEqual([]);
    await store.save([{ event: refined, bootId }, { event: ended, bootId }, { event: refined, bootId }]);
    expect(await repository.find(event.id, null)).toEqual({ ...ended, acknowledgedAt: null, acknowledgedBy: null });
    expect(await outbox()).toEqual([
      { type: 'event.confirmed', revision: 1, order_key: event.trackId },
      { type: 'event.ended', revision: 3, order_key: event.trackId },
    ]);
  });

  it('announces an event as confirmed before it is ended, even where that revision never came', async () => {
    const provisional = sampleEvent({ state: 'provisional', confirmedAt: null, confirmation: null, trackId: null });
    await store.save([{ event: provisional, bootId }, { event: endedEvent(provisional, { revision: 3 }), bootId }]);
    expect((await outbox()).map(({ type, order_key }) => [type, order_key])).toEqual([
      ['event.provisional', provisional.id],
      ['event.confirmed', provisional.id],
      ['event.ended', provisional.id],
    ]);
  });

  it('writes all of a transaction or nothing', async () => {
    const good = sampleEvent();
    const bad = { ...sampleEvent(), score: Number.POSITIVE_INFINITY, ptsUs: 2 ** 70 } as Event;
    await expect(store.save([{ event: good, bootId }, { event: bad, bootId }])).rejects.toThrow();
    expect(await repository.find(good.id, null)).toBeNull();
    expect(await outbox()).toEqual([]);
  });

  it('ends what older boots left open, and nothing of this one', async () => {
    const [orphan, own] = [sampleEvent({ state: 'provisional', confirmedAt: null, confirmation: null }), sampleEvent()];
    await store.save([{ event: orphan, bootId: newId() }, { event: own, bootId }]);
    const ended = await store.endOrphans(bootId);
    expect(ended).toMatchObject([{ id: orphan.id, revision: 2, state: 'ended', endReason: 'engine-restarted', confirmation: 'deadline' }]);
    expect((await repository.find(own.id, null))?.state).toBe('confirmed');
    expect(await store.endOrphans(bootId)).toEqual([]);
  });

  it('keeps a mark that people made through later revisions', async () => {
    const event = sampleEvent();
    await store.save([{ event, bootId }]);
    await repository.mark(event.id, '2026-11-24T10:00:00.000Z', 'ann');
    await repository.mark(event.id, '2026-11-24T11:00:00.000Z', 'bob');
    const [view] = await store.save([{ event: endedEvent(event), bootId }]);
    expect(view).toMatchObject({ acknowledgedAt: '2026-11-24T10:00:00.000Z', acknowledgedBy: 'ann' });
    await repository.mark(event.id, null, null);
    expect(await repository.find(event.id, null)).toMatchObject({ acknowledgedAt: null, acknowledgedBy: null });
  });
});

describe('EventRepository', () => {
  it('pages newest first without gaps or doubles, also where moments are equal', async () => {
    const events = Array.from({ length: 7 }, (_, index) => sampleEvent({ startedAt: new Date(1_760_000_000_000 + Math.floor(index / 3) * 1000).toISOString() }));
    await store.save(events.map((event) => ({ event, bootId })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await repository.list(query({ limit: 2, cursor }), null);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const expected = [...events].sort((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id)).map((event) => event.id);
    expect(seen).toEqual(expected);
    await expect(repository.list(query({ cursor: 'bm9wZQ' }), null)).rejects.toBeInstanceOf(CursorError);
  });

  it('filters by every field, and the scope hides what is not for somebody', async () => {
    const mine = sampleEvent({ startedAt: '2026-11-24T10:00:00.000Z' });
    const other = sampleEvent({ startedAt: '2026-11-24T11:00:00.000Z', label: 'car', state: 'provisional', confirmedAt: null, confirmation: null });
    await store.save([{ event: mine, bootId }, { event: other, bootId }]);
    await repository.mark(mine.id, '2026-11-24T12:00:00.000Z', 'ann');
    const found = async (parts: Record<string, unknown>, scope: Event['cameraId'][] | null = null) => (await repository.list(query(parts), scope)).items.map((item) => item.id);
    expect(await found({ state: 'confirmed' })).toEqual([mine.id]);
    expect(await found({ from: '2026-11-24T10:30:00Z' })).toEqual([other.id]);
    expect(await found({ to: '2026-11-24T12:00:00+01:00' })).toEqual([mine.id]);
    expect(await found({ camera: `${mine.cameraId},${newId()}` })).toEqual([mine.id]);
    expect(await found({ rule: other.ruleId })).toEqual([other.id]);
    expect(await found({ label: 'car,bus' })).toEqual([other.id]);
    expect(await found({ track: mine.trackId })).toEqual([mine.id]);
    expect(await found({ acknowledged: 'true' })).toEqual([mine.id]);
    expect(await found({ acknowledged: 'false' })).toEqual([other.id]);
    expect(await found({}, [mine.cameraId])).toEqual([mine.id]);
    expect(await found({ camera: other.cameraId }, [mine.cameraId])).toEqual([]);
    expect(await found({}, [])).toEqual([]);
    expect(await repository.find(other.id, [mine.cameraId])).toBeNull();
  });

  it('lists finished tracks within the scope', async () => {
    const track = { id: newId(), cameraId: newId(), label: 'person', score: 0.8, startedAt: '2026-11-24T10:00:00.000Z', endedAt: '2026-11-24T10:00:09.000Z', attributes: {}, path: [], detector: { id: 'nanodet-g-416', version: '1' } } as unknown as Track;
    await store.save([], [track, track]);
    expect(await repository.listTracks(TrackQuery.parse({}), null)).toEqual({ items: [track], nextCursor: null });
    expect((await repository.listTracks(TrackQuery.parse({ label: 'person' }), [newId()])).items).toEqual([]);
  });
});
