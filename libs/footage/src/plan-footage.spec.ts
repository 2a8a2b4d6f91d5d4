import { describe, expect, it } from 'vitest';
import { SOUND_OVERHANG_MS } from './fragment-head.js';
import { planFootage } from './plan-footage.js';
import type { SegmentDescription } from './segment-description.js';

/** Groups of 2 s and 1000 bytes behind a head of 100 bytes. */
function segment(startMs: number, groups: number, headId = 'a'): SegmentDescription {
  const fragments = Array.from({ length: groups }, (_unused, index) => ({ offset: 100 + index * 1000, bytes: 1000, startMs: index * 2000, durationMs: 2000, packets: 50 }));
  return { id: `s${startMs}`, path: `/f/${startMs}-s.mp4`, startMs, endMs: startMs + groups * 2000, bytes: 100 + groups * 1000, headBytes: 100, headId, codec: 'h264', codecString: 'avc1.64001f', width: 64, height: 48, hasAudio: false, connection: null, fragments };
}
const pieces = (plan: ReturnType<typeof planFootage>) => plan?.pieces.map(({ segment: { startMs }, first, last }) => [startMs, first, last]);
const ROW = [segment(10_000, 5), segment(20_000, 5), segment(30_000, 5)];

describe('planFootage', () => {
  it.each([
    ['within a group', 13_000, 13_500, [[10_000, 1, 1]], 12_000, 14_000],
    ['from one group into the next', 13_000, 15_000, [[10_000, 1, 2]], 12_000, 16_000],
    ['up to a border, which is not in it', 12_000, 14_000, [[10_000, 1, 1]], 12_000, 14_000],
    ['over segments', 19_000, 31_000, [[10_000, 4, 4], [20_000, 0, 4], [30_000, 0, 0]], 18_000, 32_000],
    ['from before the first to behind the last', 0, 99_000, [[10_000, 0, 4], [20_000, 0, 4], [30_000, 0, 4]], 10_000, 40_000],
  ])('%s', (_name, fromMs, toMs, wanted, startMs, endMs) => {
    const plan = planFootage(ROW, fromMs, toMs);
    expect(pieces(plan)).toEqual(wanted);
    const groups = wanted.reduce((sum, [, first, last]) => sum + (last as number) - (first as number) + 1, 0);
    expect(plan).toMatchObject({ startMs, endMs, durationMs: endMs - startMs, bytes: 100 + groups * 1000, gaps: [], nextMs: null });
  });

  it.each([[0, 10_000], [40_000, 50_000], [15_000, 15_000], [16_000, 12_000]])('finds nothing in [%i, %i)', (fromMs, toMs) => {
    expect(planFootage(ROW, fromMs, toMs)).toBeNull();
  });

  it('closes up gaps and lists them', () => {
    const plan = planFootage([segment(10_000, 5), segment(50_000, 5), segment(60_300, 5)], 15_000, 99_000);
    expect(plan?.gaps).toEqual([{ fromMs: 20_000, toMs: 50_000, atMs: 6000 }]);
    expect(plan?.durationMs).toBe(26_000);
  });

  it('lets sound end before what does not follow on begins', () => {
    const heard = [segment(10_000, 5), segment(20_001, 5), segment(50_000, 5)].map((one) => ({ ...one, hasAudio: true }));
    const plan = planFootage(heard, 15_000, 99_000);
    expect(plan?.pieces.map(({ atMs }) => atMs)).toEqual([0, 6000, 16_000 + SOUND_OVERHANG_MS]);
    expect(plan?.gaps).toEqual([{ fromMs: 30_001, toMs: 50_000, atMs: 16_000 + SOUND_OVERHANG_MS }]);
    expect(plan?.durationMs).toBe(26_000 + SOUND_OVERHANG_MS);
  });

  it('begins behind a gap that it is asked to begin in', () => {
    expect(planFootage([segment(10_000, 5), segment(50_000, 5)], 30_000, 51_000)).toMatchObject({ startMs: 50_000, gaps: [] });
  });

  it('ends where the pictures change, and goes on from there when asked', () => {
    const row = [segment(10_000, 5), segment(20_000, 5, 'b'), segment(30_000, 5)];
    const first = planFootage(row, 12_000, 99_000);
    expect(first).toMatchObject({ startMs: 12_000, endMs: 20_000, nextMs: 20_000 });
    const second = planFootage(row, first?.nextMs ?? 0, 99_000);
    expect(second).toMatchObject({ startMs: 20_000, endMs: 30_000, nextMs: 30_000 });
    expect(planFootage(row, second?.nextMs ?? 0, 99_000)).toMatchObject({ startMs: 30_000, nextMs: null });
  });

  it('makes progress where segments overlap because a clock was set back', () => {
    const row = [segment(10_000, 5), segment(15_000.5, 5, 'b')];
    const next = planFootage(row, 10_000, 99_000)?.nextMs;
    expect(next).toBe(20_000);
    expect(pieces(planFootage(row, next ?? 0, 99_000))).toEqual([[15_000.5, 2, 4]]);
  });
});
