import type { TrackId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { labelRgb } from './label-rgb.js';
import type { SeenPicture } from './recorded-pictures.js';
import { neighboursOf, paintOf } from './seen-objects.js';

const [one, other] = [newId<TrackId>(), newId<TrackId>()];
const object = (trackId: TrackId, x: number, label = 'person'): SeenPicture['objects'][number] => ({ trackId, number: 7, label, score: 0.9, box: { x, y: 0.2, width: 0.1, height: 0.3 }, attributes: {} });
const pictures: SeenPicture[] = [
  { wallMs: 1000, objects: [object(one, 0.1)] },
  { wallMs: 1500, objects: [object(one, 0.2), object(other, 0.6, 'car')] },
  { wallMs: 2000, objects: [] },
  { wallMs: 9000, objects: [object(other, 0.5)] },
];
const boxesAt = (wallMs: number) => paintOf(pictures, wallMs, { boxes: true, blur: [] })?.boxes ?? [];
const hiddenAt = (wallMs: number, part: 'whole' | 'head' = 'whole', label = 'person') => paintOf(pictures, wallMs, { boxes: false, blur: [{ label, part }] })?.hidden ?? [];

describe('neighboursOf', () => {
  it.each([
    [999, null, 1000],
    [1000, 1000, 1500],
    [1499, 1000, 1500],
    [2500, 2000, null],
    [3001, null, null],
    [8000, null, 9000],
    [10_001, null, null],
  ])('at %i finds %j and %j', (wallMs, before, after) => {
    const near = neighboursOf(pictures, wallMs);
    expect([near.before?.wallMs ?? null, near.after?.wallMs ?? null]).toEqual([before, after]);
  });
});

describe('paintOf', () => {
  it('moves a box evenly between two pictures, by its track', () => {
    expect(boxesAt(1000)[0]?.box.x).toBeCloseTo(0.1);
    expect(boxesAt(1250)[0]?.box.x).toBeCloseTo(0.15);
    expect(boxesAt(1250)).toMatchObject([{ text: 'person 7', rgb: labelRgb('person') }]);
  });

  it('holds what is not in the next picture until it comes, and for a second at most', () => {
    expect(boxesAt(1750).map(({ text }) => text)).toEqual(['person 7', 'car 7']);
    expect(boxesAt(2000)).toEqual([]);
    expect(boxesAt(9900)).toHaveLength(1);
    expect(boxesAt(10_100)).toEqual([]);
  });

  it('hides with a margin, already where the object is about to appear, and only the labels that were named', () => {
    expect(hiddenAt(1250)).toHaveLength(1);
    const box = hiddenAt(1000)[0] ?? { x: 1, width: 0 };
    expect([box.x < 0.1, box.x + box.width > 0.2]).toEqual([true, true]);
    expect(hiddenAt(1250, 'whole', 'car')).toMatchObject([{ y: expect.any(Number) }]);
    expect(hiddenAt(8500)).toHaveLength(1);
    expect(hiddenAt(7000)).toEqual([]);
    expect(hiddenAt(1000, 'whole', 'dog')).toEqual([]);
  });

  it('hides heads alone where that is enough', () => {
    const [whole, head] = [hiddenAt(1000)[0]?.height ?? NaN, hiddenAt(1000, 'head')[0]?.height];
    expect(head).toBeCloseTo(whole / 3);
  });

  it('asks for nothing where there is nothing to paint', () => expect(paintOf(pictures, 5000, { boxes: true, blur: [{ label: 'person', part: 'whole' }] })).toBeNull());
});
