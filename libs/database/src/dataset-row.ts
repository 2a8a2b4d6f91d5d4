import type { DatasetCounts } from '@argus/contracts';

/** Of a set into which nothing was put yet. */
export const NO_COUNTS: DatasetCounts = { samples: 0, bytes: 0, annotations: 0, labels: {}, groups: 0, complete: 0 };

/** Names of sets and recipes with the same key are one name. */
export const nameKeyOf = (name: string): string => name.normalize('NFKC').toLowerCase();
