import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraId, EngineConfig, FrameTrace, ProfileSubject } from '@argus/contracts';
import { machineMs } from '@argus/kernel';
import { FrameTimeline, type TimedFrame } from './frame-timeline.js';
import { frameTraceOf } from './frame-trace.js';
import { Recording } from './recording.js';
import type { StageSpan } from './stage-span.js';
import { traceJson } from './trace-json.js';

export interface FrameRecorderOptions {
  /** Which cameras have their ingest timed may have changed. */
  readonly onChange: () => void;
  readonly random?: () => number;
}

/** Traces of pictures that wait for the next `takeTraces`; more within a second are left out. */
const MOST_TRACES = 200;

/**
 * Follows pictures through the stages while somebody wants to know: a person who records one camera or model for some seconds,
 * or a collector of traces. Otherwise `begin` is one test and gives nothing, and no stage measures anything.
 */
export class FrameRecorder {
  readonly #recordings = new Set<Recording>();
  #tracing: EngineConfig['tracing'];
  #traces: FrameTrace[] = [];
  #active = false;

  constructor(private readonly options: FrameRecorderOptions) {}

  /** Whether events are to be traced. */
  get tracing(): boolean {
    return this.#tracing !== undefined;
  }

  trace(tracing: EngineConfig['tracing']): void {
    if (JSON.stringify(tracing) === JSON.stringify(this.#tracing)) return;
    this.#tracing = tracing;
    this.#changed();
  }

  /** Whether the child of this camera is to measure its stages. */
  timesIngest(cameraId: CameraId): boolean {
    if (this.#tracing) return true;
    for (const { subject } of this.#recordings) if (subject.kind === 'camera' && subject.cameraId === cameraId) return true;
    return false;
  }

  /** null: nobody wants to know. */
  begin({ cameraId, frame, ptsUs }: TimedFrame, spans: readonly StageSpan[] | undefined): FrameTimeline | null {
    if (!this.#active) return null;
    const timeline = new FrameTimeline({ cameraId, frame, ptsUs }, spans ?? []);
    if (this.#tracing) return timeline;
    for (const recording of this.#recordings) if (recording.wants(timeline)) return timeline;
    return null;
  }

  /** The picture is done with. */
  finish(timeline: FrameTimeline): void {
    for (const recording of this.#recordings) if (recording.wants(timeline)) recording.add(timeline);
    const share = this.#tracing?.frames ?? 0;
    if (share > 0 && timeline.dropped === null && this.#traces.length < MOST_TRACES && (this.options.random ?? Math.random)() < share) this.#traces.push(frameTraceOf(timeline));
  }

  takeTraces(): FrameTrace[] {
    return this.#traces.splice(0);
  }

  /** Trace Event Format as JSON, of what happened within the next `seconds`. `title`: what people call it. */
  async record(subject: ProfileSubject, seconds: number, title: string): Promise<string> {
    const recording = new Recording(subject, machineMs());
    this.#recordings.add(recording);
    this.#changed();
    try {
      await sleep(seconds * 1000);
    } finally {
      this.#recordings.delete(recording);
      this.#changed();
    }
    return traceJson(recording, title, seconds);
  }

  #changed(): void {
    this.#active = this.#recordings.size > 0 || this.#tracing !== undefined;
    this.options.onChange();
  }
}
