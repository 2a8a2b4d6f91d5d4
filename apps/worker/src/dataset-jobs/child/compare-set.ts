import type { Split } from '@argus/contracts';
import {
  backgroundRarity, chooseDiverse, coverageOf, exactDuplicates, findLeaks, linkedGroups, nearDuplicates, readHashes, rowCount, sceneCoverage, scenesOf, SCENE_RADIUS, semanticDuplicates, splitByGroup,
  type Coverage, type DiverseChoice, type Leak, type ObjectiveWeights, type SceneCoverage, type SplitResult, type Vectors,
} from '@argus/datasets';

export interface PickOrder {
  readonly vectors: Vectors;
  /** The pictures without their objects. */
  readonly backgrounds: Vectors;
  readonly groups: Int32Array;
  /** Rows that are labelled or in the other set already. */
  readonly given: Int32Array;
  readonly count: number;
  readonly quota: number | null;
  readonly minDistance: number;
  readonly ease: Float32Array;
  readonly quality: Float32Array;
  readonly uncertainty: Float32Array;
  readonly weights: Partial<ObjectiveWeights>;
}

export interface Picked {
  readonly rows: Int32Array;
  readonly ended: DiverseChoice['ended'];
  readonly chosen: Coverage;
  /** As many at even distances in the order of rows. */
  readonly uniform: Coverage;
}

export function pickSamples({ vectors, backgrounds, groups, given, count, quota, minDistance, weights, ...values }: PickOrder): Picked {
  const known = new Set(given);
  const candidates = Int32Array.from({ length: rowCount(vectors) }, (_unused, row) => row).filter((row) => !known.has(row));
  const background = weights.background === 0 ? undefined : backgroundRarity(backgrounds, SCENE_RADIUS);
  const { rows, ended } = chooseDiverse(vectors, { count, given, candidates, groups, minDistance, typical: true, ...(quota === null ? {} : { quota }), objectives: { ...values, ...(background && { background }), weights } });
  const even = rows.map((_unused, index) => candidates[Math.floor(((index + 0.5) * candidates.length) / rows.length)] as number);
  return { rows, ended, chosen: coverageOf(vectors, [...given, ...rows]), uniform: coverageOf(vectors, [...given, ...even]) };
}

export type DuplicatesOrder =
  | { readonly how: 'exact'; readonly keys: readonly (string | null)[]; readonly quality: Float64Array }
  | { readonly how: 'near'; readonly hashes: readonly string[]; readonly bits: number; readonly quality: Float64Array }
  | { readonly how: 'semantic'; readonly vectors: Vectors; readonly epsilon: number; readonly quality: Float64Array };

/** For each row the one that stands for it. */
export function findDuplicateRows(order: DuplicatesOrder): Int32Array {
  const { quality } = order;
  if (order.how === 'exact') return exactDuplicates(order.keys, quality).keepers;
  if (order.how === 'near') return nearDuplicates(readHashes(order.hashes), { radius: order.bits, quality }).keepers;
  return semanticDuplicates(order.vectors, { epsilon: order.epsilon, worth: quality }).keepers;
}

export interface SplitOrder {
  readonly groups: readonly string[];
  readonly labels: readonly (readonly string[])[];
  /** Rows with a fingerprint, and that; others are in no leak. */
  readonly hashed: Int32Array;
  readonly hashes: readonly string[];
  readonly shares: Readonly<Record<Split, number>>;
  readonly seed: string;
  readonly linked: boolean;
}

export interface SplitDone extends Pick<SplitResult, 'splits' | 'problems'> {
  readonly leaks: readonly Leak[];
}

export function splitSamples({ groups, labels, hashed, hashes, shares, seed, linked }: SplitOrder): SplitDone {
  const column = readHashes(hashes);
  const together = linked ? linkedGroups(column, [...hashed].map((row) => groups[row] as string)) : [];
  const { splits, problems } = splitByGroup(groups.map((group, row) => ({ group, labels: labels[row] ?? [] })), { shares, seed, together });
  const leaks = findLeaks(column, [...hashed].map((row) => splits[row] ?? null)).map(({ row, other, bits }) => ({ row: hashed[row] as number, other: hashed[other] as number, bits }));
  return { splits, problems, leaks };
}

export interface ScenesOrder {
  readonly vectors: Vectors;
  readonly groups: Int32Array;
  readonly wanted: number;
}

export const countScenes = ({ vectors, groups, wanted }: ScenesOrder): SceneCoverage => sceneCoverage(scenesOf(vectors, SCENE_RADIUS), groups, { scenes: wanted });
