import { EventId, type CameraId, type Event } from '@argus/contracts';
import { newId, silentLogger } from '@argus/kernel';
import { sampleEvent } from '@argus/testing';
import { describe, expect, it } from 'vitest';
import { JournalFullError } from '../errors.js';
import type { JournalMessage } from '../journal/journal-entry.js';
import { FrameTimeline } from '../profile/frame-timeline.js';
import { EventRecorder, type PictureSource } from './event-recorder.js';
import { TrackRecorder } from './track-recorder.js';

function setUp() {
  const order: string[] = [];
  const written: Event[] = [];
  const journal = {
    full: false,
    append: async (make: (entry: string) => JournalMessage) => {
      if (journal.full) throw new JournalFullError('full');
      const message = make('entry');
      order.push(message.type);
      if (message.type === 'event') written.push(message.event);
    },
  };
  const blobs = { broken: false, put: async (key: string) => (blobs.broken ? Promise.reject(new Error('disk full')) : void order.push(key.replace(/.*-(\d+)/, 'blob-$1'))) };
  const recorder = new EventRecorder({ journal, blobs, bootId: newId(), log: silentLogger });
  return { order, written, journal, blobs, recorder };
}

/** Answers slowly: entries must wait for their pictures. */
const frame: PictureSource = { width: 200, height: 100, jpeg: async () => new Promise((resolve) => setTimeout(() => resolve(Uint8Array.of(1)), 5)) };
const change = (event: Event, picture = false) => ({ event, revised: true, picture: picture ? { box: { x: 10, y: 10, width: 20, height: 40 } } : null });
const event = (values: Partial<Event> = {}): Event => sampleEvent({ snapshotKey: null, thumbnailKey: null, ...values });

describe('EventRecorder', () => {
  it('stores pictures before the entry that names them, and keeps revisions in order', async () => {
    const { order, written, recorder } = setUp();
    const first = event({ id: EventId.parse(newId()), revision: 1 });
    void recorder.record([change(first, true)], frame);
    await recorder.record([change({ ...first, revision: 2 })], null);
    expect(order).toEqual(['blob-1.jpg', 'blob-1-thumbnail.jpg', 'event', 'event']);
    expect(written.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(written[0]?.snapshotKey).toMatch(/^events\/\d{4}\/\d\d\/\d\d\/.*-1\.jpg$/);
    expect(written[1]).toMatchObject({ snapshotKey: written[0]?.snapshotKey, thumbnailKey: written[0]?.thumbnailKey });
  });

  it('names a better picture in later revisions and tells nothing for the picture alone', async () => {
    const { written, recorder } = setUp();
    const one = event({ id: EventId.parse(newId()), revision: 1 });
    await recorder.record([change(one, true)], frame);
    await recorder.record([{ ...change(one, true), revised: false }], frame);
    await recorder.record([change({ ...one, revision: 2, state: 'ended' })], null);
    expect(written).toHaveLength(2);
    expect(written[1]?.snapshotKey).toMatch(/-2\.jpg$/);
  });

  it('tells an event whose picture is gone or cannot be stored', async () => {
    const { written, blobs, recorder } = setUp();
    await recorder.record([change(event(), true)], { ...frame, jpeg: async () => null });
    blobs.broken = true;
    await recorder.record([change(event({ id: EventId.parse(newId()) }), true)], frame);
    expect(written.map(({ snapshotKey }) => snapshotKey)).toEqual([null, null]);
  });

  it('shows a picture once in the trace of an event that it changed twice, and not at all while nobody collects', async () => {
    const { written, journal, blobs } = setUp();
    const timeline = new FrameTimeline({ cameraId: newId<CameraId>(), frame: 1, ptsUs: 0 }, []);
    const [one, asked] = [event({ id: EventId.parse(newId()), revision: 1 }), [] as [number, boolean][]];
    const trace = ({ revision }: Event, of: FrameTimeline | null) => (asked.push([revision, of === timeline]), undefined);
    const recorder = new EventRecorder({ journal, blobs, bootId: newId(), trace, log: silentLogger });
    await recorder.record([change(one), change({ ...one, revision: 2 })], { ...frame, timeline });
    await recorder.record([change({ ...one, revision: 3 })], { ...frame, timeline });
    await recorder.record([change({ ...one, revision: 4 })], frame);
    expect(asked).toEqual([[1, true], [2, false], [3, true], [4, false]]);
    expect(written).toHaveLength(4);
  });

  it('goes on after an entry that the journal did not take', async () => {
    const { written, journal, recorder } = setUp();
    journal.full = true;
    await recorder.record([change(event())], null);
    journal.full = false;
    await recorder.record([change(event({ revision: 2 }))], null);
    expect(written.map(({ revision }) => revision)).toEqual([2]);
  });
});

it('writes finished tracks of a second as one entry', async () => {
  const { journal, order } = setUp();
  const recorder = new TrackRecorder(journal, silentLogger);
  recorder.add([]);
  for (let i = 0; i < 120; i += 1) recorder.add([{ id: newId() } as never]);
  await recorder.flush();
  await recorder.flush();
  expect(order).toEqual(['tracks', 'tracks']);
});
