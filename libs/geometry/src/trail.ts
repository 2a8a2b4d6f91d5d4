import type { Point } from './box.js';

/**
 * A path of bounded length for unbounded time. A point is kept when it is `spacing` away from the last one kept; when the list is
 * full every second point goes and the spacing doubles: the shape stays, the detail shrinks. The newest point is always there.
 */
export class Trail<P extends Point> {
  readonly #kept: P[] = [];
  #newest: P | null = null;
  #spacing: number;

  constructor(
    spacing = 0.004,
    private readonly capacity = 128,
  ) {
    this.#spacing = spacing;
  }

  add(point: P): void {
    this.#newest = point;
    const last = this.#kept.at(-1);
    if (last && Math.hypot(point.x - last.x, point.y - last.y) < this.#spacing) return;
    this.#kept.push(point);
    if (this.#kept.length >= this.capacity) this.#thin();
  }

  /** A copy, oldest first; at most `capacity` points. */
  points(): P[] {
    const newest = this.#newest;
    return newest && this.#kept.at(-1) !== newest ? [...this.#kept, newest] : [...this.#kept];
  }

  #thin(): void {
    const half = this.#kept.filter((_, index) => index % 2 === 0);
    this.#kept.splice(0, this.#kept.length, ...half);
    this.#spacing *= 2;
  }
}
