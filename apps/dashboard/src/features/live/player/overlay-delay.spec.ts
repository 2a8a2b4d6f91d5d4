import { expect, it } from 'vitest';
import { LONGEST_MS, OverlayDelay, SHORTEST_MS } from './overlay-delay.js';

function after(lagMs: number, gapMs: number, count = 60, delay = new OverlayDelay(), from = 0): OverlayDelay {
  for (let i = 0; i < count; i += 1) delay.add((from + i * gapMs) * 1000, lagMs);
  return delay;
}

it('stays short while analysis keeps up', () => expect(after(180, 200).delayMs).toBe(SHORTEST_MS));
it('grows to what a busy machine needs: lag and one gap', () => expect(after(1300, 800).delayMs).toBe(2100));
it('never grows beyond its bound', () => expect(after(60_000, 5000).delayMs).toBe(LONGEST_MS));
it('is there at once when a tile starts', () => expect(after(1300, 800, 2).delayMs).toBe(2100));
it('grows in small steps and shrinks in smaller ones', () => {
  const delay = after(100, 200, 10);
  delay.add(3_000_000, 2000);
  delay.add(3_800_000, 2000);
  expect(delay.delayMs).toBe(SHORTEST_MS + 250);
  const grown = after(1300, 800, 60);
  const before = grown.delayMs;
  after(100, 200, 20, grown, 60_000);
  expect(grown.delayMs).toBeLessThan(before);
  expect(grown.delayMs).toBeGreaterThanOrEqual(before - 200);
});
