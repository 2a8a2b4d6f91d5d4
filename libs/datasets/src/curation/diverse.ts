import { NearestChosen } from './nearest-chosen.js';
import { scoresOf, type Objectives } from './objectives.js';
import { moveToTypical } from './typical.js';
import { mostCentral, requireVectors, rowCount, type Vectors } from './vectors.js';

export interface DiverseOptions {
  /** How many are wanted, beside `given`. */
  readonly count: number;
  /** Rows that are in the set already: what is like them is not wanted. */
  readonly given?: Iterable<number>;
  /** Rows that may be taken; default all. */
  readonly candidates?: Iterable<number>;
  /** Camera (or street, folder) of each row, as a number from 0. */
  readonly groups?: ArrayLike<number>;
  /** Rows of one group at most, given ones included. */
  readonly quota?: number;
  /** Each group gets its first before any gets its second. Default: yes where there are groups. */
  readonly firstOfEach?: boolean;
  /** Rows nearer than this to one that is taken are not. Default 0: only what is the same. */
  readonly minDistance?: number;
  /** What else counts; see `scoresOf`. */
  readonly objectives?: Objectives;
  /** Groups with more candidates are thinned to so many first, each by itself; see `candidatesPerGroup` for the default. Infinity: never. */
  readonly perGroup?: number;
  /** Whether each, once all are chosen, gives way to what is most typical of those it stands for: better to train with, and the radius never grows. Default: no. */
  readonly typical?: boolean;
}

export interface DiverseChoice {
  /** In the order of choice: any first part of it is a good choice too, but where they were moved to what is typical it stands for less. */
  readonly rows: Int32Array;
  /** Of each, how far it was from all before it when it was chosen; Infinity for a first one. */
  readonly distances: Float32Array;
  /** Farthest that any candidate is from what is given or taken. An upper bound where groups were thinned. */
  readonly radius: number;
  /** Why it ended: as many as wanted; all that is left is like what is taken; quotas are full or nothing is left. */
  readonly ended: 'count' | 'similar' | 'exhausted';
}

/** So many pairs of numbers are compared in some seconds: up to there nothing is thinned. */
const AFFORDABLE = 5e9;

/**
 * Where all distances cost too much, four times the even share of each group is kept, 32 at least, and never less than its quota. Thinning costs
 * candidates x that, choosing then groups x that x count: with a hundred cameras and a thousand wanted a twenty-fifth of choosing among all.
 */
function candidatesPerGroup(vectors: Vectors, candidates: number, groups: number, { count, quota = 0 }: DiverseOptions): number {
  if (!Number.isFinite(count) || candidates * count * vectors.dims <= AFFORDABLE) return Infinity;
  return Math.max(32, Math.ceil((4 * count) / groups), Number.isFinite(quota) ? quota : 0);
}

/**
 * Chooses samples that differ: each next one is the farthest from all that are taken (k-center, greedy), times the other objectives. Without groups and
 * objectives the radius is at most twice the smallest that is possible (Gonzalez). Equal ones: the first row wins, so the result depends on nothing but
 * the input. O(count x candidates x dims), some of it left out (NearestChosen); 17 bytes a candidate beside the vectors.
 */
export function chooseDiverse(vectors: Vectors, options: DiverseOptions): DiverseChoice {
  requireVectors(vectors);
  const candidates = Int32Array.from(options.candidates ?? new Int32Array(rowCount(vectors)).keys());
  if (options.groups === undefined) return chooseFrom(vectors, candidates, options).choice;
  const shards = [...shardsOf(candidates, options.groups).values()];
  const perGroup = options.perGroup ?? candidatesPerGroup(vectors, candidates.length, shards.length, options);
  if (shards.every(({ length }) => length <= perGroup)) return chooseFrom(vectors, candidates, options).choice;
  const thinned = shards.map((shard) => thin(vectors, shard, perGroup, options));
  const { choice } = chooseFrom(vectors, concat(thinned.map(({ rows }) => rows)), options, Float32Array.from(thinned.flatMap(({ weights }) => weights)));
  return { ...choice, radius: choice.radius + Math.max(0, ...thinned.map(({ radius }) => radius)) };
}

interface Thinned {
  readonly rows: Int32Array;
  /** How many rows of the group each stands for. */
  readonly weights: number[];
  readonly radius: number;
}

/** The rows of one group that are kept as candidates: far from each other and from what is given. */
function thin(vectors: Vectors, shard: Int32Array, most: number, { given, objectives }: DiverseOptions): Thinned {
  if (shard.length <= most) return { rows: shard, weights: Array.from(shard, () => 1), radius: 0 };
  const { choice, nearest } = chooseFrom(vectors, shard, { count: most, ...(given && { given }), ...(objectives && { objectives }) });
  const stoodFor = new Map<number, number>();
  for (const owner of nearest.owners) stoodFor.set(nearest.chosen[owner] as number, (stoodFor.get(nearest.chosen[owner] as number) ?? 0) + 1);
  const rows = choice.rows.toSorted();
  return { rows, weights: Array.from(rows, (row) => stoodFor.get(row) ?? 1), radius: choice.radius };
}

function chooseFrom(vectors: Vectors, candidates: Int32Array, options: DiverseOptions, weights?: Float32Array): { readonly choice: DiverseChoice; readonly nearest: NearestChosen } {
  const { count, groups, minDistance = 0, objectives } = options;
  const nearest = new NearestChosen(vectors, candidates);
  const pick = new Pick(candidates, groups, options.quota ?? Infinity, options.firstOfEach ?? groups !== undefined);
  for (const row of options.given ?? []) {
    nearest.choose(row);
    pick.taken(row);
  }
  const scores = scoresOf(candidates, objectives);
  const exponent = objectives?.weights?.diversity ?? 1;
  const rows: number[] = [];
  const distances: number[] = [];
  let ended: DiverseChoice['ended'] = 'count';
  while (rows.length < count) {
    const at = nearest.chosen.length === 0 ? firstOf(vectors, candidates, scores, pick) : pick.best((index) => {
      const distance = nearest.distances[index] as number;
      return distance <= minDistance ? 0 : distance ** exponent * (scores?.[index] ?? 1);
    });
    if (at < 0) {
      ended = pick.isExhausted(rows.length) ? 'exhausted' : 'similar';
      break;
    }
    const row = candidates[at] as number;
    rows.push(row);
    distances.push(nearest.distances[at] as number);
    nearest.choose(row);
    pick.taken(row, at);
  }
  const moved = options.typical === true ? moveToTypical(vectors, candidates, { given: [...(options.given ?? [])], rows, quota: options.quota ?? Infinity, minDistance, scores, ...(groups && { groups }), ...(weights && { weights }) }) : { rows, radius: nearest.radius() };
  return { choice: { rows: Int32Array.from(moved.rows), distances: Float32Array.from(distances), radius: moved.radius, ended }, nearest };
}

/** Where nothing is taken yet: the best by the other objectives, or the most central one. */
function firstOf(vectors: Vectors, candidates: Int32Array, scores: Float32Array | null, pick: Pick): number {
  if (scores !== null) return pick.best((index) => scores[index] as number);
  const central = candidates.indexOf(mostCentral(vectors, candidates));
  return pick.best((index) => (index === central ? 1 : Number.MIN_VALUE));
}

/** Who may be taken next. */
class Pick {
  readonly #isTaken: Uint8Array;
  readonly #perGroup = new Map<number, number>();
  /** Groups with candidates of which nothing is taken. */
  readonly #waiting = new Set<number>();

  constructor(
    private readonly candidates: Int32Array,
    private readonly groups: ArrayLike<number> | undefined,
    private readonly quota: number,
    firstOfEach: boolean,
  ) {
    this.#isTaken = new Uint8Array(candidates.length);
    if (firstOfEach && groups) for (const row of candidates) this.#waiting.add(groups[row] as number);
  }

  taken(row: number, at = -1): void {
    if (at >= 0) this.#isTaken[at] = 1;
    if (!this.groups) return;
    const group = this.groups[row] as number;
    this.#perGroup.set(group, (this.#perGroup.get(group) ?? 0) + 1);
    this.#waiting.delete(group);
  }

  /** Place of the candidate with the highest value above 0 that may be taken; -1: none. */
  best(valueOf: (index: number) => number): number {
    const found = this.#waiting.size > 0 ? this.#search(valueOf, true) : -1;
    return found >= 0 ? found : this.#search(valueOf, false);
  }

  isExhausted(taken: number): boolean {
    return taken >= this.candidates.length || this.#search(() => 1, false) < 0;
  }

  #search(valueOf: (index: number) => number, waitingOnly: boolean): number {
    let [best, most] = [-1, 0];
    for (let at = 0; at < this.candidates.length; at += 1) {
      if (this.#isTaken[at] === 1) continue;
      const group = this.groups?.[this.candidates[at] as number];
      if (group !== undefined && (waitingOnly ? !this.#waiting.has(group) : (this.#perGroup.get(group) ?? 0) >= this.quota)) continue;
      const value = valueOf(at);
      if (value > most) [best, most] = [at, value];
    }
    return best;
  }
}

function shardsOf(candidates: Int32Array, groups: ArrayLike<number>): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  for (const row of candidates) {
    const list = lists.get(groups[row] as number);
    if (list) list.push(row);
    else lists.set(groups[row] as number, [row]);
  }
  return new Map([...lists].map(([group, rows]) => [group, Int32Array.from(rows)]));
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
