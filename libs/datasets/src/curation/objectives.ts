/** How much each objective counts, as the exponent of its value; 0: not at all. */
export interface ObjectiveWeights {
  readonly diversity: number;
  readonly background: number;
  readonly ease: number;
  readonly quality: number;
  readonly uncertainty: number;
  readonly trust: number;
}

/**
 * The guide's order: another environment before easy to label before not blurred. Uncertainty of the model breaks ties. Trust counts in full: it is 1
 * unless somebody says otherwise.
 */
export const DEFAULT_WEIGHTS: ObjectiveWeights = { diversity: 1, background: 1, ease: 0.5, quality: 0.25, uncertainty: 0.1, trust: 1 };

/** Values 0..1 by row (not by candidate); what is left out counts as 1 everywhere. */
export interface Objectives {
  /** How rare its environment is: `backgroundRarity`. */
  readonly background?: ArrayLike<number>;
  /** How little work it is: `easeOf`. */
  readonly ease?: ArrayLike<number>;
  /** How good the picture is for the goal: `goalQuality`. */
  readonly quality?: ArrayLike<number>;
  /** How unsure the model in use is of it. */
  readonly uncertainty?: ArrayLike<number>;
  /** How far its source is trusted: `trustOf`. */
  readonly trust?: ArrayLike<number>;
  readonly weights?: Partial<ObjectiveWeights>;
}

/** A worst value makes a sample unlikely, not impossible: a product with 0 would forget all other objectives. */
const LOWEST = 0.01;

const PARTS = ['background', 'ease', 'quality', 'uncertainty', 'trust'] as const;

/** Product of all objectives but diversity, which changes while one chooses; by candidate. null: nothing but diversity counts. */
export function scoresOf(candidates: Int32Array, objectives: Objectives = {}): Float32Array | null {
  const weights = { ...DEFAULT_WEIGHTS, ...objectives.weights };
  const parts = PARTS.flatMap((name) => {
    const values = objectives[name];
    return values === undefined || weights[name] === 0 ? [] : [{ values, weight: weights[name] }];
  });
  if (parts.length === 0) return null;
  return Float32Array.from(candidates, (row) => parts.reduce((product, { values, weight }) => product * Math.min(1, Math.max(LOWEST, values[row] ?? 1)) ** weight, 1));
}

export interface SourceTrust {
  /** 0..1: how far people trust whoever filmed it. */
  readonly trust: number;
  /** How old the footage is; null: not known. */
  readonly ageYears: number | null;
}

/** Trust in a source, halved for each `halfYears` of age: cameras and streets change. */
export function trustOf({ trust, ageYears }: SourceTrust, halfYears = 10): number {
  return Math.min(1, Math.max(0, trust)) * 0.5 ** (Math.max(0, ageYears ?? 0) / halfYears);
}
