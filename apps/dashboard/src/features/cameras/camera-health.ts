import type { CameraState, CameraStats } from '@argus/contracts';
import type { Tone } from '../../ui/badge.js';

/** A picture is expected within this time of any working camera. */
const PICTURE_MS = 10_000;
/** The gate looks at still scenes every few seconds (5 by default, ten minutes at most is allowed); older than this is said. */
const INFERENCE_MS = 30_000;

export type HealthWord = 'working' | 'no-picture' | 'no-inference' | CameraState['state'] | 'unknown';

/** What a camera is, judged by the age of its last successes and not by what it says of itself. Green only with both. */
export function cameraHealth(state: CameraState | null, stats: CameraStats | null, nowMs: number): { word: HealthWord; tone: Tone } {
  if (!state) return { word: 'unknown', tone: 'calm' };
  if (state.state === 'offline') return { word: 'offline', tone: 'alarm' };
  if (state.state === 'stalled') return { word: 'stalled', tone: 'caution' };
  if (state.state === 'connecting') return { word: 'connecting', tone: 'busy' };
  if (state.state === 'disabled') return { word: 'disabled', tone: 'calm' };
  const justStarted = nowMs - Date.parse(state.since) < PICTURE_MS;
  if (isOld(stats?.lastFrameAt, nowMs, PICTURE_MS)) return justStarted ? { word: 'connecting', tone: 'busy' } : { word: 'no-picture', tone: 'caution' };
  if (isOld(stats?.lastInferenceAt, nowMs, INFERENCE_MS)) return { word: 'no-inference', tone: 'caution' };
  return { word: 'working', tone: 'good' };
}

export const isOld = (at: string | null | undefined, nowMs: number, limitMs: number): boolean => !at || nowMs - Date.parse(at) > limitMs;
