import { PRIORITIES, type CameraId } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut, type Demand } from './share-out.js';

const camera = (id: string, demand: number, changes: Partial<Demand> = {}): Demand => ({ cameraId: id as CameraId, priority: 'normal', weight: 1, cost: 1, ...changes, demand });
const shares = (demands: Demand[], capacity: number) => [...shareOut(demands, capacity, 0.2).values()].map((share) => Math.round(share * 100) / 100);

describe('shareOut', () => {
  it('gives all their wish while there is enough', () => expect(shares([camera('a', 5), camera('b', 3)], 10)).toEqual([5, 3]));
  it('shares what is too little in equal parts, and what one does not need goes to the others', () => expect(shares([camera('a', 5), camera('b', 1), camera('c', 5)], 7)).toEqual([3, 1, 3]));
  it('shares by weight', () => expect(shares([camera('a', 10, { weight: 3 }), camera('b', 10)], 4.4)).toEqual([3.2, 1.2]));
  it('serves critical cameras first and lets nobody go blind', () =>
    expect(shares([camera('a', 5, { priority: 'low' }), camera('b', 5, { priority: 'critical' }), camera('c', 5)], 7.2)).toEqual([0.2, 5, 2]));
  it('counts what a picture costs', () => expect(shares([camera('a', 5, { cost: 4 }), camera('b', 5)], 5)).toEqual([1, 1]));

  it('never gives more than is wished, than there is, or less than the least', () => {
    const entry = fc.record({ demand: fc.double({ min: 0, max: 30, noNaN: true }), weight: fc.double({ min: 0.1, max: 10, noNaN: true }), cost: fc.integer({ min: 1, max: 8 }), priority: fc.constantFrom(...PRIORITIES) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.double({ min: 0, max: 200, noNaN: true }), (list, capacity) => {
        const demands = list.map((values, index) => camera(String(index), values.demand, values));
        const given = shareOut(demands, capacity, 0.2);
        for (const { cameraId, demand } of demands) {
          expect(given.get(cameraId)).toBeLessThanOrEqual(demand + 1e-6);
          expect(given.get(cameraId)).toBeGreaterThanOrEqual(Math.min(0.2, demand) - 1e-6);
        }
        const sum = (of: (demand: Demand) => number) => demands.reduce((total, demand) => total + of(demand) * demand.cost, 0);
        const used = sum(({ cameraId }) => given.get(cameraId) ?? 0);
        const least = sum(({ demand }) => Math.min(0.2, demand));
        expect(used).toBeLessThanOrEqual(Math.max(capacity, least) + 1e-6);
        expect(used).toBeGreaterThanOrEqual(Math.min(sum(({ demand }) => demand), Math.max(capacity, least)) - 1e-5);
      }),
    );
  });
});
