import type { CameraId, DropCause } from '@argus/contracts';
import { machineMs } from '@argus/kernel';
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
  readonly #offeredMs = machineMs();
  #turned = false;
  #dropped: DropCause | null = null;

  /** `spans`: what its ingest child measured. */
  constructor(
    readonly frame: TimedFrame,
    spans: readonly StageSpan[],
  ) {
    this.spans = [...spans];
  }

  /** Why it was not analysed; null: it was, or nobody knows yet. */
  get dropped(): DropCause | null {
    return this.#dropped;
  }

  span(stage: Stage, startMs: number, endMs: number, args?: SpanArguments): void {
    // Clocks of other processes are read a moment apart: a stage never ends before it begins.
    this.spans.push({ stage, startMs, endMs: Math.max(startMs, endMs), ...(args === undefined ? {} : { args }) });
  }

  /** What came after everything so far, until now. */
  spanSinceLast(stage: Stage): void {
    this.span(stage, this.spans.reduce((last, { endMs }) => Math.max(last, endMs), this.#offeredMs), machineMs());
  }

  /** Its turn has come: it waits no more. */
  turn(): void {
    this.#turned = true;
    this.span('queue', this.#offeredMs, machineMs());
  }

  drop(cause: DropCause): void {
    if (!this.#turned) this.turn();
    this.#dropped = cause;
  }
}
