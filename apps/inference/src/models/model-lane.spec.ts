import type { DeviceId, ModelId } from '@argus/contracts';
import { silentLogger, systemClock } from '@argus/kernel';
import { ModelWorkerGoneError, type ModelRun, type PictureRequest } from '@argus/models';
import { describe, expect, it } from 'vitest';
import { ModelLane, type ModelLaneOptions } from './model-lane.js';
import type { Assignment } from './placement.js';
import type { PostWorker } from './session-post.js';

const picture: PictureRequest = { pixels: { kind: 'file', path: '/ring', offset: 0 }, view: null };
const answer = { kind: 'classification', classification: { candidates: [], quality: 1 } } as const;
const runOf = (count: number): ModelRun => ({ results: Array.from({ length: count }, () => answer), startedAtMs: 0, readMs: 0, computeMs: 1, decodeMs: 0, usage: { cpuMs: 1, residentBytes: 1 } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const assignment = (changes: Partial<Assignment> = {}): Assignment => ({ device: 'cpu' as DeviceId, provider: 'cpu', deviceIndex: 0, replicas: 1, threads: 1, batch: 1, waitMs: 0, ...changes });

/** A session as a lane sees it, which ends as a process does. */
function worker(run: (pictures: readonly PictureRequest[]) => Promise<ModelRun>, fallback: string | null = null): PostWorker & { die(): void } {
  const ended = Promise.withResolvers<ModelWorkerGoneError>();
  const gone = new ModelWorkerGoneError('it died');
  const made = {
    alive: true, provider: 'cpu' as const, fallback, pid: 1, ended: ended.promise,
    run: (pictures: readonly PictureRequest[]) => Promise.race([run(pictures), ended.promise.then((error) => Promise.reject(error))]),
    die: () => {
      made.alive = false;
      ended.resolve(gone);
    },
    terminate: async () => made.die(),
  };
  return made;
}
const quick = () => worker(async (pictures) => runOf(pictures.length));

function lane(assignments: Assignment[], open: ModelLaneOptions['open'], options: Partial<ModelLaneOptions> = {}): ModelLane {
  return new ModelLane({ model: { id: 'm' as ModelId, version: '1.0.0' }, assignments, open, clock: systemClock, log: silentLogger, ...options });
}

describe('ModelLane', () => {
  it('runs as many at once as it has sessions, the rest in order, and counts', async () => {
    let [running, most] = [0, 0];
    const made = lane([assignment({ replicas: 2 })], async () =>
      worker(async (pictures) => {
        most = Math.max(most, (running += 1));
        await pause(5);
        running -= 1;
        return runOf(pictures.length);
      }),
    );
    await pause(1);
    expect(made.room).toBe(2);
    await Promise.all(Array.from({ length: 6 }, () => made.ask(picture)));
    expect(most).toBe(2);
    expect(made.stats()).toMatchObject([{ runs: 6, pictures: 6, model: 'm', version: '1.0.0', device: 'cpu', replicas: 2, batchMean: 1 }]);
    expect(made.capacity).toBeGreaterThan(100);
    await made.close();
  });

  it('puts what waits into one run, as many as the session takes', async () => {
    const sizes: number[] = [];
    const made = lane([assignment({ batch: 4 })], async () =>
      worker(async (pictures) => {
        sizes.push(pictures.length);
        await pause(5);
        return runOf(pictures.length);
      }),
    );
    await pause(1);
    await Promise.all(Array.from({ length: 7 }, () => made.ask(picture)));
    expect(sizes).toEqual([1, 4, 2]);
    expect(made.stats()[0]?.batchMean).toBeCloseTo(7 / 3);
    await made.close();
  });

  it('waits a moment for more where a fuller run is wanted, never past a deadline', async () => {
    const sizes: number[] = [];
    const made = lane([assignment({ batch: 4, waitMs: 40 })], async () =>
      worker(async (pictures) => {
        sizes.push(pictures.length);
        return runOf(pictures.length);
      }),
    );
    await pause(1);
    // A stream of arrivals, from which the lane learns that more will come.
    for (let i = 0; i < 40; i += 1) await Promise.all([made.ask(picture), made.ask(picture), made.ask(picture), made.ask(picture)]);
    sizes.length = 0;
    const first = made.ask(picture);
    await pause(2);
    await Promise.all([first, made.ask(picture), made.ask(picture), made.ask(picture)]);
    expect(sizes).toEqual([4]);
    await made.ask(picture, systemClock.monotonicMs());
    expect(sizes).toEqual([4, 1]);
    await made.close();
  });

  it('expects tiles to take as many runs as its places leave, and nothing of what it has not seen lately', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
    const made = lane([assignment({ replicas: 2, batch: 2 })], async () => worker(async (pictures) => ({ ...runOf(pictures.length), computeMs: 30 })), { clock });
    await pause(1);
    expect(made.expectedMsFor(6)).toBe(0);
    await made.ask(picture);
    expect([1, 4, 5, 9].map((tiles) => made.expectedMsFor(tiles))).toEqual([30, 30, 60, 90]);
    aheadMs = 6000;
    expect(made.expectedMsFor(6)).toBe(0);
    await made.close();
  });

  it('kills a session that hangs, fails only its pictures, and goes on with another', async () => {
    const hung = worker(() => new Promise(() => undefined));
    const workers = [hung, quick()];
    const made = lane([assignment()], async () => workers.shift() as PostWorker, { firstRunWithinMs: 20 });
    const [first, second] = await Promise.allSettled([made.ask(picture), made.ask(picture)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'engine.model-unavailable' } });
    expect(second).toMatchObject({ status: 'fulfilled' });
    expect(hung.alive).toBe(false);
    expect(made.stats()).toMatchObject([{ runs: 1, replaced: 1 }]);
    await made.close();
  });

  it('replaces one that dies while it is idle', async () => {
    const first = quick();
    const workers = [first, quick()];
    const made = lane([assignment()], async () => workers.shift() as PostWorker);
    await made.ask(picture);
    first.die();
    await pause(5);
    await made.ask(picture);
    expect(made.stats()).toMatchObject([{ runs: 2, replaced: 1 }]);
    await made.close();
  });

  it('keeps a session whose run merely failed', async () => {
    let opened = 0;
    const made = lane([assignment()], async () => {
      opened += 1;
      return worker(() => Promise.reject(new Error('bad input')));
    });
    await expect(made.ask(picture)).rejects.toThrow(/bad input/);
    await expect(made.ask(picture)).rejects.toThrow(/bad input/);
    expect(opened).toBe(1);
    await made.close();
  });

  it('says why it has no session and tries again', async () => {
    let tries = 0;
    const made = lane([assignment()], async () => {
      tries += 1;
      if (tries === 1) throw new Error('golden tensors differ');
      return quick();
    });
    await pause(10);
    expect(made.problem).toBe('golden tensors differ');
    await made.ask(picture);
    expect(made.problem).toBeNull();
    await made.close();
  });

  it('refuses more than may wait, and everything once closed', async () => {
    const made = lane([assignment()], async () => worker(() => pause(20).then(() => runOf(1))), { maxWaiting: 1 });
    const waiting = made.ask(picture);
    await expect(made.ask(picture)).rejects.toThrow(/waiting already/);
    await Promise.all([expect(waiting).rejects.toThrow(/closed/), made.close()]);
    await expect(made.ask(picture)).rejects.toThrow(/closed/);
  });

  it('uses all devices it is placed on, and moves without losing what runs', async () => {
    const began: string[] = [];
    const made = lane([assignment(), assignment({ device: 'cuda:0' as DeviceId, batch: 2 })], async ({ device }) =>
      worker(async (pictures) => {
        began.push(device);
        await pause(10);
        return runOf(pictures.length);
      }),
    );
    await pause(1);
    expect(made.room).toBe(3);
    const answers = [made.ask(picture), made.ask(picture)];
    made.place([assignment({ replicas: 2 })]);
    await Promise.all(answers);
    await pause(1);
    expect(new Set(began)).toEqual(new Set(['cpu', 'cuda:0']));
    expect(made.stats()).toMatchObject([{ device: 'cpu', replicas: 2 }]);
    await made.close();
  });

  it('reports a device that falls back or whose sessions die', async () => {
    const troubles: string[] = [];
    const workers = [worker(async () => runOf(1), 'no driver'), quick(), quick()];
    const made = lane([assignment({ device: 'cuda:0' as DeviceId })], async () => workers.shift() as PostWorker, { onDeviceTrouble: (device, reason) => troubles.push(`${device} ${reason}`) });
    await pause(1);
    expect(troubles).toEqual(['cuda:0 no driver']);
    await made.close();
  });
});
