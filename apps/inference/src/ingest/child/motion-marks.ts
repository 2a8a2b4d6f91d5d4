import type { SegmentMedia } from '@argus/media';

/** Pictures of a minute at 25 a second: more than any disk lets a segment wait. */
const MOST = 1500;

/** In which pictures of one connection something moved, by media time, until their segment is finished. */
export class MotionMarks {
  readonly #marks: { readonly ptsUs: number; readonly share: number }[] = [];

  moved(ptsUs: number, share: number): void {
    this.#marks.push({ ptsUs, share });
    if (this.#marks.length > MOST) this.#marks.shift();
  }

  /** The largest share of changed pixels for each second that has begun; 0: nothing moved, as far as anybody looked. What came before is forgotten. */
  take({ startUs, endUs }: SegmentMedia): number[] {
    const seconds = Array.from({ length: Math.max(1, Math.ceil((endUs - startUs) / 1_000_000)) }, () => 0);
    for (const { ptsUs, share } of this.#marks) {
      const second = Math.floor((ptsUs - startUs) / 1_000_000);
      // Never rounded to nothing: somebody far away is a thousandth of the picture.
      if (ptsUs < endUs && second >= 0) seconds[second] = Math.max(seconds[second] ?? 0, Math.min(255, Math.ceil(share * 255)));
    }
    this.#marks.splice(0, this.#marks.length, ...this.#marks.filter(({ ptsUs }) => ptsUs >= endUs));
    return seconds;
  }
}
