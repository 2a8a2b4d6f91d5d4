import type { SystemStatus } from '@argus/contracts';
import { expect, it } from 'vitest';
import { systemHealth } from './system-health.js';

const now = Date.parse('2026-01-01T00:10:00.000Z');
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
const status = (inferenceAgo: number | null, extra: object = {}) =>
  ({
    engine: { connected: true },
    cameras: [{ state: { state: 'online' }, stats: { lastInferenceAt: inferenceAgo === null ? null : at(inferenceAgo) } }],
    processes: [{ state: 'up' }],
    outbox: { pending: 0, dead: 0, oldestPendingAt: null },
    ...extra,
  }) as unknown as SystemStatus;

it('is green only with a recent inference', () => {
  expect(systemHealth(status(2), now).engine).toEqual({ tone: 'good', word: 'working' });
  expect(systemHealth(status(31), now).engine).toEqual({ tone: 'caution', word: 'no-inference' });
  expect(systemHealth(status(null), now).engine).toEqual({ tone: 'caution', word: 'no-inference' });
});

it('says that the engine is down, or that it has nothing to do', () => {
  expect(systemHealth(status(2, { engine: { connected: false } }), now).engine.word).toBe('down');
  expect(systemHealth(status(2, { cameras: [] }), now).engine.word).toBe('idle');
});

it.each([
  [{ pending: 3, dead: 0, oldestPendingAt: at(5) }, 'waiting'],
  [{ pending: 3, dead: 0, oldestPendingAt: at(90) }, 'late'],
  [{ pending: 0, dead: 1, oldestPendingAt: null }, 'dead'],
])('outbox %o is %s', (outbox, word) => expect(systemHealth(status(1, { outbox }), now).outbox.word).toBe(word));

it('counts processes as up only when all are', () => {
  expect(systemHealth(status(1, { processes: [{ state: 'up' }, { state: 'restarting' }] }), now).processes.word).toBe('someDown');
});
