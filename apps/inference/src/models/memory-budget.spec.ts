import type { ComputeDevice, DeviceId, ModelId } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { mostSessions, type SessionMemory } from './memory-budget.js';

const GB = 1e9;
const MB = 1e6;
const device = (kind: ComputeDevice['kind'], memoryBytes: number | null): ComputeDevice => ({ id: (kind === 'cpu' ? 'cpu' : 'cuda:0') as DeviceId, kind, provider: kind, name: kind, memoryBytes, health: 'ok', problem: null });
const session = (model: string, residentBytes: number | null, on = 'cpu'): SessionMemory => ({ model: model as ModelId, device: on as DeviceId, residentBytes });
const most = (on: ComputeDevice, fileBytes: number, open: readonly SessionMemory[] = []) => mostSessions(on, 'm' as ModelId, fileBytes, open);

describe('mostSessions', () => {
  it('estimates by the file before a session was measured', () => {
    expect(most(device('cpu', 8 * GB), 10 * MB)).toBe(26);
    expect(most(device('gpu', 8 * GB), 100 * MB)).toBe(5);
  });

  it('goes by what sessions really take, the largest of them', () => {
    expect(most(device('cpu', 8 * GB), 10 * MB, [session('m', 400 * MB), session('m', 500 * MB)])).toBe(8);
  });

  it('leaves other models what they have, on the same device only', () => {
    const others = [session('o', 1 * GB), session('o', 1 * GB), session('o', 9 * GB, 'cuda:0')];
    expect(most(device('cpu', 8 * GB), 0, [...others, session('m', 500 * MB)])).toBe(4);
  });

  it('always lets one in, and knows no limit where the memory is not known', () => {
    expect(most(device('cpu', 1 * GB), 900 * MB)).toBe(1);
    expect(most(device('cpu', 1 * GB), 0, [session('o', 2 * GB)])).toBe(1);
    expect(most(device('gpu', null), 900 * MB)).toBe(Infinity);
  });
});
