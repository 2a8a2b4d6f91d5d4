import type { CameraId, ModelId, Priority } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { LoadGovernor, type CameraLoad } from './load-governor.js';

const DETECTOR = 'd' as ModelId;
interface Simulated {
  readonly id: string;
  readonly priority?: Priority;
  /** Pictures per second that move, of those it may offer; a still scene offers less. */
  readonly moving?: number;
}

/** Seconds of a machine whose detector serves so many pictures per second; what cameras offer follows their grants. */
function run(cameras: readonly Simulated[], capacity: (second: number) => number | null, seconds: number) {
  const governor = new LoadGovernor();
  const rate = (id: string) => {
    const { fps, decodeShare } = governor.grantOf(id as CameraId);
    return Math.min(5, fps) * decodeShare;
  };
  for (let second = 0; second < seconds; second += 1) {
    const loads = cameras.map(({ id, priority = 'normal', moving = Infinity }): CameraLoad => ({ cameraId: id as CameraId, detector: DETECTOR, priority, weight: 1, cost: 1, wishedFps: 5, offeredFps: Math.min(moving, rate(id)) }));
    governor.decide(loads, new Map([[DETECTOR, capacity(second)]]));
  }
  return { governor, rates: cameras.map(({ id }) => Math.round(rate(id) * 10) / 10) };
}
const many = (count: number, changes: Partial<Simulated> = {}) => Array.from({ length: count }, (_, index) => ({ id: `${changes.priority ?? 'normal'} ${changes.moving ?? ''} ${index}`, ...changes }));

describe('LoadGovernor', () => {
  it('leaves all alone while there is enough, or while nothing is known', () => {
    const { governor, rates } = run(many(4), () => 40, 20);
    expect(rates).toEqual([5, 5, 5, 5]);
    expect([governor.shedding, governor.granted.normal]).toEqual(['none', 1]);
    expect(run(many(4), () => null, 20).governor.shedding).toBe('none');
  });

  it('slows all alike when there is too little, and says so', () => {
    const { governor, rates } = run(many(10), () => 40, 30);
    expect(rates.every((rate) => Math.abs(rate - 4.2) < 0.25)).toBe(true);
    expect(governor.shedding).toBe('rate');
    expect(governor.granted.normal).toBeCloseTo(0.84, 1);
  });

  it('slows the low ones first', () => {
    const { governor, rates } = run([...many(2, { priority: 'critical' }), ...many(2), ...many(4, { priority: 'low' })], () => 25, 30);
    expect(rates.slice(0, 4)).toEqual([5, 5, 5, 5]);
    expect(rates.slice(4).every((rate) => rate > 0.8 && rate < 1.8)).toBe(true);
    expect(governor.granted).toMatchObject({ critical: 1, normal: 1 });
  });

  it('gives what still scenes do not use to those that move', () => {
    const { rates } = run([...many(4, { moving: 0.2 }), ...many(4)], () => 23, 30);
    expect(rates.slice(4)).toEqual([5, 5, 5, 5]);
  });

  it('calls a machine rich that gives still scenes the little they want, and lets them go when they begin to move', () => {
    const still = many(90, { moving: 0.2 });
    const { governor } = run([...still, ...many(10)], () => 90, 30);
    expect(governor.shedding).toBe('none');
    expect(governor.granted.normal).toBeCloseTo(1);
    const tight = run([...still, ...many(10)], () => 60, 30);
    expect(tight.governor.granted.normal).toBeGreaterThan(0.5);
    // Not held to what it offers: its first second of motion would be lost.
    expect(tight.governor.grantOf(still[0]?.id as CameraId).fps).toBeGreaterThanOrEqual(5);
  });

  it('leaves pictures undecoded when little of them would be analysed', () => {
    const cameras = many(32);
    const { governor, rates } = run(cameras, () => 30, 60);
    expect(governor.shedding).toBe('decode');
    expect(governor.grantOf(cameras[0]?.id as CameraId).decodeShare).toBeLessThan(0.5);
    expect(rates[0]).toBeCloseTo(0.98, 1);
  });

  it('gives everything back when the load is gone', () => {
    const { governor, rates } = run(many(8), (second) => (second < 30 ? 10 : 200), 90);
    expect(rates).toEqual(Array.from({ length: 8 }, () => 5));
    expect(governor.shedding).toBe('none');
  });

  it('forgets cameras that are gone', () => {
    const cameras = many(10);
    const { governor } = run(cameras, () => 10, 10);
    governor.decide([], new Map());
    expect(governor.grantOf(cameras[0]?.id as CameraId)).toEqual({ fps: Infinity, decodeShare: 1 });
  });
});
