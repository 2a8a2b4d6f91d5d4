import { CELL, CHANNELS, cellFeatures } from './cell-features.js';
import { SquareFourier } from './fourier.js';
import { sampleWindow, type LumaPicture, type Window } from './luma-picture.js';

/** Cells on a side: 128 pixels of what is looked at. */
const CELLS = 32;
const SIDE = CELLS * CELL;
const PLANE = CELLS * CELLS;
/** Keeps frequencies that say nothing from deciding. */
const RIDGE = 0.01;
/** Around the peak, in cells: what lies farther off is no part of it. */
const PEAK_RADIUS = 5;

/** Where in a window the thing is, in parts of the window's width and height from its middle. */
export interface Peak {
  readonly dx: number;
  readonly dy: number;
  readonly value: number;
  /** Peak to sidelobe ratio: how far it stands out of everything else in the window, in standard deviations. */
  readonly psr: number;
}

/** A correlation filter over cells of edges and brightness: learns what a thing looks like in its surroundings, and answers how much each place of a window looks like it. */
export class PlaceFilter {
  readonly #fourier = new SquareFourier(CELLS);
  readonly #taper = taper();
  readonly #patch = new Float64Array(SIDE * SIDE);
  readonly #features = new Float64Array(CHANNELS * PLANE);
  readonly #re = new Float64Array(CHANNELS * PLANE);
  readonly #im = new Float64Array(CHANNELS * PLANE);
  readonly #wantedRe: Float64Array;
  readonly #wantedIm = new Float64Array(PLANE);
  readonly #filterRe = new Float64Array(CHANNELS * PLANE);
  readonly #filterIm = new Float64Array(CHANNELS * PLANE);
  readonly #energy = new Float64Array(PLANE);
  readonly #answerRe = new Float64Array(PLANE);
  readonly #answerIm = new Float64Array(PLANE);

  /** @param spread of the wanted answer, in cells */
  constructor(spread: number) {
    this.#wantedRe = bell(spread);
    this.#fourier.forward(this.#wantedRe, this.#wantedIm);
  }

  /** @param rate how much of what was learnt before is given up; 1: all */
  learn(picture: LumaPicture, window: Window, rate: number): void {
    this.#look(picture, window);
    for (let at = 0; at < PLANE; at += 1) {
      const wantedRe = this.#wantedRe[at] as number;
      const wantedIm = this.#wantedIm[at] as number;
      let energy = 0;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const place = channel * PLANE + at;
        const re = this.#re[place] as number;
        const im = this.#im[place] as number;
        energy += re * re + im * im;
        this.#filterRe[place] = (1 - rate) * (this.#filterRe[place] as number) + rate * (wantedRe * re + wantedIm * im);
        this.#filterIm[place] = (1 - rate) * (this.#filterIm[place] as number) + rate * (wantedRe * im - wantedIm * re);
      }
      this.#energy[at] = (1 - rate) * (this.#energy[at] as number) + rate * energy;
    }
  }

  find(picture: LumaPicture, window: Window): Peak {
    this.#look(picture, window);
    for (let at = 0; at < PLANE; at += 1) {
      let re = 0;
      let im = 0;
      for (let channel = 0; channel < CHANNELS; channel += 1) {
        const place = channel * PLANE + at;
        const filterRe = this.#filterRe[place] as number;
        const filterIm = this.#filterIm[place] as number;
        const ownRe = this.#re[place] as number;
        const ownIm = this.#im[place] as number;
        re += filterRe * ownRe + filterIm * ownIm;
        im += filterRe * ownIm - filterIm * ownRe;
      }
      const share = 1 / ((this.#energy[at] as number) + RIDGE * CHANNELS);
      this.#answerRe[at] = re * share;
      this.#answerIm[at] = im * share;
    }
    this.#fourier.inverse(this.#answerRe, this.#answerIm);
    return peakOf(this.#answerRe);
  }

  /** Transforms of all channels, two at a time: one is the real, the other the imaginary part. */
  #look(picture: LumaPicture, window: Window): void {
    sampleWindow(picture, window, this.#patch, SIDE);
    cellFeatures(this.#patch, SIDE, this.#features);
    for (let channel = 0; channel < CHANNELS; channel += 2) {
      const re = this.#re.subarray(channel * PLANE, (channel + 1) * PLANE);
      const im = this.#re.subarray((channel + 1) * PLANE, (channel + 2) * PLANE);
      for (let at = 0; at < PLANE; at += 1) {
        re[at] = (this.#features[channel * PLANE + at] as number) * (this.#taper[at] as number);
        im[at] = (this.#features[(channel + 1) * PLANE + at] as number) * (this.#taper[at] as number);
      }
      this.#fourier.forward(re, im);
      this.#part(channel);
    }
  }

  #part(channel: number): void {
    const a = channel * PLANE;
    const b = (channel + 1) * PLANE;
    for (let at = 0; at < PLANE; at += 1) {
      const other = ((CELLS - ((at / CELLS) | 0)) % CELLS) * CELLS + ((CELLS - (at % CELLS)) % CELLS);
      if (other < at) continue;
      const re = this.#re[a + at] as number;
      const im = this.#re[b + at] as number;
      const otherRe = this.#re[a + other] as number;
      const otherIm = this.#re[b + other] as number;
      this.#re[a + at] = this.#re[a + other] = (re + otherRe) / 2;
      this.#im[a + at] = (im - otherIm) / 2;
      this.#im[a + other] = -(im - otherIm) / 2;
      this.#re[b + at] = this.#re[b + other] = (im + otherIm) / 2;
      this.#im[b + at] = (otherRe - re) / 2;
      this.#im[b + other] = (re - otherRe) / 2;
    }
  }
}

/** To nothing at the edge: beyond it the transform sees the other side. */
function taper(): Float64Array {
  const line = Float64Array.from({ length: CELLS }, (_unused, index) => 0.5 * (1 - Math.cos((2 * Math.PI * (index + 0.5)) / CELLS)));
  return Float64Array.from({ length: PLANE }, (_unused, at) => (line[(at / CELLS) | 0] as number) * (line[at % CELLS] as number));
}

/** What is wanted: 1 where the thing is (place 0), less around it. */
function bell(spread: number): Float64Array {
  const off = (index: number): number => (index < CELLS / 2 ? index : index - CELLS);
  return Float64Array.from({ length: PLANE }, (_unused, at) => Math.exp(-(off((at / CELLS) | 0) ** 2 + off(at % CELLS) ** 2) / (2 * spread * spread)));
}

function peakOf(answer: Float64Array): Peak {
  let best = 0;
  for (let at = 1; at < PLANE; at += 1) if ((answer[at] as number) > (answer[best] as number)) best = at;
  const [row, column] = [(best / CELLS) | 0, best % CELLS];
  const value = answer[best] as number;
  const at = (y: number, x: number): number => answer[((y + CELLS) % CELLS) * CELLS + ((x + CELLS) % CELLS)] as number;
  const signed = (index: number): number => (index < CELLS / 2 ? index : index - CELLS);
  return {
    dx: (signed(column) + summit(at(row, column - 1), value, at(row, column + 1))) / CELLS,
    dy: (signed(row) + summit(at(row - 1, column), value, at(row + 1, column))) / CELLS,
    value,
    psr: psrOf(answer, row, column),
  };
}

/** Where between three values the top of a parabola through them is, -0.5..0.5 from the middle one. */
export function summit(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}

function psrOf(answer: Float64Array, row: number, column: number): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 0; at < PLANE; at += 1) {
    const down = Math.abs(((at / CELLS) | 0) - row);
    const over = Math.abs((at % CELLS) - column);
    if (Math.min(down, CELLS - down) <= PEAK_RADIUS && Math.min(over, CELLS - over) <= PEAK_RADIUS) continue;
    const value = answer[at] as number;
    count += 1;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return ((answer[row * CELLS + column] as number) - mean) / Math.sqrt(Math.max(1e-12, squares / count - mean * mean));
}
