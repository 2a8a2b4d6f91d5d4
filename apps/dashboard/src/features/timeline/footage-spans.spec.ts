import { describe, expect, it } from 'vitest';
import { eventJump, footageJump, gapAt, knownFootage, spanEnd } from './footage-spans.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const known = knownFootage({ spans: [{ startAt: at(100), endAt: at(200) }, { startAt: at(300), endAt: at(400) }] }, { fromMs: 0, toMs: 1_000_000 }, 500_000);

describe('gaps in footage', () => {
  it('are told with where footage ends before and begins after', () => {
    expect(gapAt(known, 150_000)).toBeNull();
    expect(gapAt(known, 250_000)).toEqual({ fromMs: 200_000, toMs: 300_000 });
    expect(gapAt(known, 50_000)).toEqual({ fromMs: null, toMs: 100_000 });
    expect(gapAt(known, 450_000)).toEqual({ fromMs: 400_000, toMs: null });
  });

  it('are not claimed where nothing is known: before what was asked, and after it was asked', () => {
    expect(gapAt(known, -1)).toBeNull();
    expect(gapAt(known, 500_001)).toBeNull();
  });

  it('end films before them', () => {
    expect(spanEnd(known, 150_000)).toBe(200_000);
    expect(spanEnd(known, 250_000)).toBeNull();
  });
});

describe('jumps', () => {
  const cameras = [
    { spans: [{ startAt: at(100) }, { startAt: at(300) }], events: [{ startAt: at(120) }] },
    { spans: [{ startAt: at(350) }], events: [{ startAt: at(130) }, { startAt: at(360) }] },
  ];

  it('lead to just before the next event of any camera, and from there to the one after it', () => {
    expect(eventJump(cameras, 100_000, 1)).toBe(117_000);
    expect(eventJump(cameras, 117_000, 1)).toBe(127_000);
    expect(eventJump(cameras, 127_000, -1)).toBe(117_000);
    expect(eventJump(cameras, 357_000, 1)).toBeNull();
  });

  it('lead to where footage begins', () => {
    expect(footageJump(cameras, 100_000, 1)).toBe(300_000);
    expect(footageJump(cameras, 340_000, -1)).toBe(300_000);
    expect(footageJump(cameras, 100_000, -1)).toBeNull();
  });
});
