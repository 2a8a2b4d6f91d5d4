import { TuningProfile, type ComputeDevice, type DeviceId, type ModelId, type ModelManifest } from '@argus/contracts';
import { silentLogger, systemClock } from '@argus/kernel';
import { ModelWorkerGoneError, type ModelRun } from '@argus/models';
import { describe, expect, it } from 'vitest';
import { DeviceInventory } from './device-inventory.js';
import { ModelPool } from './model-pool.js';
import type { ModelRegistry } from './model-registry.js';
import type { Assignment } from './placement.js';
import type { PostWorker } from './session-post.js';

const ID = 'd' as ModelId;
const device = (id: string, kind: ComputeDevice['kind']): ComputeDevice => ({ id: id as DeviceId, kind, provider: id.split(':')[0] as string, name: id, memoryBytes: null, health: 'ok', problem: null });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sessions that can be made to die by device; no native code. */
async function openPool(devices: readonly ComputeDevice[]) {
  const sessions: { readonly device: string; die(): void }[] = [];
  const open = async (_path: string, { device: on }: Assignment): Promise<PostWorker> => {
    const ended = Promise.withResolvers<ModelWorkerGoneError>();
    const die = () => ended.resolve(new ModelWorkerGoneError('CUDA error 719'));
    sessions.push({ device: on, die });
    const run: ModelRun = { results: [{ kind: 'classification', classification: { candidates: [], quality: 1 } }], startedAtMs: 0, readMs: 0, computeMs: 1, decodeMs: 0, usage: { cpuMs: 1, residentBytes: 1 } };
    return { alive: true, provider: 'cpu', fallback: null, pid: 1, ended: ended.promise, run: async () => run, terminate: async () => die() };
  };
  const manifest = { id: ID, version: '1.0.0', task: 'detect', input: { width: 8, height: 8 } } as ModelManifest;
  const registry = { find: () => ({ path: '/d', manifest, summary: {} }), scan: async () => undefined, mark: () => undefined } as unknown as ModelRegistry;
  const inventory = new DeviceInventory({ probe: async () => devices, log: silentLogger });
  const pool = new ModelPool({ registry, inventory, detectorReplicas: 2, clock: systemClock, log: silentLogger, open });
  await inventory.look();
  await pool.open(new Set([ID]));
  await pause(1);
  const places = () => (pool.find(ID)?.lane.stats() ?? []).map((stats) => `${stats.device} x${stats.replicas}`);
  return { pool, sessions, places };
}

describe('ModelPool', () => {
  it('moves a model to what is left when its device is lost, at once, and says why', async () => {
    const { pool, sessions, places } = await openPool([device('cpu', 'cpu'), device('cuda:0', 'gpu')]);
    expect(places()).toEqual(['cuda:0 x2']);
    const lostAt = performance.now();
    for (let death = 0; death < 2; death += 1) {
      sessions.findLast((session) => session.device === 'cuda:0')?.die();
      await pause(5);
    }
    expect(places()).toEqual(['cpu x2']);
    expect(performance.now() - lostAt).toBeLessThan(5000);
    expect(pool.devices).toMatchObject([{ id: 'cpu', health: 'ok' }, { id: 'cuda:0', health: 'lost', problem: expect.stringContaining('CUDA error 719') }]);
    await pool.find(ID)?.lane.ask({ pixels: { kind: 'file', path: '/ring', offset: 0 }, view: null });
    await pool.close();
  });

  it('follows the operator, and shows what is reserved', async () => {
    const { pool, places } = await openPool([device('cpu', 'cpu'), device('cuda:0', 'gpu')]);
    pool.tune(TuningProfile.parse({ reserved: ['cuda:0'] }));
    await pause(1);
    expect(places()).toEqual(['cpu x2']);
    expect(pool.devices[1]).toMatchObject({ id: 'cuda:0', health: 'reserved' });
    pool.tune(TuningProfile.parse({ models: [{ model: ID, device: 'cpu', replicas: 1 }, { model: ID, device: 'cuda:0', replicas: 1, batch: 8 }] }));
    await pause(1);
    expect(places()).toEqual(['cpu x1', 'cuda:0 x1']);
    await pool.close();
  });
});
