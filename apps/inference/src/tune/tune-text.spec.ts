import { TuneReport } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { loadText, reportText, stepText } from './tune-text.js';
import type { TuneJob } from './tune-machine.js';

const AT = '2026-01-01T00:00:00.000Z';
const own = { replicas: 2, threads: 1, batch: 1, waitMs: 0, picturesPerSecond: 40.04, latencyMsP95: 121 };
const found = { replicas: 1, threads: 2, batch: 4, waitMs: 5, picturesPerSecond: 250, latencyMsP95: 9.31 };
const result = (verdict: string, changes: object = {}) => ({ model: 'a', version: '1.0.0', device: 'cpu', verdict, defaults: own, best: verdict === 'better' ? found : own, overDefault: 1, rounds: 3, lowestLatencyMsP95: 60, at: AT, ...changes });
const text = (results: object[], parts: object = {}) => reportText(TuneReport.parse({ version: 1, at: AT, cores: 2, busyBefore: 0, targetMs: 150, seconds: 100, stopped: false, results, problems: [], ...parts }));

describe('reportText', () => {
  it('sets what was found against the own choice', () => {
    const lines = text([result('better', { overDefault: 1.256 })]).split('\n');
    expect(lines.slice(0, 3).map((line) => line.split(/ {2,}/))).toEqual([
      ['MODEL', 'DEVICE', 'CONFIGURATION', 'PICTURES/S', 'P95', 'AGAINST OWN'],
      ['a', 'cpu', 'own choice', '2 x 1 thread, batch 1', '40.0', '121 ms'],
      ['a', 'cpu', 'found', '1 x 2 threads, batch 4, wait 5 ms', '250', '9.3 ms', '+26 %'],
    ]);
    expect(lines.at(-2)).toBe('a on cpu: 1 x 2 threads, batch 4, wait 5 ms is better than what the engine chooses by itself (+26 % in the median of 3 rounds).');
  });

  it.each([
    [result('defaults-are-best'), {}, 'the defaults are best; nothing beat them by more than 3 % in 3 rounds'],
    [result('better', { overDefault: null }), {}, 'its own choice misses the target'],
    [result('target-missed', { lowestLatencyMsP95: 246.2 }), {}, 'no configuration keeps a p95 of 150 ms at any rate; the lowest p95 measured is 246 ms'],
    [result('unfinished', { rounds: 1 }), {}, 'nothing was decided: there was time for 1 of 3 rounds only'],
    [result('unfinished'), {}, 'nothing was decided: the rounds contradict one another'],
    [result('unfinished'), { stopped: true }, 'Stopped by hand'],
  ])('says what became of it: %#', (one, parts, words) => expect(text([one], parts)).toContain(words));

  it('names what could not be measured', () => {
    expect(text([], { problems: [{ model: 'a', device: 'cuda:0', message: 'no driver' }] })).toBe('a on cuda:0: could not be measured: no driver.\n');
  });
});

it('tells each step with the time that is left', () => {
  const job = { manifest: { id: 'a' }, device: { id: 'cpu' } } as unknown as TuneJob;
  const step = { configuration: own, picturesPerSecond: 40, message: null };
  expect(stepText(job, { ...step, what: 'rate', latencyMs: 131 }, 200_000)).toBe('[3:20 left] a on cpu, 2 x 1 thread, batch 1: 40.0 pictures/s, p95 131 ms');
  expect(stepText(job, { ...step, what: 'rate', latencyMs: null }, 0)).toContain('[0:00 left] a on cpu, 2 x 1 thread, batch 1: 40.0 pictures/s, too much');
  expect(stepText(job, { ...step, what: 'capacity', latencyMs: 50 }, 59_100)).toContain('[1:00 left] a on cpu, 2 x 1 thread, batch 1: at most 40.0 pictures/s, a run takes 50 ms');
  expect(stepText(job, { ...step, what: 'unusable', picturesPerSecond: null, latencyMs: null, message: 'no memory' }, 0)).toContain('left out, no memory');
});

it('warns of a busy machine only', () => {
  expect(loadText(0.1)).toBeNull();
  expect(loadText(0.9)).toContain('90 % of this machine is in use by others');
});
