import type { ModelId, ProfileSubject } from '@argus/contracts';
import type { FrameTimeline } from './frame-timeline.js';
import type { StageSpan } from './stage-span.js';

/** Some 17 MB of trace; a minute of a camera has a third of it. */
const MOST_SPANS = 50_000;

/** A picture's part in a recording. */
export interface RecordedFrame {
  readonly timeline: FrameTimeline;
  readonly spans: readonly StageSpan[];
}

/** What is kept of one subject between two moments; of too much the oldest pictures are given up, and counted. */
export class Recording {
  #frames: RecordedFrame[] = [];
  #oldest = 0;
  #spans = 0;
  #lost = 0;

  constructor(
    readonly subject: ProfileSubject,
    readonly startedMs: number,
  ) {}

  /** Oldest first. */
  get frames(): readonly RecordedFrame[] {
    return this.#frames.slice(this.#oldest);
  }

  /** Pictures that did not fit. */
  get lost(): number {
    return this.#lost;
  }

  wants(timeline: FrameTimeline): boolean {
    return this.subject.kind === 'model' || this.subject.cameraId === timeline.frame.cameraId;
  }

  add(timeline: FrameTimeline): void {
    const spans = this.subject.kind === 'camera' ? timeline.spans : runsOf(timeline.spans, this.subject.model);
    if (spans.length === 0 && (this.subject.kind === 'model' || timeline.dropped === null)) return;
    this.#frames.push({ timeline, spans });
    this.#spans += spans.length;
    while (this.#spans > MOST_SPANS) this.#giveUpOldest();
  }

  #giveUpOldest(): void {
    this.#spans -= this.#frames[this.#oldest]?.spans.length ?? 0;
    this.#oldest += 1;
    this.#lost += 1;
    if (this.#oldest < 1024) return;
    this.#frames = this.#frames.slice(this.#oldest);
    this.#oldest = 0;
  }
}

/** Of a picture that several models saw, what one of them did. */
const runsOf = (spans: readonly StageSpan[], model: ModelId): StageSpan[] => spans.filter((span) => span.args?.['model'] === model);
