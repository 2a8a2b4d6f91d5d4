import { expect, it } from 'vitest';
import { stageRows } from './stage-rows.js';

it('sums up slices by stage in the order of their tracks, and nothing else', () => {
  const slice = (name: string, tid: number, dur: number) => ({ ph: 'X', name, pid: 1, tid, ts: 0, dur });
  const traceEvents = [slice('queue', 401, 3000), slice('decode', 100, 1000), slice('queue', 400, 1000), { ph: 'C', name: 'waiting', pid: 1, tid: 0, ts: 0 }, slice('queue', 400, 2000)];
  expect(stageRows({ displayTimeUnit: 'ms', traceEvents, otherData: {} })).toEqual([
    { stage: 'decode', spans: 1, p50Ms: 1, p95Ms: 1, totalMs: 1 },
    { stage: 'queue', spans: 3, p50Ms: 2, p95Ms: 3, totalMs: 6 },
  ]);
});
