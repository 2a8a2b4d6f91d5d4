import type { SystemStatus } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { systemHealth } from './system-health.js';

const now = Date.parse('2026-01-01T00:10:00.000Z');
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
const camera = (id: string, inferenceAgo: number | null, parts: object = {}) => ({
  state: { cameraId: id, state: 'online', since: at(500) },
  stats: { lastFrameAt: at(0), lastInferenceAt: inferenceAgo === null ? null : at(inferenceAgo) },
  inferenceWithinMs: 15_000,
  detectorProblem: null,
  ...parts,
});
const status = (cameras: object[], extra: object = {}) =>
  ({ engine: { connected: true }, cameras, processes: [{ state: 'up' }], outbox: { pending: 0, dead: 0, oldestPendingAt: null }, ...extra }) as unknown as SystemStatus;

describe('the engine', () => {
  it('is green only when every camera that sends pictures was analysed lately', () => {
    expect(systemHealth(status([camera('a', 2), camera('b', 14)]), now)).toMatchObject({ engine: { tone: 'good', word: 'working' }, stale: [] });
    expect(systemHealth(status([camera('a', 2), camera('b', 16)]), now)).toMatchObject({ engine: { tone: 'caution', word: 'some-stale' }, stale: ['b'], lastInferenceAt: at(2) });
    expect(systemHealth(status([camera('a', 31)]), now)).toMatchObject({ engine: { tone: 'caution', word: 'no-inference' }, stale: ['a'] });
    expect(systemHealth(status([camera('a', null)]), now).engine).toEqual({ tone: 'caution', word: 'no-inference' });
  });

  it('is one of 150 away from green', () => {
    const cameras = Array.from({ length: 150 }, (_, index) => camera(`c${index}`, index === 77 ? 300 : 1));
    expect(systemHealth(status(cameras), now)).toMatchObject({ engine: { word: 'some-stale' }, stale: ['c77'] });
  });

  it('minds a missing detector, and leaves offline and disabled cameras to their own card', () => {
    expect(systemHealth(status([camera('a', 1), camera('b', 1, { detectorProblem: { code: 'detector-missing', text: 'not installed', values: {} } })]), now)).toMatchObject({ engine: { word: 'some-stale' }, stale: ['b'] });
    const others = [camera('b', 400, { state: { cameraId: 'b', state: 'offline', since: at(400) } }), camera('c', null, { state: { cameraId: 'c', state: 'disabled', since: at(400) } })];
    expect(systemHealth(status([camera('a', 1), ...others]), now)).toMatchObject({ engine: { word: 'working' }, stale: [] });
  });

  it('is down, or has nothing to do', () => {
    expect(systemHealth(status([camera('a', 2)], { engine: { connected: false } }), now).engine.word).toBe('down');
    expect(systemHealth(status([]), now).engine.word).toBe('idle');
  });
});

it.each([
  [{ pending: 3, dead: 0, oldestPendingAt: at(5) }, 'waiting'],
  [{ pending: 3, dead: 0, oldestPendingAt: at(90) }, 'late'],
  [{ pending: 0, dead: 1, oldestPendingAt: null }, 'dead'],
])('outbox %o is %s', (outbox, word) => expect(systemHealth(status([], { outbox }), now).outbox.word).toBe(word));

it('counts processes as up only when all are', () => {
  expect(systemHealth(status([], { processes: [{ state: 'up' }, { state: 'restarting' }] }), now).processes.word).toBe('someDown');
});
