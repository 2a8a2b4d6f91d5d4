import { distanceBetween, type SquaredDistance, type Vectors } from './vectors.js';

/** For each candidate the chosen row that is nearest, kept up to date while more are chosen. */
export class NearestChosen {
  /** Distance to it by candidate; Infinity while nothing is chosen. */
  readonly distances: Float32Array;
  /** Which of `chosen` it is, by candidate; -1: none. */
  readonly owners: Int32Array;
  readonly chosen: number[] = [];
  readonly #between: SquaredDistance;

  constructor(
    vectors: Vectors,
    private readonly candidates: Int32Array,
  ) {
    this.#between = distanceBetween(vectors);
    this.distances = new Float32Array(candidates.length).fill(Infinity);
    this.owners = new Int32Array(candidates.length).fill(-1);
  }

  /**
   * Adds a row (candidate or not). By the triangle inequality a candidate whose owner is at least twice as far from the new row as the candidate is from its
   * owner stays where it is, without looking at its vector; the others' sums are given up as soon as they are too large. Both are exact.
   */
  choose(row: number): void {
    const place = this.chosen.length;
    const toChosen = Float32Array.from(this.chosen, (other) => Math.sqrt(this.#between(row, other, Infinity)));
    this.chosen.push(row);
    const { candidates, distances, owners } = this;
    for (let at = 0; at < candidates.length; at += 1) {
      const distance = distances[at] as number;
      const owner = owners[at] as number;
      if (owner >= 0 && (toChosen[owner] as number) >= 2 * distance) continue;
      const squared = this.#between(row, candidates[at] as number, distance * distance);
      if (squared >= distance * distance) continue;
      distances[at] = Math.sqrt(squared);
      owners[at] = place;
    }
  }

  /** The largest distance of a candidate to what is chosen; 0 without candidates. */
  radius(): number {
    return this.distances.reduce((most, distance) => Math.max(most, distance), 0);
  }
}
