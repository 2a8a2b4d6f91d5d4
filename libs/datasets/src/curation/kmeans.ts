import { seededRandom } from './random.js';

export interface ValueClasses {
  /** Rising. */
  readonly centres: Float64Array;
  readonly counts: Uint32Array;
  /** Class of each value. */
  readonly classes: Uint16Array;
  /** Sum of squared distances to the centres. */
  readonly sse: number;
}

/**
 * k-means of numbers, the best there is: in one dimension classes are ranges of the sorted values, and the best ranges are found by dynamic programming
 * (Wang and Song 2011; by halves, O(k n log n)). Fewer classes than `k` where there are fewer different values.
 */
export function exactKMeans(values: ArrayLike<number>, k: number): ValueClasses {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const sorted = Float64Array.from(order, (row) => values[row] as number);
  if (sorted.some((value) => !Number.isFinite(value))) throw new RangeError('expected finite numbers to be sorted into classes');
  const different = sorted.reduce((count, value, index) => count + (index === 0 || value !== sorted[index - 1] ? 1 : 0), 0);
  const ends = rangesOf(sorted, Math.min(Math.max(1, Math.floor(k)), different));
  const centres = new Float64Array(ends.length);
  const counts = new Uint32Array(ends.length);
  const classes = new Uint16Array(n);
  let sse = 0;
  for (const [index, end] of ends.entries()) {
    const range = sorted.subarray(ends[index - 1] ?? 0, end);
    const mean = range.reduce((sum, value) => sum + value, 0) / range.length;
    [centres[index], counts[index]] = [mean, range.length];
    sse += range.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    for (let at = ends[index - 1] ?? 0; at < end; at += 1) classes[order[at] as number] = index;
  }
  return { centres, counts, classes, sse };
}

/** Where each class ends in the sorted values. */
function rangesOf(sorted: Float64Array, k: number): number[] {
  const n = sorted.length;
  if (n === 0) return [];
  // Sums about the middle value: of large numbers the squares would leave nothing of their differences.
  const middle = sorted[n >> 1] as number;
  const [sums, squares] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  for (const [index, value] of sorted.entries()) {
    sums[index + 1] = (sums[index] as number) + value - middle;
    squares[index + 1] = (squares[index] as number) + (value - middle) ** 2;
  }
  const cost = (from: number, to: number) => Math.max(0, (squares[to] as number) - (squares[from] as number) - ((sums[to] as number) - (sums[from] as number)) ** 2 / (to - from));
  let best = Float64Array.from({ length: n + 1 }, (_, end) => (end === 0 ? 0 : cost(0, end)));
  const starts: Uint32Array[] = [new Uint32Array(n + 1)];
  for (let layer = 1; layer < k; layer += 1) {
    const [next, start] = [new Float64Array(n + 1).fill(Infinity), new Uint32Array(n + 1)];
    fillLayer(best, next, start, cost, [layer + 1, n, layer, n - 1]);
    best = next;
    starts.push(start);
  }
  const ends: number[] = [];
  for (let [layer, end] = [k - 1, n]; layer >= 0; layer -= 1) {
    ends.unshift(end);
    end = starts[layer]?.[end] as number;
  }
  return ends;
}

/** The best place of the last border never moves back when the end moves on: so the middle end's place bounds both halves. */
function fillLayer(before: Float64Array, next: Float64Array, start: Uint32Array, cost: (from: number, to: number) => number, [from, to, low, high]: readonly [number, number, number, number]): void {
  if (from > to) return;
  const end = (from + to) >> 1;
  for (let border = low; border <= Math.min(high, end - 1); border += 1) {
    const value = (before[border] as number) + cost(border, end);
    if (value < (next[end] as number)) [next[end], start[end]] = [value, border];
  }
  const border = start[end] as number;
  fillLayer(before, next, start, cost, [from, end - 1, low, border]);
  fillLayer(before, next, start, cost, [end + 1, to, border, high]);
}

export interface RatioClasses extends ValueClasses {
  /** Width by height of each class: the geometric mean of its boxes. */
  readonly ratios: Float64Array;
}

/** Scale classes: k-means of log(width / height), so that 1:3 is as far from 1:1 as 3:1 is. Boxes without area have no ratio: RangeError. */
export function ratioClasses(boxes: readonly { readonly width: number; readonly height: number }[], k: number): RatioClasses {
  const found = exactKMeans(Float64Array.from(boxes, ({ width, height }) => Math.log(width / height)), k);
  return { ...found, ratios: found.centres.map(Math.exp) };
}

export interface SizeClasses {
  /** Width and height of each class, by rising area. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  readonly counts: Uint32Array;
  readonly classes: Uint16Array;
  /** Sum of 1 - IoU. */
  readonly inertia: number;
  readonly meanIou: number;
}

type Sizes = Float64Array;

/** Beginnings that are tried; the best is kept. */
const STARTS = 24;
/** With more boxes, classes are found with an even stride of so many. */
const SAMPLE = 20_000;

/** IoU of two boxes about the same centre. */
function sizeIou(sizes: Sizes, at: number, centres: Sizes, to: number): number {
  const [w, h, cw, ch] = [sizes[at * 2] as number, sizes[at * 2 + 1] as number, centres[to * 2] as number, centres[to * 2 + 1] as number];
  const common = Math.min(w, cw) * Math.min(h, ch);
  return common > 0 ? common / (w * h + cw * ch - common) : 0;
}

/** Size classes for priors (anchors): k-means by 1 - IoU. The same seed gives the same bytes. */
export function sizeClasses(boxes: readonly { readonly width: number; readonly height: number }[], k: number, seed = 1): SizeClasses {
  const all = Float64Array.from(boxes.flatMap(({ width, height }) => [width, height]));
  if (all.some((value) => !(value > 0 && Number.isFinite(value)))) throw new RangeError('expected boxes with a width and height above 0');
  const step = Math.max(1, Math.ceil(boxes.length / SAMPLE));
  const sample = step === 1 ? all : Float64Array.from(boxes.filter((_, index) => index % step === 0).flatMap(({ width, height }) => [width, height]));
  const random = seededRandom(seed);
  const count = Math.min(k, sample.length / 2);
  let best: Sizes = new Float64Array(0);
  let least = Infinity;
  for (let start = 0; start < STARTS && count > 0; start += 1) {
    const found = settle(sample, startingSizes(sample, count, random));
    if (found.inertia < least) {
      best = found.centres;
      least = found.inertia;
    }
  }
  const order = Array.from({ length: count }, (_, index) => index).sort((a, b) => (best[a * 2] as number) * (best[a * 2 + 1] as number) - (best[b * 2] as number) * (best[b * 2 + 1] as number));
  const centres = Float64Array.from(order.flatMap((index) => [best[index * 2] as number, best[index * 2 + 1] as number]));
  const { classes, inertia } = assign(all, centres);
  const counts = new Uint32Array(count);
  for (const index of classes) counts[index] = (counts[index] as number) + 1;
  return { sizes: order.map((_, index) => ({ width: centres[index * 2] as number, height: centres[index * 2 + 1] as number })), counts, classes, inertia, meanIou: boxes.length === 0 ? 0 : 1 - inertia / boxes.length };
}

/** k-means++: each next one is likelier the less it overlaps with those before. */
function startingSizes(sizes: Sizes, count: number, random: () => number): Sizes {
  const n = sizes.length / 2;
  const centres = new Float64Array(count * 2);
  const worst = new Float64Array(n).fill(1);
  for (let index = 0; index < count; index += 1) {
    let left = random() * worst.reduce((sum, value) => sum + value, 0);
    let pick = 0;
    while (pick < n - 1 && (left -= worst[pick] as number) > 0) pick += 1;
    centres.set(sizes.subarray(pick * 2, pick * 2 + 2), index * 2);
    for (let at = 0; at < n; at += 1) worst[at] = Math.min(worst[at] as number, (1 - sizeIou(sizes, at, centres, index)) ** 2);
  }
  return centres;
}

function assign(sizes: Sizes, centres: Sizes): { classes: Uint16Array; inertia: number } {
  const classes = new Uint16Array(sizes.length / 2);
  let inertia = 0;
  for (let at = 0; at < classes.length; at += 1) {
    let most = -1;
    for (let index = 0; index < centres.length / 2; index += 1) {
      const iou = sizeIou(sizes, at, centres, index);
      if (iou > most) [most, classes[at]] = [iou, index];
    }
    inertia += 1 - most;
  }
  return { classes, inertia };
}

/** Lloyd with means, then with centres that lower the sum itself: the mean of sizes is not where 1 - IoU is least. */
function settle(sizes: Sizes, begin: Sizes): { centres: Sizes; inertia: number } {
  let centres = begin;
  let now = assign(sizes, centres);
  for (const move of [meanSizes, betterSizes]) {
    for (let round = 0; round < 60; round += 1) {
      const moved = move(sizes, now.classes, centres);
      const next = assign(sizes, moved);
      if (next.inertia >= now.inertia - 1e-9) break;
      [centres, now] = [moved, next];
    }
  }
  return { centres, inertia: now.inertia };
}

function meanSizes(sizes: Sizes, classes: Uint16Array, before: Sizes): Sizes {
  const sums = new Float64Array(before.length);
  const counts = new Uint32Array(before.length / 2);
  for (const [at, index] of classes.entries()) {
    counts[index] = (counts[index] as number) + 1;
    for (const side of [0, 1]) sums[index * 2 + side] = (sums[index * 2 + side] as number) + (sizes[at * 2 + side] as number);
  }
  return sums.map((sum, at) => (counts[at >> 1] === 0 ? (before[at] as number) : sum / (counts[at >> 1] as number)));
}

/** Each centre a step wider, narrower, higher or lower where that helps its own boxes; steps from 8 % down to 0.5 %. */
function betterSizes(sizes: Sizes, classes: Uint16Array, before: Sizes): Sizes {
  const centres = before.slice();
  const members = Array.from({ length: before.length / 2 }, (): number[] => []);
  for (const [at, index] of classes.entries()) members[index]?.push(at);
  for (const [index, own] of members.entries()) {
    const loss = () => own.reduce((sum, at) => sum + 1 - sizeIou(sizes, at, centres, index), 0);
    let least = loss();
    for (const step of [0.08, 0.04, 0.02, 0.01, 0.005]) for (const side of [0, 1]) for (const factor of [1 + step, 1 / (1 + step)]) {
      const was = centres[index * 2 + side] as number;
      centres[index * 2 + side] = was * factor;
      const now = loss();
      if (now < least) least = now;
      else centres[index * 2 + side] = was;
    }
  }
  return centres;
}
