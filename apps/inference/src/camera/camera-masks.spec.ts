import { type CameraId, type PrivacyMask } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { expect, it } from 'vitest';
import { CameraMasks } from './camera-masks.js';

const polygon = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }];
const mask: PrivacyMask = { name: 'Window', enabled: true, polygon };
const [a, b] = [newId<CameraId>(), newId<CameraId>()];

it('gives cameras whose areas are others now, each with a version of its own', () => {
  const masks = new CameraMasks();
  expect(masks.update([{ id: a, privacyMasks: [] }, { id: b, privacyMasks: [mask] }])).toEqual([b]);
  expect([masks.of(a).version, masks.isMasked(a), masks.isMasked(b)]).toEqual([0, false, true]);
  const version = masks.of(b).version;
  expect(masks.update([{ id: b, privacyMasks: [{ ...mask, name: 'Other name' }] }])).toEqual([]);
  expect(masks.update([{ id: b, privacyMasks: [{ ...mask, enabled: false }] }])).toEqual([b]);
  expect([masks.isMasked(b), masks.of(b).areas]).toEqual([false, []]);
  expect(masks.update([{ id: b, privacyMasks: [mask] }])).toEqual([b]);
  expect(masks.of(b).version).toBeGreaterThan(version + 1);
});
