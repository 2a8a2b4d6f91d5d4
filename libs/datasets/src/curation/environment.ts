import { chooseDiverse } from './diverse.js';
import { NearestChosen } from './nearest-chosen.js';
import { distanceBetween, requireVectors, rowCount, type Vectors } from './vectors.js';

/** Within it two pictures show one scene, by the embedding of the shipped detector: cosine 0.96, between what one fixed camera gives and what two different pictures do. */
export const SCENE_RADIUS = 0.283;

/** With more rows a row's surroundings are estimated with so many of them. */
const SAMPLE = 4096;

/**
 * How rare the environment of each sample is, 0..1: one over the (soft) number of samples with the same one. `vectors` are embeddings of the pictures
 * with all boxes filled with their mean colour. Two environments count as one within about `radius`.
 */
export function backgroundRarity(vectors: Vectors, radius: number): Float32Array {
  requireVectors(vectors);
  const count = rowCount(vectors);
  const between = distanceBetween(vectors);
  const step = Math.max(1, Math.ceil(count / SAMPLE));
  // At `radius` two are half the same; beyond four times that they have nothing in common.
  const [rate, most] = [Math.LN2 / radius ** 2, 16 * radius ** 2];
  return Float32Array.from({ length: count }, (_, row) => {
    let like = 0;
    for (let other = 0; other < count; other += step) {
      if (other === row) continue;
      const squared = between(row, other, most);
      if (squared < most) like += Math.exp(-rate * squared);
    }
    return 1 / (1 + like * step);
  });
}

/** In how many environments something was seen: the same one gives 1 however often, k clearly different ones give k. */
export function environmentScore(vectors: Vectors, radius: number): number {
  return backgroundRarity(vectors, radius).reduce((sum, rarity) => sum + rarity, 0);
}

export interface Scenes {
  /** Scene of each row, numbered from 0: the most distinct first. */
  readonly scenes: Int32Array;
  /** Pictures of each scene. */
  readonly sizes: Uint32Array;
  /** The row that stands for each. */
  readonly rows: Int32Array;
}

/** Clusters such that every row is within `radius` of its scene's row, and those are farther apart than that. */
export function scenesOf(vectors: Vectors, radius: number): Scenes {
  const { rows } = chooseDiverse(vectors, { count: Infinity, minDistance: radius });
  const nearest = new NearestChosen(vectors, Int32Array.from(new Int32Array(rowCount(vectors)).keys()));
  for (const row of rows) nearest.choose(row);
  const sizes = new Uint32Array(rows.length);
  for (const scene of nearest.owners) sizes[scene] = (sizes[scene] as number) + 1;
  return { scenes: nearest.owners, sizes, rows };
}

export const SCENE_ADVICE = ['enough', 'collect-more', 'widen-sources'] as const;

export interface SceneCoverage {
  readonly samples: number;
  readonly scenes: number;
  /** As many equally large scenes would be as mixed. */
  readonly effectiveScenes: number;
  /** Share of samples in the ten largest scenes. */
  readonly inLargest: number;
  /** How likely the next picture of the same sources shows a scene that is not there yet (Good and Turing: the share of scenes seen once). */
  readonly chanceOfNew: number;
  /** `widen-sources`: scenes are missing, and the same sources will hardly bring them: add cameras, places, hours, seasons. */
  readonly advice: (typeof SCENE_ADVICE)[number];
  /** Scenes of each group (camera), by its number. */
  readonly byGroup: ReadonlyMap<number, number>;
}

export interface CoverageGoal {
  /** Default 1000: about what makes a general model. */
  readonly scenes?: number;
  /** Below it the same sources are taken to be exhausted. Default 0.05. */
  readonly leastChanceOfNew?: number;
}

/** The meter of scenes. */
export function sceneCoverage({ scenes, sizes }: Scenes, groups?: ArrayLike<number>, { scenes: wanted = 1000, leastChanceOfNew = 0.05 }: CoverageGoal = {}): SceneCoverage {
  const samples = scenes.length;
  const entropy = sizes.reduce((sum, size) => sum - (size / samples) * Math.log(size / samples), 0);
  const chanceOfNew = samples === 0 ? 1 : sizes.filter((size) => size === 1).length / samples;
  const seen = new Map<number, Set<number>>();
  if (groups) for (const [row, scene] of scenes.entries()) seen.set(groups[row] as number, (seen.get(groups[row] as number) ?? new Set()).add(scene));
  const advice = sizes.length >= wanted ? 'enough' : chanceOfNew < leastChanceOfNew ? 'widen-sources' : 'collect-more';
  return {
    samples,
    scenes: sizes.length,
    effectiveScenes: samples === 0 ? 0 : Math.exp(entropy),
    inLargest: samples === 0 ? 0 : sizes.toSorted().subarray(-10).reduce((sum, size) => sum + size, 0) / samples,
    chanceOfNew,
    advice,
    byGroup: new Map([...seen].map(([group, of]) => [group, of.size])),
  };
}
