import type { BoxPixels } from '@argus/contracts';
import { AxisFilter } from './axis-filter.js';

/** Noise in shares of the box's size, so that near and far objects behave alike. */
export interface MotionModel {
  /** Deviation of a measured centre, share of the box's width or height. */
  readonly positionNoise: number;
  /** Deviation of a measured width or height, share of it. */
  readonly sizeNoise: number;
  /** Change of speed, box sizes / s² per root of a second. */
  readonly agility: number;
  /** The same for width and height. */
  readonly sizeAgility: number;
  /** What an unknown first speed may be, box sizes / s. */
  readonly firstSpeed: number;
}

/** New pixels per old one, across and down. */
export interface Scale {
  readonly x: number;
  readonly y: number;
}

/** Centre and size of a box over time. */
export class BoxFilter {
  readonly #x: AxisFilter;
  readonly #y: AxisFilter;
  readonly #width: AxisFilter;
  readonly #height: AxisFilter;

  constructor(
    box: BoxPixels,
    private readonly model: MotionModel,
  ) {
    const scale = scaleOf(box);
    const { positionNoise, sizeNoise, firstSpeed } = model;
    this.#x = new AxisFilter(box.x + box.width / 2, positionNoise * scale, firstSpeed * scale);
    this.#y = new AxisFilter(box.y + box.height / 2, positionNoise * scale, firstSpeed * scale);
    this.#width = new AxisFilter(box.width, sizeNoise * box.width, 0);
    this.#height = new AxisFilter(box.height, sizeNoise * box.height, 0);
  }

  /** The box as believed now. */
  get box(): BoxPixels {
    const width = Math.max(1, this.#width.position);
    const height = Math.max(1, this.#height.position);
    return { x: this.#x.position - width / 2, y: this.#y.position - height / 2, width, height };
  }

  /** Speed of the centre, pixels / s. */
  get velocity(): { readonly x: number; readonly y: number } {
    return { x: this.#x.velocity, y: this.#y.velocity };
  }

  /** Deviation of the centre, pixels. */
  get deviation(): { readonly x: number; readonly y: number } {
    return { x: this.#x.deviation, y: this.#y.deviation };
  }

  predict(seconds: number): void {
    const scale = scaleOf(this.box);
    const agility = (this.model.agility * scale) ** 2;
    const sizeAgility = (this.model.sizeAgility * scale) ** 2;
    this.#x.predict(seconds, agility);
    this.#y.predict(seconds, agility);
    this.#width.predict(seconds, sizeAgility);
    this.#height.predict(seconds, sizeAgility);
  }

  /** @param trust 1 for a clear detection; weaker ones count with proportionally larger noise. */
  correct(box: BoxPixels, trust: number): void {
    const scale = scaleOf(box);
    const position = (this.model.positionNoise * scale) / trust;
    this.#x.correct(box.x + box.width / 2, position);
    this.#y.correct(box.y + box.height / 2, position);
    this.#width.correct(box.width, (this.model.sizeNoise * box.width) / trust);
    this.#height.correct(box.height, (this.model.sizeNoise * box.height) / trust);
  }

  /** Goes on in pictures of another size. */
  rescale({ x, y }: Scale): void {
    for (const axis of [this.#x, this.#width]) axis.rescale(x);
    for (const axis of [this.#y, this.#height]) axis.rescale(y);
  }

  /** Takes all speed away. */
  stop(): void {
    for (const axis of [this.#x, this.#y, this.#width, this.#height]) axis.velocity = 0;
  }
}

/** Geometric mean of the sides: a person's box turns narrow and wide while walking, its size stays. */
function scaleOf(box: BoxPixels): number {
  return Math.sqrt(Math.max(1, box.width) * Math.max(1, box.height));
}
