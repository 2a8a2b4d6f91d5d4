import type { CameraId, SegmentId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRemoval, type CameraStock } from './removal-choice.js';
import type { StoredFile } from './retention-rows.js';

function stock(starts: readonly number[], { weight = 1, bytes = 10, more = false } = {}): CameraStock {
  const cameraId = newId<CameraId>();
  const files: StoredFile[] = starts.map((start) => ({ id: newId<SegmentId>(), camera_id: cameraId, path: `${cameraId}/${start}`, start_at: new Date(start), bytes: String(bytes), tier: 'local' }));
  return { cameraId, bytes: files.length * bytes, weight, files, more };
}
const starts = (files: readonly StoredFile[]) => files.map(({ start_at }) => start_at.getTime());

describe('what goes when room is needed', () => {
  it('is the oldest of all cameras', () => {
    expect(starts(chooseRemoval([stock([1, 4, 5]), stock([2, 3, 6])], 30))).toEqual([1, 2, 3]);
    expect(chooseRemoval([stock([1])], 0)).toEqual([]);
  });

  it('leaves a camera with nothing but old footage half of its share', () => {
    const old = stock([1, 2, 3, 4]);
    const busy = stock([10, 11, 12, 13]);
    expect(starts(chooseRemoval([old, busy], 40))).toEqual([1, 2, 10, 11]);
  });

  it('leaves a weightier camera more', () => {
    expect(starts(chooseRemoval([stock([1, 2, 3, 4], { weight: 3 }), stock([10, 11, 12, 13])], 40))).toEqual([1, 10, 11, 12]);
  });

  it('is everything in the end, if nothing less is enough', () => {
    expect(chooseRemoval([stock([1, 2]), stock([3, 4])], 1e9)).toHaveLength(4);
  });

  it('is what was recorded first, also where the clock was set back', () => {
    const setBack = { atMs: 100, nowMs: 200 };
    expect(starts(chooseRemoval([stock([50, 900, 901, 110, 120]), stock([60, 950, 105])], 80, setBack))).toEqual([50, 60, 900, 901, 950, 105, 110, 120]);
  });

  it('waits for more where the next of a camera are not known', () => {
    const some = stock([1, 2], { more: true });
    expect(starts(chooseRemoval([{ ...some, bytes: 100 }, stock([3, 4, 5])], 50))).toEqual([1, 2]);
  });

  it('is enough and no file more, and never takes a spared camera’s while another has more than its floor', () => {
    const cameras = fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(cameras, fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const stocks = all.map((one) => stock(one.toSorted((a, b) => a - b)));
        const total = stocks.reduce((sum, { bytes }) => sum + bytes, 0);
        const wanted = (total * percent) / 100;
        const chosen = chooseRemoval(stocks, wanted);
        expect(chosen.length).toBe(Math.ceil(wanted / 10));
        expect(new Set(chosen).size).toBe(chosen.length);
        const floor = total / stocks.length / 2;
        if (wanted <= total / 2 - 10 * stocks.length) {
          for (const { files, bytes } of stocks) expect(bytes - chosen.filter((file) => files.includes(file)).length * 10).toBeGreaterThan(Math.min(bytes, floor) - 10);
        }
      }),
    );
  });
});
