import type { CameraStatus, ComputeStats } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { camerasLine, loadLine, staleCount } from './system-lines.js';

const load = (parts: object) => ({ cpu: 0.984, shedding: 'none', granted: { critical: 1, normal: 1, low: 1 }, loopDelayMsP99: 3, children: [], ...parts }) as ComputeStats['load'];

it.each([
  [null, 'not reported by inference'],
  [load({ cpu: 0.4 }), 'inference uses 40 % of the processor; every camera gets its full rate'],
  [load({ shedding: 'rate', granted: { critical: 1, normal: 1, low: 0.4 } }), 'inference uses 98 % of the processor; overloaded: class low gets 40 % of its rate'],
  [load({ shedding: 'decode', granted: { critical: 1, normal: 0.9, low: 0 } }), 'inference uses 98 % of the processor; overloaded: class low gets 0 % of its rate, class normal gets 90 % of its rate; pictures are left undecoded'],
  [load({ shedding: 'rate' }), 'inference uses 98 % of the processor; overloaded: every class still gets its rate'],
])('the load is told in words', (stats, line) => expect(loadLine(stats)).toBe(line));

describe('cameras', () => {
  const now = Date.parse('2026-01-01T01:00:00.000Z');
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
  const camera = (id: string, state: string, since: number, inference: number | null, parts: object = {}) =>
    ({ state: { cameraId: id, state, since: at(since) }, stats: { lastInferenceAt: inference === null ? null : at(inference) }, inferenceWithinMs: 15_000, detectorProblem: null, ...parts }) as unknown as CameraStatus;
  const line = (...cameras: CameraStatus[]) => camerasLine(cameras, new Map([['a', { name: 'North gate' }]]), now);

  it('are fine only when each of them was analysed lately', () => {
    expect(line(camera('a', 'online', 900, 3), camera('b', 'online', 900, 14))).toBe('2 of 2 analysed as they should be');
    expect(line(camera('a', 'online', 900, 48), camera('b', 'online', 900, 3))).toBe('1 of 2 analysed as they should be; 1 NOT ANALYSED LATELY: North gate (48 s ago)');
    expect(line(camera('a', 'online', 900, null))).toContain('North gate (never)');
    expect(staleCount([camera('a', 'online', 900, 48), camera('b', 'online', 900, 3), camera('c', 'offline', 900, 500)], now)).toBe(1);
  });

  it('that should be recorded and are not are named, with the reason', () => {
    const failed = camera('a', 'online', 900, 3, { stats: { lastInferenceAt: at(3), recorder: { state: 'failed', problem: 'the disk is full' } } });
    expect(line(failed, camera('b', 'online', 900, 3))).toBe('2 of 2 analysed as they should be; 1 NOT RECORDED: North gate (the disk is full)');
  });

  it('get the time that their pipeline takes, and time to start', () => {
    expect(line(camera('a', 'online', 900, 48, { inferenceWithinMs: 610_000 }))).toBe('1 of 1 analysed as they should be');
    expect(line(camera('a', 'online', 5, null))).toBe('1 of 1 analysed as they should be');
    expect(line(camera('a', 'online', 5, 300))).toBe('1 of 1 analysed as they should be');
  });

  it('without a detector, without a stream, and disabled are told apart', () => {
    expect(line(camera('a', 'online', 900, 1, { detectorProblem: { code: 'detector-missing', text: 'the detector "x" is not installed', values: {} } }))).toContain('North gate (the detector "x" is not installed)');
    expect(line(camera('a', 'offline', 900, 100), camera('b', 'disabled', 900, null), camera('c', 'online', 900, 1))).toBe('1 of 2 analysed as they should be; 1 without a stream');
    expect(line(camera('b', 'disabled', 900, null))).toBe('all disabled');
    expect(line()).toBe('none yet');
  });

  it('are named up to five', () => {
    expect(line(...['1', '2', '3', '4', '5', '6'].map((id) => camera(id, 'online', 900, 60)))).toMatch(/6 NOT ANALYSED LATELY: 1 \(60 s ago\), .*5 \(60 s ago\), …$/);
  });
});
