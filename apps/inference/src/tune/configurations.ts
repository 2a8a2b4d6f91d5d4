import type { TuneConfiguration } from '@argus/contracts';

/** Sessions side by side and threads of each. */
export type Shape = Pick<TuneConfiguration, 'replicas' | 'threads'>;

export interface TuningSpace {
  readonly kind: 'cpu' | 'gpu';
  readonly cores: number;
  /** Sessions that fit into memory. */
  readonly mostReplicas: number;
}

/** Pictures in a run that are tried, as long as more of them pay. */
export const BATCHES = [1, 2, 4, 8, 16, 32] as const;
/** Longest waits for a fuller run that are tried, milliseconds. */
export const WAITS_MS = [2, 5, 10] as const;
const GPU_REPLICAS = [1, 2, 3, 4] as const;
const MOST_REPLICAS = 64;

/** Arrangements worth a look: on a processor all cores or all but one, which decoding then has for itself; on a GPU a few sessions. */
export function shapesOf({ kind, cores, mostReplicas }: TuningSpace): Shape[] {
  const wanted = kind === 'gpu' ? GPU_REPLICAS.map((replicas) => ({ replicas, threads: 1 })) : threadCounts(cores).flatMap((threads) => [Math.floor(cores / threads), Math.floor((cores - 1) / threads)].map((replicas) => ({ replicas, threads })));
  const fitting = wanted.filter(({ replicas }) => replicas >= 1).map(({ replicas, threads }) => ({ replicas: Math.min(replicas, mostReplicas, MOST_REPLICAS), threads }));
  return fitting.filter((shape, index) => fitting.findIndex((other) => other.replicas === shape.replicas && other.threads === shape.threads) === index);
}

function threadCounts(cores: number): number[] {
  const counts: number[] = [];
  for (let threads = 1; threads < cores; threads *= 2) counts.push(threads);
  return [...counts, cores];
}

export const keyOf = ({ replicas, threads, batch, waitMs }: TuneConfiguration): string => `${replicas}x${threads}b${batch}w${waitMs}`;

/** `2 x 1 thread, batch 4, wait 5 ms`. */
export function wordsOf({ replicas, threads, batch, waitMs }: TuneConfiguration): string {
  return `${replicas} x ${threads} thread${threads === 1 ? '' : 's'}, batch ${batch}${waitMs === 0 ? '' : `, wait ${waitMs} ms`}`;
}
