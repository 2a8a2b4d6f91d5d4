import type { BoxPixels, Detections, TrackId, TrackedObject } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tracker } from './tracker.js';
import type { TrackerOptions } from './tracker-options.js';

type Seen = BoxPixels & { readonly score?: number; readonly label?: 'person' | 'car' | 'truck' };
const NAMES = ['person', 'car', 'truck'];
const SIZE = { width: 1280, height: 720 };

function detectionsOf(seen: readonly Seen[]): Detections {
  return {
    count: seen.length,
    boxes: Float32Array.from(seen.flatMap(({ x, y, width, height }) => [x, y, width, height])),
    scores: Float32Array.from(seen, ({ score = 0.8 }) => score),
    labels: Uint16Array.from(seen, ({ label = 'person' }) => NAMES.indexOf(label)),
    labelNames: NAMES,
  };
}

function openTracker(options: Partial<TrackerOptions> = {}): Tracker {
  let ids = 0;
  return new Tracker({ newId: () => `id-${(ids += 1)}` as TrackId, ...options });
}

/** Runs a scene at a rate and returns the objects of every picture. */
function run(scene: (second: number) => readonly Seen[], seconds: number, fps: number, tracker = openTracker(), from = 0): TrackedObject[][] {
  return Array.from({ length: Math.round(seconds * fps) }, (_, i) => {
    const second = from + i / fps;
    return tracker.update(detectionsOf(scene(second)), { ...SIZE, ptsUs: Math.round(second * 1e6) });
  });
}

const numbersOf = (pictures: readonly TrackedObject[][]) => [...new Set(pictures.flat().map(({ number }) => number))];
const person = (x: number, y = 300, part: Partial<Seen> = {}): Seen => ({ x, y, width: 40, height: 100, ...part });
const car = (x = 600, part: Partial<Seen> = {}): Seen => ({ x, y: 350, width: 160, height: 90, label: 'car', ...part });

describe('another size of picture', () => {
  it('keeps objects, their stay and their boxes, seen or not', () => {
    const tracker = openTracker();
    const before = run((second) => [car(), person(100 + 60 * second)], 6, 10, tracker);
    const half = { width: 640, height: 540 };
    const inHalf = (seen: readonly Seen[]) => seen.map((one) => ({ ...one, x: one.x / 2, y: one.y * 0.75, width: one.width / 2, height: one.height * 0.75 }));
    // Of the car nothing is seen in the first pictures of the new size.
    const after = Array.from({ length: 20 }, (_, i) => {
      const second = 6 + i / 10;
      return tracker.update(detectionsOf(inHalf([...(i < 3 ? [] : [car()]), person(100 + 60 * second)])), { ...half, ptsUs: Math.round(second * 1e6) });
    });
    expect(numbersOf(before)).toEqual([1, 2]);
    for (const objects of after) expect(objects.map(({ number }) => number)).toEqual([1, 2]);
    for (const objects of after) {
      const box = objects[0]?.box;
      expect([box?.x, box?.y, box?.width, box?.height].map((value) => Math.round((value ?? 0) / 2) * 2)).toEqual([300, 262, 80, 68]);
    }
    expect(after[0]?.[0]?.observed).toBe(false);
    expect(after.at(-1)?.[0]?.stationarySeconds).toBeGreaterThan(7);
    expect(after.at(-1)?.[1]?.box.x).toBeCloseTo((100 + 60 * 7.9) / 2, -1);
  });
});

describe('identity', () => {
  it.each([25, 10, 5, 2])('one walker is one object at %i fps', (fps) => {
    const pictures = run((second) => [person(100 + 60 * second)], 10, fps);
    expect(numbersOf(pictures)).toEqual([1]);
    expect(pictures.at(-1)?.[0]).toMatchObject({ trackId: 'id-1', number: 1, label: 'person', observed: true, firstSeenUs: 0, stationarySeconds: 0 });
  });

  it.each([25, 10, 5])('two who pass each other keep their numbers at %i fps', (fps) => {
    const pictures = run((second) => [person(100 + 80 * second, 300), person(900 - 80 * second, 325)], 10, fps);
    expect(numbersOf(pictures)).toHaveLength(2);
    const left = pictures.at(-1)?.find(({ box }) => box.x < 500);
    const first = pictures.find((objects) => objects.length === 2)?.find(({ box }) => box.x > 500);
    expect(left?.number).toBe(first?.number);
  });

  it.each([10, 5])('one who vanishes behind a pillar for a second comes out as the same at %i fps', (fps) => {
    const pictures = run((second) => (second > 4 && second < 5 ? [] : [person(100 + 60 * second)]), 8, fps);
    expect(numbersOf(pictures)).toEqual([1]);
  });

  it('a weak detection carries an object on but starts none', () => {
    expect(numbersOf(run(() => [person(100, 300, { score: 0.35 })], 5, 10))).toEqual([]);
    const pictures = run((second) => [person(100 + 20 * second, 300, { score: second < 2 ? 0.8 : 0.35 })], 6, 10);
    expect(numbersOf(pictures)).toEqual([1]);
    expect(pictures.at(-1)?.[0]?.observed).toBe(true);
  });

  it('weak detections alone do not carry it for ever: a post resembles a person', () => {
    const tracker = openTracker();
    run((second) => [person(300 + (second < 3 ? 40 * (3 - second) : 0))], 3, 10, tracker);
    const after = run(() => [person(300, 300, { score: 0.3 })], 20, 10, tracker, 3);
    expect(after[30]).toHaveLength(1);
    expect(after.at(-1)).toEqual([]);
  });

  it('a single false detection is never reported', () => {
    expect(run((second) => (Math.round(second * 10) % 20 === 5 ? [person(300)] : []), 10, 10).flat()).toEqual([]);
  });

  it('a detector that cannot decide between car and truck sees one object', () => {
    const pictures = run((second) => [car(100 + 30 * second, { label: Math.round(second * 10) % 3 === 0 ? 'truck' : 'car' })], 10, 10);
    expect(numbersOf(pictures)).toEqual([1]);
    expect(pictures.at(-1)?.[0]?.label).toBe('car');
  });

  it('is the same twice', () => {
    const noisy = (second: number) => [person(100 + 60 * second + 5 * Math.sin(second * 50)), person(700 - 40 * second, 350, { score: 0.3 + 0.3 * Math.abs(Math.sin(second * 9)) }), car()];
    expect(run(noisy, 10, 10)).toEqual(run(noisy, 10, 10));
  });
});

describe('an object that is not seen', () => {
  it('is reported for a moment with a predicted box, then not, then finished', () => {
    const tracker = openTracker();
    run((second) => [person(100 + 60 * second)], 3, 10, tracker);
    const after = run(() => [], 6, 10, tracker, 3);
    expect(after[0]?.[0]).toMatchObject({ number: 1, observed: false });
    expect(after[0]?.[0]?.box.x).toBeGreaterThan(100 + 60 * 2.9);
    expect(after.at(-1)).toEqual([]);
    const [finished, ...more] = tracker.takeFinished();
    expect(more).toEqual([]);
    expect(finished).toMatchObject({ trackId: 'id-1', label: 'person', firstSeenUs: 0, lastSeenUs: 2_900_000 });
    expect(finished?.score).toBeCloseTo(0.8, 5);
    expect(finished?.path.length).toBeGreaterThan(5);
    expect(tracker.takeFinished()).toEqual([]);
  });

  it('is not predicted beyond the rim of the picture', () => {
    const tracker = openTracker();
    run((second) => [person(1000 + 120 * second)], 2, 10, tracker);
    const boxes = run(() => [], 2, 10, tracker, 2).flat().map(({ box }) => box.x);
    expect(Math.max(0, ...boxes)).toBeLessThan(SIZE.width);
  });

  it('ends when media time runs backwards, and when everything ends', () => {
    const tracker = openTracker();
    run(() => [person(100)], 2, 10, tracker, 100);
    run(() => [person(100)], 2, 10, tracker, 0);
    expect(tracker.finishAll().map(({ number, lastSeenUs }) => [number, lastSeenUs])).toEqual([[1, 101_900_000], [2, 1_900_000]]);
    expect(tracker.finishAll()).toEqual([]);
  });
});

describe('an object that stands still', () => {
  const jitter = (second: number) => 3 * Math.sin(second * 37) + 2 * Math.sin(second * 91);
  const parked = (second: number) => car(600 + jitter(second));

  it('is one object for hours, seen rarely and missed often', () => {
    const tracker = openTracker();
    run((second) => [parked(second)], 20, 5, tracker);
    const hours = Array.from({ length: 2000 }, (_, i) => {
      const second = 20 + i * 5;
      return tracker.update(detectionsOf(i % 3 === 0 ? [parked(second)] : []), { ...SIZE, ptsUs: second * 1e6 });
    });
    expect(numbersOf(hours)).toEqual([1]);
    expect(hours.at(-2)?.[0]?.stationarySeconds).toBeGreaterThan(9000);
    expect(tracker.takeFinished()).toEqual([]);
  });

  it('stays itself while people and a bus pass in front of it', () => {
    const bus = (second: number): Seen => ({ x: -400 + 80 * second, y: 250, width: 400, height: 250, label: 'truck' });
    const scene = (second: number) => {
      const passing = second > 10 ? [bus(second - 10), person(1300 - 70 * (second - 10), 330)] : [];
      const hidden = second > 10 && bus(second - 10).x < 680 && bus(second - 10).x > 280;
      return hidden ? passing : [parked(second), ...passing];
    };
    const pictures = run(scene, 40, 5);
    const cars = pictures.flat().filter(({ label }) => label === 'car');
    expect(numbersOf([cars])).toEqual([1]);
    expect(cars.at(-1)?.stationarySeconds).toBeGreaterThan(35);
  });

  it('moves again when it drives off', () => {
    const pictures = run((second) => [second < 20 ? parked(second) : car(600 + 60 * (second - 20))], 25, 5);
    expect(numbersOf(pictures)).toEqual([1]);
    expect(pictures.at(-1)?.[0]?.stationarySeconds).toBe(0);
  });

  it('is forgotten in the end when it left unseen', () => {
    const tracker = openTracker();
    run((second) => [parked(second)], 20, 5, tracker);
    const after = run(() => [], 40, 5, tracker, 20);
    expect(after.at(-1)).toEqual([]);
    expect(tracker.takeFinished()).toHaveLength(1);
  });
});

it('never reports two objects with one number, nor a number twice for different ids, whatever it is shown', () => {
  const anyone = fc.record({ x: fc.integer({ min: -50, max: 1300 }), y: fc.integer({ min: -50, max: 740 }), width: fc.integer({ min: 0, max: 200 }), height: fc.integer({ min: 0, max: 300 }), score: fc.double({ min: 0, max: 1, noNaN: true }), label: fc.constantFrom('person' as const, 'car' as const) });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(anyone, { maxLength: 6 }), fc.integer({ min: 0, max: 3_000_000 })), { maxLength: 40 }), (pictures) => {
      const tracker = openTracker();
      const ids = new Map<number, string>();
      let ptsUs = 0;
      for (const [seen, wait] of pictures) {
        ptsUs += wait;
        const objects = tracker.update(detectionsOf(seen), { ...SIZE, ptsUs });
        expect(new Set(objects.map(({ number }) => number)).size).toBe(objects.length);
        for (const { number, trackId, box } of objects) {
          expect(ids.get(number) ?? trackId).toBe(trackId);
          ids.set(number, trackId);
          expect([box.x, box.y, box.width, box.height].every(Number.isFinite)).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});
