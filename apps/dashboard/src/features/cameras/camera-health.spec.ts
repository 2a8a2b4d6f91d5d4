import type { CameraState, CameraStats, SystemStatus } from '@argus/contracts';
import { expect, it } from 'vitest';
import { cameraHealth } from './camera-health.js';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const camera = (word: CameraState['state'], stats: [frame: number | null, inference: number | null] | null, parts: Partial<SystemStatus['cameras'][number]> = {}) => ({
  state: { state: word, since: iso(0) } as CameraState,
  stats: stats && ({ lastFrameAt: stats[0] === null ? null : iso(stats[0]), lastInferenceAt: stats[1] === null ? null : iso(stats[1]) } as CameraStats),
  inferenceWithinMs: 15_000,
  detectorProblem: null,
  ...parts,
});

function withRecorder(state: 'failed' | 'waiting') {
  const one = camera('online', [99, 95]);
  return { ...one, stats: { ...one.stats, recorder: { state, problem: null, bytes: 0, lostPackets: 0 } } as CameraStats };
}

it.each([
  ['nothing known', undefined, 100, 'unknown', 'calm'],
  ['both fresh', camera('online', [99, 95]), 100, 'working', 'good'],
  ['a still scene, looked at just in time', camera('online', [99, 86]), 100, 'working', 'good'],
  ['online but no picture for a while', camera('online', [80, 80]), 100, 'no-picture', 'caution'],
  ['online, pictures, but inference is old', camera('online', [99, 84]), 100, 'no-inference', 'caution'],
  ['the same where the pipeline looks every ten minutes', camera('online', [699, 100], { inferenceWithinMs: 610_000 }), 700, 'working', 'good'],
  ['and there too it can be too old', camera('online', [799, 100], { inferenceWithinMs: 610_000 }), 800, 'no-inference', 'caution'],
  ['online, never analysed', camera('online', [99, null]), 100, 'no-inference', 'caution'],
  ['online, never analysed, but only just', camera('online', [12, null]), 13, 'connecting', 'busy'],
  ['its detector is missing', camera('online', [99, null], { detectorProblem: { code: 'detector-missing', text: 'not installed', values: {} } }), 100, 'no-detector', 'caution'],
  ['its detector is missing, and it is offline', camera('offline', [99, 99], { detectorProblem: { code: 'detector-missing', text: 'not installed', values: {} } }), 100, 'offline', 'alarm'],
  ['online a moment ago', camera('online', [null, null]), 3, 'connecting', 'busy'],
  ['online without counters', camera('online', null), 100, 'no-picture', 'caution'],
  ['it should be recorded, and is not', withRecorder('failed'), 100, 'not-recording', 'caution'],
  ['its recorder waits for something to happen', withRecorder('waiting'), 100, 'working', 'good'],
  ['offline', camera('offline', [99, 99]), 100, 'offline', 'alarm'],
  ['stalled', camera('stalled', [99, 99]), 100, 'stalled', 'caution'],
  ['disabled', camera('disabled', null), 100, 'disabled', 'calm'],
] as const)('%s', (_name, one, at, word, tone) => {
  expect(cameraHealth(one, start + at * 1000)).toEqual({ word, tone });
});
