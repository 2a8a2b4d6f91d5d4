/** Thins a stream to at most `fps` pictures a second of media time, evenly. */
export class Pacer {
  readonly #intervalUs: number;
  #lastUs = -Infinity;
  #nextUs = -Infinity;

  /** @throws RangeError when `fps` is not a positive number. */
  constructor(fps: number) {
    if (!(fps > 0)) throw new RangeError(`Pacer: expected a positive rate, got ${fps}`);
    this.#intervalUs = 1e6 / fps;
  }

  /** Whether a picture of this media time would be due; changes nothing. */
  isDue(ptsUs: number): boolean {
    // Cameras stamp with jitter; a twentieth of a step early is on time, else 10 fps of 10 fps would lose pictures.
    return this.#startsOver(ptsUs) || ptsUs >= this.#nextUs - this.#intervalUs / 20;
  }

  /** True when a picture of this media time is to be analysed. Time that runs backwards starts over. */
  due(ptsUs: number): boolean {
    const due = this.isDue(ptsUs);
    if (this.#startsOver(ptsUs)) this.#nextUs = ptsUs;
    this.#lastUs = ptsUs;
    if (due) this.#nextUs += this.#intervalUs;
    return due;
  }

  #startsOver(ptsUs: number): boolean {
    return ptsUs < this.#lastUs || ptsUs - this.#nextUs > this.#intervalUs;
  }
}
