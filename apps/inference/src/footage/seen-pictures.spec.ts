import type { CameraId, TrackedObject, TrackId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { SeenPictures } from './seen-pictures.js';

const FRAME = { width: 1000, height: 500 };
const model = { id: 'p' as never, version: '1' };
const object = (number: number, x = 100): TrackedObject => ({
  trackId: newId<TrackId>(), number, label: 'person', score: 0.123456, box: { x, y: 50, width: 10.04, height: 100 }, firstSeenUs: 0, observed: true, stationarySeconds: 0,
  attributes: { posture: { label: 'upright', score: 0.9, candidates: [{ label: 'fallen', score: 0.1 }], model, settled: true } },
});
const place = { cameraId: newId<CameraId>(), run: 3, connection: 2 };

describe('SeenPictures', () => {
  it('gives what was seen from the segment\'s first picture on, in shares of the picture, without what says nothing', () => {
    const seen = new SeenPictures();
    const one = object(1);
    for (const [ptsUs, objects] of [[900_000, [object(9)]], [1_000_000, []], [1_100_000, []], [1_400_500, [one]], [1_300_000, [one, object(2)]], [1_500_000, []], [1_600_000, []], [2_000_000, [one]]] as const) seen.see(place, ptsUs, FRAME, objects);
    const pictures = seen.of(place, { startUs: 1_000_000, endUs: 2_000_000 });
    expect(pictures.map(({ atMs, objects }) => [atMs, objects.map(({ number }) => number)])).toEqual([[300, [1, 2]], [400.5, [1]], [500, []]]);
    expect(pictures[1]?.objects).toEqual([{ trackId: one.trackId, number: 1, label: 'person', score: 0.1235, box: { x: 0.1, y: 0.1, width: 0.01, height: 0.2 }, attributes: { posture: { label: 'upright', score: 0.9, candidates: [], model, settled: true } } }]);
  });

  it('keeps cameras, runs and connections apart', () => {
    const seen = new SeenPictures();
    seen.see(place, 0, FRAME, [object(1)]);
    seen.see({ ...place, connection: 3 }, 0, FRAME, [object(2)]);
    const numbers = (ref: typeof place) => seen.of(ref, { startUs: 0, endUs: 1 }).flatMap(({ objects }) => objects.map(({ number }) => number));
    expect([place, { ...place, connection: 3 }, { ...place, run: 4 }, { ...place, cameraId: newId<CameraId>() }].map(numbers)).toEqual([[1], [2], [], []]);
    seen.forget(place.cameraId);
    expect(numbers(place)).toEqual([]);
  });

  it('holds a minute, also over a new connection, and a bounded number of pictures', () => {
    const seen = new SeenPictures();
    const all = { startUs: 0, endUs: 1e12 };
    for (let index = 0; index < 100; index += 1) seen.see(place, index * 1_000_000, FRAME, [object(1)]);
    expect(seen.of(place, all)).toHaveLength(61);
    const next = { ...place, connection: 3 };
    for (let index = 0; index < 50; index += 1) seen.see(next, index * 1_000_000, FRAME, [object(1)]);
    expect([seen.of(place, all).length, seen.of(next, all).length]).toEqual([61, 50]);
    for (let index = 50; index < 70; index += 1) seen.see(next, index * 1_000_000, FRAME, [object(1)]);
    expect([seen.of(place, all).length, seen.of(next, all).length]).toEqual([0, 61]);
    for (let index = 0; index < 5000; index += 1) seen.see(next, 70_000_000 + index * 1000, FRAME, [object(1)]);
    expect(seen.of(next, all)).toHaveLength(1200);
  });

  it('thins out what would be too much for a row', () => {
    const seen = new SeenPictures();
    const crowd = Array.from({ length: 40 }, (_, number) => object(number + 1));
    for (let index = 0; index < 300; index += 1) seen.see(place, index * 33_333, FRAME, crowd);
    const pictures = seen.of(place, { startUs: 0, endUs: 10_000_000 });
    expect(pictures).toHaveLength(75);
    expect(pictures[1]?.atMs).toBeCloseTo(133.332, 3);
  });
});
