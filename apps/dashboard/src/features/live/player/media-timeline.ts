interface Stretch {
  /** Decode time from which on the offset holds, microseconds. */
  readonly fromUs: number;
  /** pts = decode time + offset. */
  readonly offsetUs: number;
}

const JUMP_US = 600_000;
const GAP_US = 2_000_000;
const KEEP = 8;

/**
 * The stream's media time jumps when a camera reconnects; a media element wants a time line without holes. This gives each
 * packet its place on a line from zero on and finds the pts back from it.
 */
export class MediaTimeline {
  #stretches: Stretch[] = [];
  #lastPtsUs = 0;
  #endUs = 0;

  /** Decode time of a packet; `reordered` says that it is shown before its predecessor (a B-frame), which has no place here. */
  place(ptsUs: number): { decodeTimeUs: number; reordered: boolean } {
    const step = ptsUs - this.#lastPtsUs;
    const jumped = this.#stretches.length === 0 || step < -JUMP_US || step > GAP_US;
    if (!jumped && step <= 0) return { decodeTimeUs: this.#endUs, reordered: true };
    if (jumped) this.#stretches = [...this.#stretches, { fromUs: this.#endUs, offsetUs: ptsUs - this.#endUs }].slice(-KEEP);
    const decodeTimeUs = ptsUs - (this.#stretches.at(-1)?.offsetUs ?? 0);
    this.#lastPtsUs = ptsUs;
    this.#endUs = decodeTimeUs + 40_000;
    return { decodeTimeUs, reordered: false };
  }

  /** The pts of the picture at this place; null before the first packet. */
  ptsAt(decodeTimeUs: number): number | null {
    const stretch = this.#stretches.findLast((one) => one.fromUs <= decodeTimeUs + 1) ?? this.#stretches[0];
    return stretch ? decodeTimeUs + stretch.offsetUs : null;
  }
}
