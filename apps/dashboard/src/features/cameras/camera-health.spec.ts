import type { CameraState, CameraStats } from '@argus/contracts';
import { expect, it } from 'vitest';
import { cameraHealth } from './camera-health.js';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const state = (word: CameraState['state']) => ({ state: word, since: iso(0) }) as CameraState;
const stats = (frame: number | null, inference: number | null) => ({ lastFrameAt: frame === null ? null : iso(frame), lastInferenceAt: inference === null ? null : iso(inference) }) as CameraStats;

it.each([
  ['nothing known', null, null, 100, 'unknown', 'calm'],
  ['both fresh', state('online'), stats(99, 95), 100, 'working', 'good'],
  ['online but no picture for a while', state('online'), stats(80, 80), 100, 'no-picture', 'caution'],
  ['online, pictures, but inference is old', state('online'), stats(99, 60), 100, 'no-inference', 'caution'],
  ['online, never analysed', state('online'), stats(99, null), 100, 'no-inference', 'caution'],
  ['online a moment ago', state('online'), stats(null, null), 3, 'connecting', 'busy'],
  ['online without counters', state('online'), null, 100, 'no-picture', 'caution'],
  ['offline', state('offline'), stats(99, 99), 100, 'offline', 'alarm'],
  ['stalled', state('stalled'), stats(99, 99), 100, 'stalled', 'caution'],
  ['disabled', state('disabled'), null, 100, 'disabled', 'calm'],
] as const)('%s', (_name, camera, counters, at, word, tone) => {
  expect(cameraHealth(camera, counters, start + at * 1000)).toEqual({ word, tone });
});
