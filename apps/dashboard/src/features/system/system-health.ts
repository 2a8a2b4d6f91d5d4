import type { SystemStatus } from '@argus/contracts';
import type { Tone } from '../../ui/badge.js';
import { isOld } from '../cameras/camera-health.js';

/** The gate may leave still scenes alone for some seconds; no inference of any camera for longer is not normal. */
const INFERENCE_MS = 30_000;
const OUTBOX_MS = 60_000;

export interface SystemHealth {
  readonly engine: { readonly tone: Tone; readonly word: 'working' | 'down' | 'idle' | 'no-inference' };
  readonly outbox: { readonly tone: Tone; readonly word: 'empty' | 'waiting' | 'late' | 'dead' };
  readonly processes: { readonly tone: Tone; readonly word: 'allUp' | 'someDown' | 'unknown' };
  readonly lastInferenceAt: string | null;
}

/** Green only behind a recent success. */
export function systemHealth(status: SystemStatus, nowMs: number): SystemHealth {
  const running = status.cameras.filter((camera) => camera.state.state !== 'disabled');
  const inferences = status.cameras.flatMap((camera) => camera.stats?.lastInferenceAt ?? []).sort();
  const lastInferenceAt = inferences.at(-1) ?? null;
  return { engine: engineHealth(status, running.length, lastInferenceAt, nowMs), outbox: outboxHealth(status, nowMs), processes: processHealth(status), lastInferenceAt };
}

function engineHealth(status: SystemStatus, running: number, lastInferenceAt: string | null, nowMs: number): SystemHealth['engine'] {
  if (!status.engine.connected) return { tone: 'alarm', word: 'down' };
  if (running === 0) return { tone: 'calm', word: 'idle' };
  if (isOld(lastInferenceAt, nowMs, INFERENCE_MS)) return { tone: 'caution', word: 'no-inference' };
  return { tone: 'good', word: 'working' };
}

function outboxHealth({ outbox }: SystemStatus, nowMs: number): SystemHealth['outbox'] {
  if (outbox.dead > 0) return { tone: 'alarm', word: 'dead' };
  if (outbox.pending > 0) return isOld(outbox.oldestPendingAt, nowMs, OUTBOX_MS) ? { tone: 'caution', word: 'late' } : { tone: 'busy', word: 'waiting' };
  return { tone: 'calm', word: 'empty' };
}

/** Up is not well: that processes run is never a green light. */
function processHealth({ processes }: SystemStatus): SystemHealth['processes'] {
  if (processes.length === 0) return { tone: 'calm', word: 'unknown' };
  return processes.every((process) => process.state === 'up') ? { tone: 'calm', word: 'allUp' } : { tone: 'caution', word: 'someDown' };
}
