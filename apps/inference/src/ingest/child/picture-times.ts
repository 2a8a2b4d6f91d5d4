/** Of the newest pictures: enough for what is analysed late, at 60 a second. */
const MOST = 240;
/** A moment is moved to a picture that is as near as this. */
const NEAR_US = 100_000;

/** Media times of the newest pictures of one connection, by which a moment is moved to the picture that was on the screen then. */
export class PictureTimes {
  readonly #times: number[] = [];

  add(ptsUs: number): void {
    this.#times.push(ptsUs);
    if (this.#times.length > MOST) this.#times.shift();
  }

  /** The time of the picture that is nearest: one that came, or the one that comes next by the rate of the last two; null: none is near. */
  nearest(ptsUs: number): number | null {
    const best = [...this.#times, this.#expected(ptsUs)].reduce((found, one) => (Math.abs(one - ptsUs) < Math.abs(found - ptsUs) ? one : found), Infinity);
    return Math.abs(best - ptsUs) <= NEAR_US ? best : null;
  }

  /** This stream may come later than the one on which the moment was seen. */
  #expected(ptsUs: number): number {
    const [before, last] = [this.#times.at(-2), this.#times.at(-1)];
    if (before === undefined || last === undefined || last <= before || ptsUs <= last) return Infinity;
    return last + Math.max(1, Math.round((ptsUs - last) / (last - before))) * (last - before);
  }
}
