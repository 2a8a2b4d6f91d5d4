import type { CameraId, RecordingSegment, SegmentId, TrackId } from '@argus/contracts';
import { newId, silentLogger, systemClock } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { FootageJournal } from './footage-journal.js';

const cameraId = newId<CameraId>();
const segmentOf = (): RecordingSegment => ({ id: newId<SegmentId>(), cameraId, connection: 1, path: 'x', pictures: [] }) as unknown as RecordingSegment;
const media = { startUs: 0, endUs: 10_000_000 };
const object = { trackId: newId<TrackId>(), number: 1, label: 'person', score: 1, box: { x: 0, y: 0, width: 1, height: 1 }, firstSeenUs: 0, observed: true, stationarySeconds: 0, attributes: {} };

function setUp(isCrowded = false) {
  const told: RecordingSegment[] = [];
  const journal = { isCrowded, append: async (make: (entry: string) => unknown) => void told.push((make('e') as { segment: RecordingSegment }).segment) };
  return { told, footage: new FootageJournal({ root: '/none', journal: journal as never, clock: systemClock, log: silentLogger }) };
}
const see = (footage: FootageJournal) => footage.seen.see({ cameraId, run: 1, connection: 1 }, 9_900_000, { width: 10, height: 10 }, [object]);

describe('FootageJournal', () => {
  it('waits for the last pictures of a file, and no longer than the engine lives', () => {
    const { told, footage } = setUp();
    const [one, other] = [segmentOf(), segmentOf()];
    footage.finished(one, 1, media);
    see(footage);
    footage.finished(other, 2, media);
    expect(told).toEqual([]);
    footage.close();
    expect(told.map(({ id, pictures }) => [id, pictures.map(({ atMs }) => atMs)])).toEqual([[one.id, [9900]], [other.id, []]]);
  });

  it('tells of what is found on the disk unless it was told before, or will be', () => {
    const { told, footage } = setUp();
    const [known, waiting, found] = [segmentOf(), segmentOf(), segmentOf()];
    footage.finished(known, 1, media);
    footage.close();
    footage.finished(waiting, 1, media);
    for (const segment of [known, waiting, found, found]) footage.finished(segment, 0, null);
    expect(told.map(({ id }) => id)).toEqual([known.id, found.id]);
    footage.close();
    expect(told.map(({ id }) => id)).toEqual([known.id, found.id, waiting.id]);
  });

  it('leaves out what was seen while the gateway is away for long: footage has to be found again', () => {
    const { told, footage } = setUp(true);
    see(footage);
    footage.finished(segmentOf(), 1, media);
    footage.close();
    expect(told.map(({ pictures }) => pictures)).toEqual([[]]);
  });
});
