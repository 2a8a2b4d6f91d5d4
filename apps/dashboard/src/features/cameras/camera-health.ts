import type { CameraState, SystemStatus } from '@argus/contracts';
import type { Tone } from '../../ui/badge.js';

/** A picture is expected within this time of any working camera. */
export const PICTURE_MS = 10_000;

export type HealthWord = 'working' | 'no-picture' | 'no-inference' | 'no-detector' | 'not-recording' | CameraState['state'] | 'unknown';

export interface CameraHealth {
  readonly word: HealthWord;
  readonly tone: Tone;
}

const BY_STATE: Readonly<Record<Exclude<CameraState['state'], 'online'>, CameraHealth>> = {
  offline: { word: 'offline', tone: 'alarm' },
  stalled: { word: 'stalled', tone: 'caution' },
  connecting: { word: 'connecting', tone: 'busy' },
  disabled: { word: 'disabled', tone: 'calm' },
};

/**
 * What a camera is, judged by the age of its last successes and not by what it says of itself. Green only with a recent picture and
 * an analysis within the time that its pipeline needs at most, and footage where there should be some; one that has just come online is given that time.
 */
export function cameraHealth(camera: SystemStatus['cameras'][number] | undefined, nowMs: number): CameraHealth {
  if (!camera) return { word: 'unknown', tone: 'calm' };
  const { state, stats, inferenceWithinMs, detectorProblem } = camera;
  if (state.state !== 'online') return BY_STATE[state.state];
  const onlineMs = nowMs - Date.parse(state.since);
  if (isOld(stats?.lastFrameAt, nowMs, PICTURE_MS)) return onlineMs < PICTURE_MS ? BY_STATE.connecting : { word: 'no-picture', tone: 'caution' };
  if (detectorProblem !== null) return { word: 'no-detector', tone: 'caution' };
  if (isOld(stats?.lastInferenceAt, nowMs, inferenceWithinMs)) return onlineMs < inferenceWithinMs ? BY_STATE.connecting : { word: 'no-inference', tone: 'caution' };
  if (stats?.recorder?.state === 'failed') return { word: 'not-recording', tone: 'caution' };
  return { word: 'working', tone: 'good' };
}

export const isOld = (at: string | null | undefined, nowMs: number, limitMs: number): boolean => !at || nowMs - Date.parse(at) > limitMs;
