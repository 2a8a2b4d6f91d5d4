import type { CameraId, CameraStats, ModelRunStats } from '@argus/contracts';
import { sum } from '../measure/statistics.ts';

export interface Snapshot {
  readonly cameras: readonly CameraStats[];
  readonly runs: readonly ModelRunStats[];
}

/** What was counted between two snapshots. */
export interface Counts {
  readonly received: number;
  readonly decoded: number;
  readonly offered: number;
  readonly analysed: number;
  readonly still: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** By camera, in the order of the later snapshot. */
  readonly cameras: readonly { readonly id: CameraId; readonly analysed: number; readonly received: number; readonly latencyMsP50: number | null; readonly latencyMsP95: number | null }[];
  readonly models: readonly { readonly model: string; readonly runs: number; readonly pictures: number; readonly replicas: number }[];
}

const KEYS = ['received', 'decoded', 'offered', 'analysed', 'still'] as const;

/** Counters of what is not in the earlier snapshot count from nothing. */
export function countsBetween(before: Snapshot, after: Snapshot): Counts {
  const earlier = new Map(before.cameras.map((stats) => [stats.cameraId, stats]));
  const grown = (stats: CameraStats, key: (typeof KEYS)[number]): number => stats[key] - (earlier.get(stats.cameraId)?.[key] ?? 0);
  const causes = [...new Set(after.cameras.flatMap(({ dropped }) => Object.keys(dropped)))] as (keyof CameraStats['dropped'])[];
  const dropsOf = (cause: keyof CameraStats['dropped']): number => sum(after.cameras.map(({ cameraId, dropped }) => (dropped[cause] ?? 0) - (earlier.get(cameraId)?.dropped[cause] ?? 0)));
  const totals = Object.fromEntries(KEYS.map((key) => [key, sum(after.cameras.map((stats) => grown(stats, key)))])) as Record<(typeof KEYS)[number], number>;
  return {
    ...totals,
    dropped: Object.fromEntries(causes.map((cause) => [cause, dropsOf(cause)] as const).filter(([, drops]) => drops > 0)),
    cameras: after.cameras.map((stats) => ({ id: stats.cameraId, analysed: grown(stats, 'analysed'), received: grown(stats, 'received'), latencyMsP50: stats.latencyMsP50, latencyMsP95: stats.latencyMsP95 })),
    models: [...new Set(after.runs.map(({ model }) => model))].map((model) => {
      const total = (runs: readonly ModelRunStats[], key: 'runs' | 'pictures' | 'replicas') => sum(runs.filter((run) => run.model === model).map((run) => run[key]));
      return { model, runs: total(after.runs, 'runs') - total(before.runs, 'runs'), pictures: total(after.runs, 'pictures') - total(before.runs, 'pictures'), replicas: total(after.runs, 'replicas') };
    }),
  };
}
