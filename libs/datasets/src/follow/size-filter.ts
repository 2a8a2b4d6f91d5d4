import { CELL, CHANNELS, cellFeatures } from './cell-features.js';
import { sampleWindow, type LumaPicture, type Window } from './luma-picture.js';
import { summit } from './place-filter.js';

/** Sizes that are compared, each this much larger than the one before. */
const SIZES = 17;
const STEP = 1.025;
const MIDDLE = (SIZES - 1) / 2;
const SIDE = 8 * CELL;
const FEATURES = CHANNELS * (SIDE / CELL) ** 2;
const SPREAD = 1.1;
const RIDGE = 0.01;

/** Of real numbers the second half of a transform is the first one mirrored: this much is enough. */
const HALF = MIDDLE + 1;
const ANGLE = (2 * Math.PI) / SIZES;
const COS = Float64Array.from({ length: SIZES }, (_unused, index) => Math.cos(ANGLE * index));
const SIN = Float64Array.from({ length: SIZES }, (_unused, index) => Math.sin(ANGLE * index));
/** As for places: to nothing at both ends. */
const TAPER = Float64Array.from({ length: SIZES }, (_unused, index) => 0.5 * (1 - Math.cos((2 * Math.PI * (index + 1)) / (SIZES + 1))));

/** A correlation filter along sizes: tells by how much a thing has grown or shrunk. */
export class SizeFilter {
  readonly #patch = new Float64Array(SIDE * SIDE);
  readonly #features = new Float64Array(FEATURES);
  readonly #looks = new Float64Array(SIZES * FEATURES);
  readonly #re = new Float64Array(HALF * FEATURES);
  readonly #im = new Float64Array(HALF * FEATURES);
  readonly #wantedRe = new Float64Array(HALF);
  readonly #wantedIm = new Float64Array(HALF);
  readonly #filterRe = new Float64Array(HALF * FEATURES);
  readonly #filterIm = new Float64Array(HALF * FEATURES);
  readonly #energy = new Float64Array(HALF);

  constructor() {
    transform(Float64Array.from({ length: SIZES }, (_unused, index) => Math.exp(-((index - MIDDLE) ** 2) / (2 * SPREAD * SPREAD))), this.#wantedRe, this.#wantedIm);
  }

  learn(picture: LumaPicture, box: Window, rate: number): void {
    this.#look(picture, box);
    for (let at = 0; at < HALF; at += 1) {
      const wantedRe = this.#wantedRe[at] as number;
      const wantedIm = this.#wantedIm[at] as number;
      let energy = 0;
      for (let place = at; place < HALF * FEATURES; place += HALF) {
        const re = this.#re[place] as number;
        const im = this.#im[place] as number;
        energy += re * re + im * im;
        this.#filterRe[place] = (1 - rate) * (this.#filterRe[place] as number) + rate * (wantedRe * re + wantedIm * im);
        this.#filterIm[place] = (1 - rate) * (this.#filterIm[place] as number) + rate * (wantedIm * re - wantedRe * im);
      }
      this.#energy[at] = (1 - rate) * (this.#energy[at] as number) + rate * energy;
    }
  }

  /** By what the box has to be multiplied. */
  find(picture: LumaPicture, box: Window): number {
    this.#look(picture, box);
    const re = new Float64Array(HALF);
    const im = new Float64Array(HALF);
    for (let at = 0; at < HALF; at += 1) {
      let sumRe = 0;
      let sumIm = 0;
      for (let place = at; place < HALF * FEATURES; place += HALF) {
        const filterRe = this.#filterRe[place] as number;
        const filterIm = this.#filterIm[place] as number;
        const ownRe = this.#re[place] as number;
        const ownIm = this.#im[place] as number;
        sumRe += filterRe * ownRe - filterIm * ownIm;
        sumIm += filterRe * ownIm + filterIm * ownRe;
      }
      const share = 1 / ((this.#energy[at] as number) + RIDGE * FEATURES);
      re[at] = sumRe * share;
      im[at] = sumIm * share;
    }
    return STEP ** (topOf(backwards(re, im)) - MIDDLE);
  }

  #look(picture: LumaPicture, box: Window): void {
    for (let size = 0; size < SIZES; size += 1) {
      const factor = STEP ** (size - MIDDLE);
      sampleWindow(picture, { ...box, width: box.width * factor, height: box.height * factor }, this.#patch, SIDE);
      cellFeatures(this.#patch, SIDE, this.#features);
      for (let feature = 0; feature < FEATURES; feature += 1) this.#looks[feature * SIZES + size] = (this.#features[feature] as number) * (TAPER[size] as number);
    }
    transform(this.#looks, this.#re, this.#im);
  }
}

/** Of as many lines of sizes as there are. */
function transform(values: Float64Array, re: Float64Array, im: Float64Array): void {
  for (let line = 0; line < values.length / SIZES; line += 1) {
    const start = line * SIZES;
    for (let at = 0; at < HALF; at += 1) {
      let sumRe = 0;
      let sumIm = 0;
      for (let index = 0, turn = 0; index < SIZES; index += 1, turn = turn + at >= SIZES ? turn + at - SIZES : turn + at) {
        const value = values[start + index] as number;
        sumRe += value * (COS[turn] as number);
        sumIm -= value * (SIN[turn] as number);
      }
      re[line * HALF + at] = sumRe;
      im[line * HALF + at] = sumIm;
    }
  }
}

function backwards(re: Float64Array, im: Float64Array): Float64Array {
  return Float64Array.from({ length: SIZES }, (_unused, index) => {
    let sum = re[0] as number;
    for (let at = 1; at < HALF; at += 1) sum += 2 * ((re[at] as number) * (COS[(at * index) % SIZES] as number) - (im[at] as number) * (SIN[(at * index) % SIZES] as number));
    return sum / SIZES;
  });
}

function topOf(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < SIZES; at += 1) if ((values[at] as number) > (values[best] as number)) best = at;
  return best === 0 || best === SIZES - 1 ? best : best + summit(values[best - 1] as number, values[best] as number, values[best + 1] as number);
}
