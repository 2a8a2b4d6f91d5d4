import { machineMs } from '@argus/kernel';
import type { ModelRun } from '@argus/models';
import type { ProfileSink } from './stage-span.js';

/** A run that came back, as the lane saw it. */
export interface SeenRun {
  readonly model: string;
  readonly device: string;
  readonly pid: number;
  /** Unique within this process: pictures that share it were one batch. */
  readonly number: number;
  readonly pictures: number;
  /** When it was given to the model's process, by the machine's clock. */
  readonly begunMs: number;
  readonly times: Pick<ModelRun, 'startedAtMs' | 'readMs' | 'computeMs' | 'decodeMs'>;
}

/** Tells one picture of a run where its time went: until the process began, while it computed, until its answer was here. */
export function tellRun(sink: ProfileSink, askedMs: number, { model, device, pid, number, pictures, begunMs, times }: SeenRun): void {
  const answeredMs = machineMs();
  const { startedAtMs, readMs, computeMs, decodeMs } = times;
  const latestMs = Math.max(begunMs, answeredMs - readMs - computeMs - decodeMs);
  // Wall clocks of two processes drift apart over days; what both ends saw bounds the error.
  const startMs = Math.min(latestMs, Math.max(begunMs, answeredMs - (performance.timeOrigin + performance.now() - startedAtMs)));
  const endMs = startMs + readMs + computeMs;
  sink.span('batch', askedMs, startMs, { model });
  sink.span('inference', startMs, endMs, { model, device, pid, run: number, pictures, readMs: round(readMs), computeMs: round(computeMs) });
  sink.span('post', endMs, answeredMs, { model, run: number, decodeMs: round(decodeMs) });
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
