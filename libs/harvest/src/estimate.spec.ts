import { HarvestPreview, HarvestSampling } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFrames, evenTimes } from './choose-frames.js';
import { framesAtMost, harvestPreview, pictureBytes, type CameraFootage } from './estimate.js';
import { NO_MARKS } from './eligible-spans.js';

const HOUR: CameraFootage = { name: 'Gate', segments: 360, seconds: 3600, bytes: 1.8e9, pictures: 90_000, keyframes: 1800, motionSeconds: 600, eventSeconds: 0, objectPictures: 50, width: 1920, height: 1080, taken: 0 };
const recipe = (sampling: object, parts: object = {}) => ({ sampling: HarvestSampling.parse(sampling), size: { kind: 'original' } as const, jpegQuality: 92, quotaPerCamera: null, ...parts });

describe('framesAtMost', () => {
  it.each([
    [{ kind: 'frames', every: 200 }, 810],
    [{ kind: 'frames', every: 1 }, 90_000],
    [{ kind: 'seconds', every: 10 }, 720],
    [{ kind: 'keyframes' }, 1800],
    [{ kind: 'motion', every: 1 }, 960],
    [{ kind: 'events', every: 1 }, 0],
    [{ kind: 'objects', every: 1 }, 50],
  ])('%j: %d', (sampling, frames) => expect(framesAtMost(HarvestSampling.parse(sampling), HOUR)).toBe(frames));

  it('is never less than what is chosen', () => {
    fc.assert(
      fc.property(fc.constantFrom('frames', 'seconds'), fc.integer({ min: 1, max: 30 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), fc.nat(9999), (kind, every, lengths, shiftMs) => {
        const sampling = HarvestSampling.parse({ kind, every });
        let [lastSlot, startMs, chosen]: [number | null, number, number] = [null, Date.parse('2026-11-28T19:00:00Z') + shiftMs, 0];
        for (const length of lengths) {
          const answer = chooseFrames({ frames: { startMs, ptsUs: evenTimes(25, length) }, intervals: null, sampling, marks: NO_MARKS, lastSlot });
          [lastSlot, startMs, chosen] = [answer.lastSlot, startMs + length * 40, chosen + answer.ptsUs.length];
        }
        const pictures = lengths.reduce((sum, length) => sum + length, 0);
        expect(framesAtMost(sampling, { ...HOUR, segments: lengths.length, pictures, seconds: pictures / 25 })).toBeGreaterThanOrEqual(chosen);
      }),
    );
  });
});

describe('harvestPreview', () => {
  it('adds up cameras, each within its quota, less what earlier runs took', () => {
    const cameras = [HOUR, { ...HOUR, name: '北门', taken: 80 }, { ...HOUR, name: 'Old', taken: 200 }];
    const preview = harvestPreview(recipe({ kind: 'seconds', every: 10 }, { quotaPerCamera: 100 }), cameras, { footageSecondsPerSecond: 90, picturesPerSecond: 2 });
    expect(HarvestPreview.parse(preview)).toMatchObject({ cameras: 3, cameraNames: ['Gate', '北门', 'Old'], segments: 1080, footageSeconds: 10_800, footageBytes: 5.4e9, frames: 120, minutes: 3 });
    expect(preview.bytes / 120).toBeCloseTo(1920 * 1080 * 0.4, -1);
  });

  it('does not guess a time, and is nothing of nothing', () => {
    expect(harvestPreview(recipe({ kind: 'keyframes' }), [], null)).toEqual({ cameras: 0, cameraNames: [], segments: 0, footageSeconds: 0, footageBytes: 0, frames: 0, bytes: 0, minutes: null, videos: null });
  });

  it('knows that small pictures of low quality are small, and that nothing is enlarged', () => {
    const bytes = (parts: object): number => pictureBytes({ size: { kind: 'original' }, jpegQuality: 92, ...parts }, HOUR);
    expect(bytes({ size: { kind: 'fit', width: 640, height: 640 } })).toBeCloseTo(bytes({}) / 9, 3);
    expect(bytes({ size: { kind: 'fit', width: 8192, height: 8192 } })).toBe(bytes({}));
    const sizes = Array.from({ length: 71 }, (_, index) => bytes({ jpegQuality: 30 + index }));
    expect(sizes.every((size, index) => index === 0 || size > (sizes[index - 1] as number))).toBe(true);
  });
});
