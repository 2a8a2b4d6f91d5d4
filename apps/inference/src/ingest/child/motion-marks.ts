/** The largest share of changed pixels in each second of a segment. */
export class MotionMarks {
  readonly #marks: number[] = [];

  /** @param startUs media time at which the segment begins. */
  constructor(private readonly startUs: number) {}

  /** A picture in which something moved. Pictures of the segment before are too late: its marks are told. */
  moved(ptsUs: number, share: number): void {
    const second = Math.floor((ptsUs - this.startUs) / 1_000_000);
    if (second < 0) return;
    // Never rounded to nothing: somebody far away is a thousandth of the picture.
    this.#marks[second] = Math.max(this.#marks[second] ?? 0, Math.min(255, Math.ceil(share * 255)));
  }

  /** One number for each second that has begun; 0: nothing moved, as far as anybody looked. */
  of(durationMs: number): number[] {
    return Array.from({ length: Math.max(1, Math.ceil(durationMs / 1000)) }, (_, second) => this.#marks[second] ?? 0);
  }
}
