import { createHash } from 'node:crypto';
import type { Split } from '@argus/contracts';
import { SPLITS } from '@argus/contracts';
import { NEAR_BITS } from './duplicates.js';
import { HammingIndex, hammingDistance, type HashColumn } from './perceptual-hashes.js';

export interface SplitRow {
  /** Camera, scene or folder: what is never torn apart. */
  readonly group: string;
  readonly labels: readonly string[];
}

export interface SplitOptions {
  /** Shares of samples; any positive numbers. Default 0.8, 0.1, 0.1. */
  readonly shares?: Readonly<Record<Split, number>>;
  /** Another seed, another split. Default ''. */
  readonly seed?: string;
  /** Groups that must stay together, e.g. of `linkedGroups`. */
  readonly together?: readonly (readonly [string, string])[];
}

export interface SplitResult {
  /** Of each row. */
  readonly splits: readonly Split[];
  readonly shares: Readonly<Record<Split, number>>;
  /** `too-few-groups`: a split that was asked for is empty, because there are fewer groups than splits. */
  readonly problems: readonly 'too-few-groups'[];
}

const SHARES: Readonly<Record<Split, number>> = { train: 0.8, val: 0.1, test: 0.1 };
/** Counted beside labels: samples themselves. */
const SAMPLES = '';

interface Bundle {
  readonly name: string;
  readonly rows: number[];
  readonly counts: Map<string, number>;
}

/**
 * Shares out whole groups so that samples and each label come near the shares: the largest group first, each to where it leaves the least squared error,
 * then single groups are moved while that helps. Depends on groups, labels and seed alone, not on the order of rows.
 */
export function splitByGroup(rows: readonly SplitRow[], { shares = SHARES, seed = '', together = [] }: SplitOptions = {}): SplitResult {
  const bundles = bundlesOf(rows, together, seed);
  const wanted = SPLITS.filter((split) => shares[split] > 0);
  if (wanted.length === 0) throw new RangeError('expected a share above 0 for one split at least');
  const table = new Shares(bundles, wanted.map((split) => shares[split]));
  const places = new Map<Bundle, number>();
  for (const bundle of bundles) {
    const place = table.bestFor(bundle);
    places.set(bundle, place);
    table.add(bundle, place, 1);
  }
  for (let round = 0; round < 20 && improve(bundles, places, table); round += 1);
  fillEmpty(bundles, places, wanted.length);
  const splits: Split[] = rows.map(() => wanted[0] as Split);
  for (const [bundle, place] of places) for (const row of bundle.rows) splits[row] = wanted[place] as Split;
  const share = (split: Split) => splits.filter((one) => one === split).length / Math.max(1, rows.length);
  return { splits, shares: { train: share('train'), val: share('val'), test: share('test') }, problems: bundles.length < wanted.length ? ['too-few-groups'] : [] };
}

function bundlesOf(rows: readonly SplitRow[], together: readonly (readonly [string, string])[], seed: string): Bundle[] {
  const parents = new Map<string, string>();
  const rootOf = (group: string): string => {
    const parent = parents.get(group);
    if (parent === undefined || parent === group) return group;
    const root = rootOf(parent);
    parents.set(group, root);
    return root;
  };
  for (const [a, b] of together) {
    const [low, high] = [rootOf(a), rootOf(b)].sort();
    parents.set(high as string, low as string);
  }
  const bundles = new Map<string, Bundle>();
  for (const [index, { group, labels }] of rows.entries()) {
    const name = rootOf(group);
    const bundle = bundles.get(name) ?? { name, rows: [], counts: new Map<string, number>() };
    bundles.set(name, bundle);
    bundle.rows.push(index);
    for (const label of [SAMPLES, ...labels.map((label) => `label ${label}`)]) bundle.counts.set(label, (bundle.counts.get(label) ?? 0) + 1);
  }
  const rank = new Map([...bundles.keys()].map((name) => [name, createHash('sha256').update(`${seed}\0${name}`).digest('hex')]));
  return [...bundles.values()].sort((a, b) => b.rows.length - a.rows.length || ((rank.get(a.name) as string) < (rank.get(b.name) as string) ? -1 : 1));
}

/** How far each split is from its share of everything that is counted. */
class Shares {
  readonly #totals = new Map<string, number>();
  readonly #have: readonly Map<string, number>[];
  readonly #wanted: readonly number[];

  constructor(bundles: readonly Bundle[], shares: readonly number[]) {
    for (const { counts } of bundles) for (const [label, count] of counts) this.#totals.set(label, (this.#totals.get(label) ?? 0) + count);
    const sum = shares.reduce((total, share) => total + share, 0);
    this.#wanted = shares.map((share) => share / sum);
    this.#have = shares.map(() => new Map());
  }

  add({ counts }: Bundle, place: number, sign: 1 | -1): void {
    const have = this.#have[place] as Map<string, number>;
    for (const [label, count] of counts) have.set(label, (have.get(label) ?? 0) + sign * count);
  }

  /** By how much the squared error changes when a bundle comes; relative to the split's share, so that small splits count as much. Samples count like all labels together. */
  costOf({ counts }: Bundle, place: number): number {
    const wanted = this.#wanted[place] as number;
    let cost = 0;
    for (const [label, count] of counts) {
      const total = this.#totals.get(label) as number;
      const off = (this.#have[place]?.get(label) ?? 0) / total - wanted;
      const weight = label === SAMPLES ? this.#totals.size : 1;
      cost += (weight * ((off + count / total) ** 2 - off ** 2)) / wanted;
    }
    return cost;
  }

  bestFor(bundle: Bundle): number {
    const costs = this.#wanted.map((_, place) => this.costOf(bundle, place));
    return costs.indexOf(Math.min(...costs));
  }
}

function improve(bundles: readonly Bundle[], places: Map<Bundle, number>, table: Shares): boolean {
  let isBetter = false;
  for (const bundle of bundles) {
    const before = places.get(bundle) as number;
    table.add(bundle, before, -1);
    const stays = table.costOf(bundle, before);
    const best = table.bestFor(bundle);
    const after = table.costOf(bundle, best) < stays - 1e-12 ? best : before;
    table.add(bundle, after, 1);
    places.set(bundle, after);
    isBetter ||= after !== before;
  }
  return isBetter;
}

/** A split without anything gets the smallest group of the one with the most groups. */
function fillEmpty(bundles: readonly Bundle[], places: Map<Bundle, number>, count: number): void {
  for (let place = 0; place < count; place += 1) {
    const groups = Array.from({ length: count }, (_, index) => bundles.filter((bundle) => places.get(bundle) === index));
    if ((groups[place]?.length ?? 0) > 0) continue;
    const most = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
    if (most.length > 1) places.set(most.at(-1) as Bundle, place);
  }
}

/** Groups that show the same somewhere (near duplicates): split apart they would give the answers away. */
export function linkedGroups(hashes: HashColumn, groups: readonly string[], radius = NEAR_BITS): [string, string][] {
  const index = new HammingIndex(hashes, radius);
  const seen = new Set<string>();
  const links = new Map<string, [string, string]>();
  for (const [row, group] of groups.entries()) {
    // Copies within a group add nothing.
    const key = `${hashes[row * 2]} ${hashes[row * 2 + 1]} ${group}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const other of index.allNear(row)) if (groups[other] !== group) links.set([groups[other] as string, group].sort().join('\0'), [groups[other] as string, group]);
    index.add(row);
  }
  return [...links.values()];
}

export interface Leak {
  /** A row of val or test, and one of another split that is nearly the same. */
  readonly row: number;
  readonly other: number;
  readonly bits: number;
}

/** Rows of val that are nearly in train, and of test that are nearly in train or val; each once. None: what is measured on them means something. Rows without a split are in none. */
export function findLeaks(hashes: HashColumn, splits: readonly (Split | null)[], radius = NEAR_BITS): Leak[] {
  const index = new HammingIndex(hashes, radius);
  const leaks: Leak[] = [];
  for (const split of SPLITS) {
    const rows = [...splits.keys()].filter((row) => splits[row] === split);
    for (const row of rows) {
      const other = index.findNear(row);
      if (other >= 0) leaks.push({ row, other, bits: hammingDistance(hashes, row, other) });
    }
    for (const row of rows) index.add(row);
  }
  return leaks;
}
