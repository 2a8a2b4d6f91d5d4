import { TuningProfile, type ModelRunStats, type ModelTuning } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { automatic, deviceChoices, isAutomatic, newHour, newModelTuning, profileOf, reservableDevices } from './tuning-draft.js';

const line = (model: string, device: string) => ({ model, device, replicas: 1, threads: 1, batch: 1, waitMs: 0 }) as ModelTuning;
const run = (model: string, device: string, replicas = 2) => ({ model, device, replicas, threads: 3, batch: 8 }) as ModelRunStats;

describe('a new line', () => {
  it('is what runs now and is not pinned yet', () => {
    expect(newModelTuning([line('a', 'cpu')], [run('a', 'cpu'), run('a', 'cuda:0'), run('b', 'cpu')], [])).toEqual({ model: 'a', device: 'cuda:0', replicas: 2, threads: 3, batch: 8, waitMs: 0 });
  });

  it('is a model on the processor where nothing runs', () => {
    expect(newModelTuning([line('a', 'cpu')], [], ['a', 'b'] as never[])).toMatchObject({ model: 'b', device: 'cpu', replicas: 1 });
    expect(newModelTuning([line('a', 'cpu')], [run('a', 'cpu')], ['a'] as never[])).toMatchObject({ model: 'a' });
  });

  it('never starts with numbers that are refused', () => {
    expect(newModelTuning([], [{ ...run('a', 'cpu', 0), threads: 0, batch: 0 }], [])).toMatchObject({ replicas: 1, threads: 1, batch: 1 });
  });
});

it('knows what is automatic', () => {
  expect(isAutomatic(automatic())).toBe(true);
  expect(isAutomatic({ ...automatic(), timeZone: 'Asia/Shanghai' })).toBe(true);
  for (const part of [{ models: [line('a', 'cpu')] }, { reserved: ['cuda:0' as never] }, { hours: [newHour()] }, { targetFps: { critical: null, normal: 2, low: null } }]) expect(isAutomatic({ ...automatic(), ...part })).toBe(false);
  expect(TuningProfile.safeParse({ hours: [newHour()] }).success).toBe(true);
});

it('offers the devices that there are and those that are named', () => {
  expect(deviceChoices([{ id: 'cpu', health: 'ok' }, { id: 'cuda:0', health: 'lost' }, { id: 'tensorrt:0', health: 'missing' }] as never[], { models: [line('a', 'cuda:1')], reserved: ['webgpu:0' as never] })).toEqual(['cpu', 'cuda:0', 'cuda:1', 'webgpu:0']);
});

it('never offers to leave out the processor', () => {
  expect(reservableDevices([{ id: 'cpu', health: 'ok' }, { id: 'cuda:0', health: 'reserved' }, { id: 'webgpu:0', health: 'missing' }] as never[], ['cuda:1' as never])).toEqual(['cuda:0', 'cuda:1']);
  expect(reservableDevices([{ id: 'cpu' }] as never[], [])).toEqual([]);
});

it('sends nothing that the server adds', () => {
  expect(profileOf({ ...automatic(), updatedAt: 't', warnings: [{ code: 'w', text: 'w', values: {} }] })).toEqual(automatic());
});
