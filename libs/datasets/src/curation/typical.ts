import { NearestChosen } from './nearest-chosen.js';
import { distanceBetween, type Vectors } from './vectors.js';

export interface Picks {
  /** Not moved. */
  readonly given: readonly number[];
  /** Candidates, each other than all others. */
  readonly rows: readonly number[];
  readonly groups?: ArrayLike<number>;
  /** Rows of one group at most, given ones included. */
  readonly quota: number;
  /** Picks stay farther than this from each other and from what is given. */
  readonly minDistance: number;
  /** What else counts, by candidate; null: nothing. */
  readonly scores: Float32Array | null;
  /** How many rows each candidate stands for, by candidate; absent: one. */
  readonly weights?: Float32Array;
}

/** Most of the way is made in the first; each costs as much as comparing all candidates with all picks once. */
const ROUNDS = 3;
/** So many of the most typical ones are tried before a pick stays where it is. */
const TRIES = 16;

/**
 * Moves each pick to what is most typical of its cell (of the candidates that it is nearest to), and no candidate of the cell farther than the radius
 * was before: so the radius never grows. The farthest from all others is at the edge of what it stands for; a learner gets more of what is in its middle.
 */
export function moveToTypical(vectors: Vectors, candidates: Int32Array, picks: Picks): { readonly rows: number[]; readonly radius: number } {
  const rows = [...picks.rows];
  let nearest = nearestTo(vectors, candidates, [...picks.given, ...rows]);
  const radius = nearest.radius();
  const cell = new TypicalOfCell(vectors, candidates, picks, radius);
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = 0;
    for (const [index, members] of membersOf(nearest.owners, picks.given.length, rows.length).entries()) {
      const row = cell.find(members, index, rows);
      if (row === rows[index]) continue;
      cell.count(rows[index] as number, -1);
      cell.count(row, 1);
      rows[index] = row;
      moved += 1;
    }
    if (moved === 0) break;
    nearest = nearestTo(vectors, candidates, [...picks.given, ...rows]);
  }
  return { rows, radius: nearest.radius() };
}

function nearestTo(vectors: Vectors, candidates: Int32Array, chosen: readonly number[]): NearestChosen {
  const nearest = new NearestChosen(vectors, candidates);
  for (const row of chosen) nearest.choose(row);
  return nearest;
}

/** Places among the candidates, by pick. */
function membersOf(owners: Int32Array, given: number, picks: number): number[][] {
  const members = Array.from({ length: picks }, (): number[] => []);
  for (const [at, owner] of owners.entries()) members[owner - given]?.push(at);
  return members;
}

class TypicalOfCell {
  readonly #between: (a: number, b: number, most: number) => number;
  readonly #perGroup = new Map<number, number>();

  constructor(
    private readonly vectors: Vectors,
    private readonly candidates: Int32Array,
    private readonly picks: Picks,
    private readonly radius: number,
  ) {
    this.#between = distanceBetween(vectors);
    for (const row of [...picks.given, ...picks.rows]) this.count(row, 1);
  }

  count(row: number, by: number): void {
    const group = this.picks.groups?.[row];
    if (group !== undefined) this.#perGroup.set(group, this.#taken(group) + by);
  }

  /** The row that is worth most of those that may stand for the cell; the one that does already where none is worth more. */
  find(members: readonly number[], index: number, rows: readonly number[]): number {
    const { candidates } = this;
    const own = rows[index] as number;
    const worth = this.#worthOf(members);
    const least = worth[members.findIndex((at) => candidates[at] === own)] ?? Infinity;
    const better = members
      .flatMap((at, place) => ((worth[place] as number) > least && this.#mayReplace(own, candidates[at] as number) ? [{ row: candidates[at] as number, worth: worth[place] as number }] : []))
      .toSorted((a, b) => b.worth - a.worth)
      .slice(0, TRIES);
    return better.find(({ row }) => this.#coversCell(row, members) && this.#isApart(row, index, rows))?.row ?? own;
  }

  /** Other objectives by the typical distance (root of the mean square) of the cell to each member: of a mean, all that is needed is the distance to it. */
  #worthOf(members: readonly number[]): Float64Array {
    const { vectors: { data, dims }, candidates, picks: { weights, scores } } = this;
    const mean = new Float64Array(dims);
    const total = members.reduce((sum, at) => sum + (weights?.[at] ?? 1), 0);
    for (const at of members) {
      const [from, share] = [(candidates[at] as number) * dims, (weights?.[at] ?? 1) / total];
      for (let dim = 0; dim < dims; dim += 1) mean[dim] = (mean[dim] as number) + share * (data[from + dim] as number);
    }
    const squares = Float64Array.from(members, (at) => {
      const from = (candidates[at] as number) * dims;
      let sum = 0;
      for (let dim = 0; dim < dims; dim += 1) sum += ((data[from + dim] as number) - (mean[dim] as number)) ** 2;
      return sum;
    });
    const spread = members.reduce((sum, at, place) => sum + ((weights?.[at] ?? 1) / total) * (squares[place] as number), 0);
    return squares.map((square, place) => (scores?.[members[place] as number] ?? 1) / Math.sqrt(spread + square + Number.EPSILON));
  }

  readonly #taken = (group: number): number => this.#perGroup.get(group) ?? 0;

  /** No group above its quota, and as many groups as before. */
  #mayReplace(own: number, row: number): boolean {
    const { groups, quota } = this.picks;
    const [from, to] = [groups?.[own], groups?.[row]];
    if (from === undefined || to === undefined || from === to) return true;
    return this.#taken(to) < quota && (this.#taken(to) === 0 || this.#taken(from) > 1);
  }

  #coversCell(row: number, members: readonly number[]): boolean {
    const most = this.radius * this.radius;
    return members.every((at) => Math.fround(Math.sqrt(this.#between(row, this.candidates[at] as number, most))) <= this.radius);
  }

  #isApart(row: number, index: number, rows: readonly number[]): boolean {
    const { given, minDistance } = this.picks;
    const isFar = (other: number) => Math.sqrt(this.#between(row, other, minDistance * minDistance)) > minDistance;
    return rows.every((other, at) => at === index || isFar(other)) && given.every(isFar);
  }
}
