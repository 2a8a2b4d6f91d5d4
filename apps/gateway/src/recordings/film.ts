import { createHash } from 'node:crypto';
import { FootageRange, type FootagePlan as Plan, type OpenFootage } from '@argus/footage';
import type { FootagePlan } from '@argus/contracts';
import { isoTime } from '@argus/kernel';
import type { FootageSegment } from './segment-repository.js';

/** What may stand in a header. */
const CODECS = /^[\w.,+ -]+$/;

/** A range of footage as one MP4: what there is to be said about it, and its bytes. */
export class Film {
  readonly range: FootageRange<FootageSegment>;
  readonly #first: FootageSegment;

  /** @throws RangeError for a plan without pieces */
  constructor(
    private readonly plan: Plan<FootageSegment>,
    open: OpenFootage,
    /** It is sent with the camera's masks in it: encoded anew, at the same places. */
    readonly masked = false,
  ) {
    const first = plan.pieces[0]?.segment;
    if (first === undefined) throw new RangeError('a film wants one file at least');
    this.#first = first;
    this.range = new FootageRange(plan, open);
  }

  /** When the first picture was taken. */
  get startMs(): number {
    return this.plan.startMs;
  }

  get contentType(): string {
    return CODECS.test(this.#first.codecString) ? `video/mp4; codecs="${this.#first.codecString}"` : 'video/mp4';
  }

  /** The same for the same bytes: a reader that comes back for more sees whether it is still the same film. */
  get tag(): string {
    const pieces = this.plan.pieces.map(({ segment: { path, headId }, first, last }) => [path, headId, first, last]);
    return `"${createHash('sha256').update(JSON.stringify(pieces)).digest('base64url').slice(0, 22)}"`;
  }

  /** Where the rest of the range begins, which a decoder has to be set up for anew; null: all is here. */
  get nextFrom(): string | null {
    return this.plan.nextMs === null ? null : isoTime(this.plan.nextMs);
  }

  describe(): FootagePlan {
    const { startMs, endMs, durationMs, gaps } = this.plan;
    const { width, height } = this.#first;
    return {
      masked: this.masked,
      startAt: isoTime(startMs),
      endAt: isoTime(endMs),
      durationMs,
      bytes: this.masked ? null : this.plan.bytes,
      contentType: this.masked ? null : this.contentType,
      width,
      height,
      gaps: gaps.map(({ fromMs, toMs, atMs }) => ({ startAt: isoTime(fromMs), endAt: isoTime(toMs), atMs })),
      nextFrom: this.nextFrom,
    };
  }
}
