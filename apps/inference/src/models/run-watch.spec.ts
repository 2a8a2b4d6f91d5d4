import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchRun } from './run-watch.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Seconds after which a run that uses so much processor time a second counts as hung; null: it does not within a minute. */
async function hungAfter(cpuMsPerSecond: number | null): Promise<number | null> {
  let hungAtMs: number | null = null;
  const begunMs = performance.now();
  const cpuMsOf = () => (cpuMsPerSecond === null ? null : ((performance.now() - begunMs) / 1000) * cpuMsPerSecond);
  const stop = watchRun({ pid: 1, usedMs: 0, withinMs: 2000, atMostMs: 10_000, cpuMsOf, onHung: () => (hungAtMs ??= performance.now() - begunMs) });
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  return hungAtMs === null ? null : Math.round(hungAtMs / 1000);
}

describe('watchRun', () => {
  it('gives up at once what uses no processor time, and what nothing is known of', async () => expect([await hungAfter(0), await hungAfter(null)]).toEqual([2, 2]));
  it('waits longer for what computes on a crowded machine, but not for ever', async () => expect([await hungAfter(50), await hungAfter(1000)]).toEqual([10, 10]));

  it('is over when the answer has come', async () => {
    let hung = 0;
    const stop = watchRun({ pid: 1, usedMs: 0, withinMs: 10, atMostMs: 50, cpuMsOf: () => 0, onHung: () => (hung += 1) });
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(hung).toBe(0);
  });

  it('reads the processor time of a real process', () => {
    vi.useRealTimers();
    const until = performance.now() + 40;
    let looked = 0;
    const stop = watchRun({ pid: process.pid, usedMs: 0, withinMs: 1, atMostMs: 1000, onHung: () => (looked += 1) });
    while (performance.now() < until);
    stop();
    expect(looked).toBe(0);
  });
});
