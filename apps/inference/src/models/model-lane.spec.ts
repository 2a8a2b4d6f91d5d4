import { silentLogger, systemClock } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { ModelLane, type LaneWorker } from './model-lane.js';

const input = { kind: 'file', path: '/ring', offset: 0 } as const;
const output = { outputs: [{ data: Float32Array.of(1), dims: [1] }], readMs: 0, computeMs: 1 };
const worker = (run: LaneWorker['run']): LaneWorker & { ended: boolean } => {
  const made = { alive: true, ended: false, provider: 'cpu' as const, run, terminate: async () => void (made.ended = true) };
  return made;
};
const lane = (workers: number, open: () => Promise<LaneWorker>, options: { runWithinMs?: number; maxWaiting?: number } = {}) =>
  new ModelLane({ modelId: 'm', version: '1.0.0', workers, open, clock: systemClock, log: silentLogger, ...options });

describe('ModelLane', () => {
  it('runs as many at once as it has workers, the rest in order, and counts', async () => {
    let running = 0;
    let most = 0;
    const made = lane(2, async () =>
      worker(async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return output;
      }),
    );
    await Promise.all(Array.from({ length: 6 }, () => made.run(input)));
    expect(most).toBe(2);
    expect(made.free).toBe(2);
    expect(made.stats()).toMatchObject({ runs: 6, model: 'm' });
    await made.close();
  });

  it('replaces a worker that hangs, fails only its run, and goes on', async () => {
    const back = Promise.withResolvers<typeof output>();
    const hung = worker(() => back.promise);
    const workers = [hung, worker(async () => output)];
    const made = lane(1, async () => workers.shift() as LaneWorker, { runWithinMs: 20 });
    const [first, second] = await Promise.allSettled([made.run(input), made.run(input)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'engine.model-unavailable' } });
    expect(second).toMatchObject({ status: 'fulfilled' });
    // Native code is still in it: ending the thread now would end the process.
    expect(hung.ended).toBe(false);
    back.resolve(output);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hung.ended).toBe(true);
    expect(made.stats().runs).toBe(1);
    await made.close();
  });

  it('keeps a worker whose run merely failed', async () => {
    let opened = 0;
    const made = lane(1, async () => {
      opened += 1;
      return worker(() => Promise.reject(new Error('bad input')));
    });
    await expect(made.run(input)).rejects.toThrow(/bad input/);
    await expect(made.run(input)).rejects.toThrow(/bad input/);
    expect(opened).toBe(1);
    await made.close();
  });

  it('says why it has no worker and tries again', async () => {
    let tries = 0;
    const made = lane(1, async () => {
      tries += 1;
      if (tries === 1) throw new Error('golden tensors differ');
      return worker(async () => output);
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(made.problem).toBe('golden tensors differ');
    await made.run(input);
    expect(made.problem).toBeNull();
    await made.close();
  });

  it('refuses more than may wait, and everything once closed', async () => {
    const made = lane(1, async () => worker(() => new Promise((resolve) => setTimeout(() => resolve(output), 20))), { maxWaiting: 1 });
    const waiting = made.run(input);
    await expect(made.run(input)).rejects.toThrow(/waiting already/);
    await Promise.all([expect(waiting).rejects.toThrow(/closed/), made.close()]);
    await expect(made.run(input)).rejects.toThrow(/closed/);
  });
});
