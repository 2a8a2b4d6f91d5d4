import type { DeviceId, ModelManifest, TuneConfiguration } from '@argus/contracts';
import { systemClock } from '@argus/kernel';
import type { ModelRun, ModelWorkerGoneError, PictureRequest } from '@argus/models';
import { describe, expect, it } from 'vitest';
import type { PostWorker } from '../models/session-post.js';
import { arrivals } from './arrivals.js';
import { LaneBench } from './lane-bench.js';

const RUN_MS = 10;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const picture: PictureRequest = { pixels: { kind: 'file', path: '/ring', offset: 0 }, view: null };
const one = (changes: Partial<TuneConfiguration> = {}): TuneConfiguration => ({ replicas: 1, threads: 1, batch: 1, waitMs: 0, ...changes });

/** Real: lane, timers. Sessions that answer after a while stand for processes; `refuse` says whether the next can be opened. */
function bench(refuse: () => boolean = () => false, fallback: string | null = null) {
  const stop = new AbortController();
  const sizes: number[] = [];
  let open = 0;
  const shelf = {
    onRun: (_ms: number) => {},
    take: async (): Promise<PostWorker> => {
      if (refuse()) throw new Error('no memory');
      open += 1;
      return {
        alive: true, provider: 'cpu', fallback, pid: 1, ended: new Promise<ModelWorkerGoneError>(() => {}),
        terminate: async () => void (open -= 1),
        run: async (pictures): Promise<ModelRun> => {
          sizes.push(pictures.length);
          await pause(RUN_MS);
          shelf.onRun(RUN_MS);
          return { results: pictures.map(() => ({ kind: 'classification', classification: { candidates: [], quality: 1 } }) as const), startedAtMs: 0, readMs: 0, computeMs: RUN_MS, decodeMs: 0, usage: { cpuMs: 1, residentBytes: 1 } };
        },
      };
    },
  };
  const made = new LaneBench({ manifest: { id: 'm', version: '1.0.0' } as ModelManifest, device: { device: 'cpu' as DeviceId, provider: 'cpu', deviceIndex: 0 }, shelf, pictures: { next: () => picture }, clock: systemClock, signal: stop.signal });
  return { made, stop, sizes, open: () => open };
}

describe('LaneBench', () => {
  it('keeps sessions full to see what they can do', async () => {
    const { made, sizes, open } = bench();
    const seen = await made.saturate(one({ replicas: 2, batch: 4 }), 200);
    expect(seen.picturesPerSecond).toBeLessThanOrEqual((2 * 4 * 1000) / RUN_MS);
    expect(seen.picturesPerSecond).toBeGreaterThan(50);
    expect(seen).toMatchObject({ runMsP50: RUN_MS, runMsP95: RUN_MS });
    // But for the first ones, which found free sessions, and the last.
    expect(sizes.filter((size) => size === 4).length / sizes.length).toBeGreaterThan(0.5);
    expect(open()).toBe(2);
    await made.close();
    expect(open()).toBe(0);
  });

  it('offers exactly what comes, and takes the time from its arrival', async () => {
    const { made } = bench();
    const served = await made.offer(one({ replicas: 2 }), { picturesPerSecond: 40, spanMs: 500, seed: 3, giveUpMs: 60_000 });
    expect(served.pictures).toBe([...arrivals(40, 500, 3)].length);
    expect(served.latencyMsP95).toBeGreaterThanOrEqual(RUN_MS - 1);
    await made.close();
  });

  it('gives up what cannot be served, and never calls it in time', async () => {
    const { made } = bench();
    const served = await made.offer(one(), { picturesPerSecond: 1000, spanMs: 2000, seed: 1, giveUpMs: 50 });
    expect(served.latencyMsP95).toBe(Infinity);
    expect(served.pictures).toBeLessThan(1500);
    await made.close();
  });

  it('says why sessions cannot be had, and does not mistake them for some later', async () => {
    let isFull = true;
    const { made } = bench(() => isFull);
    await expect(made.saturate(one(), 50)).rejects.toMatchObject({ code: 'engine.model-unavailable', message: 'no memory' });
    isFull = false;
    expect((await made.saturate(one(), 50)).picturesPerSecond).toBeGreaterThan(0);
    await made.close();
  });

  it('does not measure the processor in the place of a device that fell back to it', async () => {
    const { made } = bench(() => false, 'no driver');
    await expect(made.saturate(one(), 50)).rejects.toThrow('m on cpu: no driver');
    await made.close();
  });

  it('ends soon after it was stopped', async () => {
    const { made, stop } = bench();
    const startedMs = performance.now();
    const offered = made.offer(one(), { picturesPerSecond: 20, spanMs: 60_000, seed: 1, giveUpMs: 60_000 });
    await pause(100);
    stop.abort();
    await offered;
    await expect(made.saturate(one({ batch: 2 }), 50)).rejects.toThrow('stopped');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await made.close();
  });
});
