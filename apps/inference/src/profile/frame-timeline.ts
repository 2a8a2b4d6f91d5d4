import type { CameraId, DropCause } from '@argus/contracts';
import type { ProfileSink, SpanArguments, Stage, StageSpan } from './stage-span.js';

/** A picture as the timeline names it. */
export interface TimedFrame {
  readonly cameraId: CameraId;
  /** Number within its source. */
  readonly frame: number;
  readonly ptsUs: number;
}

/** What one picture went through. Made for a picture only while somebody records or traces. */
export class FrameTimeline implements ProfileSink {
  readonly spans: StageSpan[];
  /** Why it was not analysed; null: it was, or nobody knows yet. */
  dropped: DropCause | null = null;

  /** `spans`: what its ingest child measured. */
  constructor(
    readonly frame: TimedFrame,
    spans: readonly StageSpan[],
  ) {
    this.spans = [...spans];
  }

  span(stage: Stage, startMs: number, endMs: number, args?: SpanArguments): void {
    // Clocks of other processes are read a moment apart: a stage never ends before it begins.
    this.spans.push({ stage, startMs, endMs: Math.max(startMs, endMs), ...(args === undefined ? {} : { args }) });
  }
}
