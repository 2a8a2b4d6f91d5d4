import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, LONGEST_VIEW_MS, SHORTEST_VIEW_MS, blockOf, panView, pixelAt, spanOf, timeAt, viewWith, zoomView } from './time-view.js';

const view = { fromMs: Date.UTC(2026, 10, 28, 8), toMs: Date.UTC(2026, 10, 28, 9) };
const anyView = fc.tuple(fc.integer({ min: 1.6e12, max: 1.9e12 }), fc.integer({ min: SHORTEST_VIEW_MS, max: LONGEST_VIEW_MS })).map(([fromMs, span]) => ({ fromMs, toMs: fromMs + span }));

describe('the ruler\'s view', () => {
  it('turns time into pixels and back', () => {
    expect(pixelAt(view, view.fromMs, 1000)).toBe(0);
    expect(pixelAt(view, view.fromMs + HOUR_MS / 4, 1000)).toBe(250);
    expect(timeAt(view, 500, 1000)).toBe(view.fromMs + HOUR_MS / 2);
    fc.assert(fc.property(anyView, fc.double({ min: 0, max: 4000, noNaN: true }), fc.integer({ min: 1, max: 4000 }), (one, x, width) => Math.abs(pixelAt(one, timeAt(one, x, width), width) - x) < 0.01));
  });

  it('keeps the time under the pointer when it zooms, from a minute to a day of 25 hours', () => {
    fc.assert(
      fc.property(anyView, fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (one, factor, share) => {
        const anchor = one.fromMs + share * spanOf(one);
        const zoomed = zoomView(one, factor, anchor);
        expect(spanOf(zoomed)).toBeGreaterThanOrEqual(SHORTEST_VIEW_MS - 1);
        expect(spanOf(zoomed)).toBeLessThanOrEqual(LONGEST_VIEW_MS + 1);
        expect(pixelAt(zoomed, anchor, 1000)).toBeCloseTo(share * 1000, 1);
      }),
    );
  });

  it('moves along only when what is played leaves it', () => {
    expect(viewWith(view, view.fromMs + 1)).toBe(view);
    const moved = viewWith(view, view.toMs + 1000);
    expect(spanOf(moved)).toBe(HOUR_MS);
    expect(pixelAt(moved, view.toMs + 1000, 1000)).toBeCloseTo(100);
  });

  it('asks for blocks that hold all of it, and for the same one while it moves a little', () => {
    fc.assert(
      fc.property(anyView, (one) => {
        const block = blockOf(one);
        expect(block.fromMs).toBeLessThanOrEqual(one.fromMs);
        expect(block.toMs).toBeGreaterThanOrEqual(one.toMs);
        expect(spanOf(block)).toBeLessThanOrEqual(4 * spanOf(one) + 1);
      }),
    );
    expect(blockOf(panView(view, 60_000))).toEqual(blockOf(view));
  });
});
