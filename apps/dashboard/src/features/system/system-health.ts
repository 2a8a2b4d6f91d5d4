import type { SystemStatus } from '@argus/contracts';
import type { Tone } from '../../ui/badge.js';
import { cameraHealth, isOld } from '../cameras/camera-health.js';

const OUTBOX_MS = 60_000;

export interface SystemHealth {
  readonly engine: { readonly tone: Tone; readonly word: 'working' | 'down' | 'idle' | 'no-inference' | 'some-stale' };
  readonly outbox: { readonly tone: Tone; readonly word: 'empty' | 'waiting' | 'late' | 'dead' };
  readonly processes: { readonly tone: Tone; readonly word: 'allUp' | 'someDown' | 'unknown' };
  /** Ids of cameras that send pictures and were not analysed as lately as they should be. */
  readonly stale: readonly string[];
  readonly lastInferenceAt: string | null;
}

/** Green only behind a recent success of every camera that sends pictures. */
export function systemHealth(status: SystemStatus, nowMs: number): SystemHealth {
  const lastInferenceAt = status.cameras.flatMap((camera) => camera.stats?.lastInferenceAt ?? []).sort().at(-1) ?? null;
  const words = status.cameras.map((camera) => ({ id: camera.state.cameraId as string, word: cameraHealth(camera, nowMs).word }));
  const stale = words.filter(({ word }) => word === 'no-inference' || word === 'no-detector').map(({ id }) => id);
  const working = words.filter(({ word }) => word === 'working').length;
  const running = words.filter(({ word }) => word !== 'disabled').length;
  return { engine: engineHealth(status, running, working, stale.length), outbox: outboxHealth(status, nowMs), processes: processHealth(status), stale, lastInferenceAt };
}

function engineHealth(status: SystemStatus, running: number, working: number, stale: number): SystemHealth['engine'] {
  if (!status.engine.connected) return { tone: 'alarm', word: 'down' };
  if (running === 0) return { tone: 'calm', word: 'idle' };
  if (working === 0) return { tone: 'caution', word: 'no-inference' };
  return stale > 0 ? { tone: 'caution', word: 'some-stale' } : { tone: 'good', word: 'working' };
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
