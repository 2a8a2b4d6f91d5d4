/** Thins a stream to at most `fps` pictures a second of media time, evenly. */
export class Pacer {
  #intervalUs: number;
  #dueUs = -Infinity;
  #lastUs = -Infinity;
  #nextUs = -Infinity;

  /** @throws RangeError when `fps` is not a positive number. */
  constructor(fps: number) {
    this.#intervalUs = intervalOf(fps);
  }

  /** Another rate from the last due picture on; the next one comes neither at once nor twice. @throws RangeError as above. */
  retime(fps: number): void {
    this.#intervalUs = intervalOf(fps);
    this.#nextUs = this.#dueUs + this.#intervalUs;
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
    if (!due) return false;
    this.#nextUs += this.#intervalUs;
    this.#dueUs = ptsUs;
    return true;
  }

  #startsOver(ptsUs: number): boolean {
    return ptsUs < this.#lastUs || ptsUs - this.#nextUs > this.#intervalUs;
  }
}

function intervalOf(fps: number): number {
  if (!(fps > 0)) throw new RangeError(`Pacer: expected a positive rate, got ${fps}`);
  return 1e6 / fps;
}
