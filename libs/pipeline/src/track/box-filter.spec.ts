import { describe, expect, it } from 'vitest';
import { AxisFilter } from './axis-filter.js';
import { BoxFilter } from './box-filter.js';
import { Stillness } from './stillness.js';

describe('AxisFilter', () => {
  it('finds the speed, whatever the rate', () => {
    for (const fps of [2, 10, 25]) {
      const filter = new AxisFilter(0, 1, 100);
      for (let i = 1; i <= 5 * fps; i += 1) {
        filter.predict(1 / fps, 100);
        filter.correct((60 * i) / fps, 1);
      }
      expect(filter.velocity).toBeCloseTo(60, 0);
      expect(filter.position).toBeCloseTo(300, 0);
    }
  });

  it('is as unsure after one long step as after many short ones', () => {
    const [long, short] = [new AxisFilter(0, 1, 10), new AxisFilter(0, 1, 10)];
    long.predict(2, 5);
    for (let i = 0; i < 20; i += 1) short.predict(0.1, 5);
    expect(short.deviation).toBeCloseTo(long.deviation, 9);
  });
});

it('BoxFilter keeps sizes positive while it predicts', () => {
  const filter = new BoxFilter({ x: 0, y: 0, width: 20, height: 40 }, { positionNoise: 0.05, sizeNoise: 0.1, agility: 1, sizeAgility: 0.2, firstSpeed: 1 });
  for (let i = 1; i < 10; i += 1) {
    filter.predict(0.1);
    filter.correct({ x: i, y: 0, width: 20 - 2 * i, height: 40 - 4 * i }, 1);
  }
  filter.predict(10);
  expect(filter.box.width).toBeGreaterThan(0);
});

describe('Stillness', () => {
  const box = (x: number) => ({ x, y: 0, width: 100, height: 100 });

  it('counts from the first sighting, through jitter and a short wrong box', () => {
    const still = new Stillness(box(0), 0);
    for (let i = 1; i <= 100; i += 1) still.observe(box(i === 50 || i === 51 ? 60 : (i % 5) * 4), i * 1e5);
    expect(still.seconds(10e6)).toBe(10);
  });

  it('is 0 for a walker and starts again where somebody stops', () => {
    const still = new Stillness(box(0), 0);
    for (let i = 1; i <= 50; i += 1) still.observe(box(i * 15), i * 1e5);
    expect(still.seconds(5e6)).toBe(0);
    for (let i = 51; i <= 100; i += 1) still.observe(box(750), i * 1e5);
    expect(still.seconds(10e6)).toBeGreaterThan(4);
    expect(still.seconds(10e6)).toBeLessThan(5.7);
  });
});
