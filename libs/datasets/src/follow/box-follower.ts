import type { BoxPrecise } from '@argus/contracts';
import type { z } from 'zod';
import type { LumaPicture, Window } from './luma-picture.js';
import { PlaceFilter, type Peak } from './place-filter.js';
import { SizeFilter } from './size-filter.js';

type Box = z.infer<typeof BoxPrecise>;

/** Where a followed thing is in one picture. */
export interface FollowedBox {
  /** In pixels of the picture, cut to it. While it is lost: where it was seen last. */
  readonly box: Box;
  /** 0..1: how much it looks there as it did, and nowhere else. */
  readonly confidence: number;
  readonly isLost: boolean;
}

/** Surroundings that are looked at with the box, as a part of its mean side: half of it to each side is how far a thing may move from one picture to the next. */
const SURROUNDINGS = 1.5;
/** Of the wanted answer, in cells: a sixteenth of a box's mean side. */
const SPREAD = 0.8;
const PLACE_RATE = 0.025;
const SIZE_RATE = 0.025;
/** Peak to sidelobe ratios: below the first it is lost, below the second nothing is learnt, and a thing that was lost is not taken for found. */
const LOST = 6;
const CLEAR = 10;
/** The same of how high the peak is, as a part of what was usual: where something moves before it, the peak falls at once. */
const LOST_PART = 0.35;
const CLEAR_PART = 0.5;
const USUAL_RATE = 0.1;
/** Confidence 0 and 1. On labelled footage of a street: from 0.5 on four of five boxes overlapped by half or more, below 0.4 one of three. */
const NOT_SURE = 4;
const SURE = 24;
/** Steps of half a window to each side in which a lost thing is looked for. */
const FAR = [-0.5, 0, 0.5] as const;
const SPEED_RATE = 0.4;
const SMALLEST = 4;
/** Of its box, outside of the picture: more, and it has left. */
const LEFT = 0.75;

/**
 * Follows what is in one box from picture to picture, as a person drew it: discriminative scale space tracking (a correlation filter for the place, another for the size), with a look around where it is lost.
 * The same pictures give the same boxes. Pictures have to be told one by one, in the order in which they were taken or backwards.
 */
export class BoxFollower {
  readonly #place = new PlaceFilter(SPREAD);
  readonly #size = new SizeFilter();
  #at: Window;
  #speed = { x: 0, y: 0 };
  /** How high peaks were; 0: none yet. */
  #usual = 0;
  #isLost = false;

  /** @param box as it was drawn in this picture */
  constructor(picture: LumaPicture, box: Box) {
    this.#at = { x: box.x + box.width / 2, y: box.y + box.height / 2, width: Math.max(SMALLEST, box.width), height: Math.max(SMALLEST, box.height) };
    this.#learn(picture, 1);
  }

  /** Where it is in the next picture. */
  follow(picture: LumaPicture): FollowedBox {
    const peak = this.#isLost ? this.#lookAround(picture) : this.#lookAhead(picture);
    if (peak === null) return this.#told(picture, 0);
    const before = this.#at;
    this.#at = { ...before, x: peak.x, y: peak.y };
    const factor = this.#size.find(picture, this.#at);
    this.#at = bounded({ ...this.#at, width: before.width * factor, height: before.height * factor }, picture);
    if (hasLeft(this.#at, picture)) {
      this.#isLost = true;
      return this.#told(picture, 0);
    }
    if (!this.#isLost) this.#speed = { x: mix(this.#speed.x, this.#at.x - before.x), y: mix(this.#speed.y, this.#at.y - before.y) };
    this.#isLost = false;
    const confidence = Math.min((peak.psr - NOT_SURE) / (SURE - NOT_SURE), this.#part(peak));
    if (this.#isClear(peak)) this.#learn(picture, PLACE_RATE);
    this.#usual = this.#usual === 0 ? peak.value : (1 - USUAL_RATE) * this.#usual + USUAL_RATE * peak.value;
    return this.#told(picture, Math.max(0, Math.min(1, confidence)));
  }

  #learn(picture: LumaPicture, rate: number): void {
    this.#place.learn(picture, around(this.#at), rate);
    this.#size.learn(picture, this.#at, rate === 1 ? 1 : SIZE_RATE);
  }

  /** Where it would be if it went on as it did. */
  #lookAhead(picture: LumaPicture): FoundPlace | null {
    const found = this.#findFrom(picture, this.#at.x + this.#speed.x, this.#at.y + this.#speed.y);
    if (found.psr >= LOST && this.#part(found) >= LOST_PART) return found;
    this.#isLost = true;
    this.#speed = { x: 0, y: 0 };
    return this.#lookAround(picture);
  }

  /** In a window twice as large: the place that looks most like it. */
  #lookAround(picture: LumaPicture): FoundPlace | null {
    const { width, height } = around(this.#at);
    let best: FoundPlace | null = null;
    for (const down of FAR) {
      for (const over of FAR) {
        const [x, y] = [this.#at.x + over * width, this.#at.y + down * height];
        if (x < 0 || y < 0 || x > picture.width || y > picture.height) continue;
        const found = this.#findFrom(picture, x, y);
        if (best === null || found.value > best.value) best = found;
      }
    }
    return best !== null && this.#isClear(best) ? best : null;
  }

  #isClear(peak: Peak): boolean {
    return peak.psr >= CLEAR && this.#part(peak) >= CLEAR_PART;
  }

  /** Of what is usual. */
  #part({ value }: Peak): number {
    return this.#usual === 0 ? 1 : value / this.#usual;
  }

  #findFrom(picture: LumaPicture, x: number, y: number): FoundPlace {
    const window = around({ ...this.#at, x, y });
    const peak = this.#place.find(picture, window);
    return { ...peak, x: x + peak.dx * window.width, y: y + peak.dy * window.height };
  }

  #told({ width, height }: LumaPicture, confidence: number): FollowedBox {
    const at = this.#at;
    const [left, top] = [Math.max(0, at.x - at.width / 2), Math.max(0, at.y - at.height / 2)];
    const [right, bottom] = [Math.min(width, at.x + at.width / 2), Math.min(height, at.y + at.height / 2)];
    return { box: { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }, confidence, isLost: this.#isLost };
  }
}

interface FoundPlace extends Peak {
  readonly x: number;
  readonly y: number;
}

const mix = (old: number, now: number): number => (1 - SPEED_RATE) * old + SPEED_RATE * now;

function around({ x, y, width, height }: Window): Window {
  const more = SURROUNDINGS * Math.sqrt(width * height);
  return { x, y, width: width + more, height: height + more };
}

/** No smaller than can be told apart, no larger than the picture. */
function bounded(window: Window, picture: LumaPicture): Window {
  const factor = Math.min(1, picture.width / window.width, picture.height / window.height) * Math.max(1, SMALLEST / Math.min(window.width, window.height));
  return { ...window, width: window.width * factor, height: window.height * factor };
}

function hasLeft({ x, y, width, height }: Window, picture: LumaPicture): boolean {
  const over = Math.max(0, Math.min(picture.width, x + width / 2) - Math.max(0, x - width / 2));
  const down = Math.max(0, Math.min(picture.height, y + height / 2) - Math.max(0, y - height / 2));
  return over * down < (1 - LEFT) * width * height;
}
