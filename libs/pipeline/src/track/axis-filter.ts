/**
 * Kalman filter of one number with its speed; time in seconds, so that any camera rate and any gap is right. Noise is a random
 * acceleration of spectral density `agility` (unit² / s³). A box is four of these: its axes move independently enough, and a
 * 2 x 2 covariance needs no matrix library.
 */
export class AxisFilter {
  position: number;
  velocity = 0;
  #pp: number;
  #pv = 0;
  #vv: number;

  /** @param deviation of the first measurement @param speedDeviation what the unknown first speed may be, unit / s */
  constructor(first: number, deviation: number, speedDeviation: number) {
    this.position = first;
    this.#pp = deviation * deviation;
    this.#vv = speedDeviation * speedDeviation;
  }

  /** Standard deviation of the position as believed now. */
  get deviation(): number {
    return Math.sqrt(this.#pp);
  }

  predict(seconds: number, agility: number): void {
    this.position += this.velocity * seconds;
    this.#pp += 2 * this.#pv * seconds + this.#vv * seconds ** 2 + (agility * seconds ** 3) / 3;
    this.#pv += this.#vv * seconds + (agility * seconds ** 2) / 2;
    this.#vv += agility * seconds;
  }

  /** Goes on in another unit, `factor` of which make one of the old. */
  rescale(factor: number): void {
    this.position *= factor;
    this.velocity *= factor;
    this.#pp *= factor ** 2;
    this.#pv *= factor ** 2;
    this.#vv *= factor ** 2;
  }

  correct(measured: number, deviation: number): void {
    const total = this.#pp + deviation * deviation;
    const [gainP, gainV] = [this.#pp / total, this.#pv / total];
    const surprise = measured - this.position;
    this.position += gainP * surprise;
    this.velocity += gainV * surprise;
    this.#vv -= gainV * this.#pv;
    this.#pp *= 1 - gainP;
    this.#pv *= 1 - gainP;
  }
}
