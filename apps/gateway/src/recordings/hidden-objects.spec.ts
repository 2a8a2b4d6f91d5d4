import { PERMISSIONS, type Permission } from '@argus/contracts';
import { expect, it } from 'vitest';
import { hiddenObjects } from './hidden-objects.js';

const mask = { name: 'Window', enabled: true, polygon: [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }] };
const camera = { name: 'Gate', privacyMasks: [mask], maskedUntil: null };
const without = { permissions: PERMISSIONS.filter((permission): permission is Permission => permission !== 'recording.original') };
const object = (x: number, width = 0.2) => ({ box: { x, y: 0.4, width, height: 0.2 } });
const NOON = Date.parse('2026-01-01T12:00:00Z');

it('hides what has its middle below a mask that is on', () => {
  const { isHidden, notBeforeMs } = hiddenObjects(camera, NOON, without);
  expect([isHidden(object(0.1)), isHidden(object(0.38)), isHidden(object(0.42)), isHidden(object(0.8))]).toEqual([true, true, false, false]);
  expect(notBeforeMs).toBe(-Infinity);
  expect(hiddenObjects({ ...camera, privacyMasks: [{ ...mask, enabled: false }] }, NOON, without).isHidden(object(0.1))).toBe(false);
});

it('tells nothing of a time whose masks are not known any more, and everything of later', () => {
  const unmasked = { ...camera, privacyMasks: [], maskedUntil: new Date(NOON) };
  expect(hiddenObjects(unmasked, NOON + 1000, without).notBeforeMs).toBe(NOON);
  expect(() => hiddenObjects(unmasked, NOON - 1, without)).toThrow(/recording\.original/);
  expect(() => hiddenObjects(null, NOON, without)).toThrow(/recording\.original/);
});

it('hides nothing from those who may see originals', () => {
  for (const of of [camera, null, { ...camera, privacyMasks: [], maskedUntil: new Date(NOON) }]) {
    const { isHidden, notBeforeMs } = hiddenObjects(of, NOON - 1, { permissions: [...without.permissions, 'recording.original'] });
    expect([isHidden(object(0.1)), notBeforeMs]).toEqual([false, -Infinity]);
  }
});
