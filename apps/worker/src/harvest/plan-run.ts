import type { Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { setsOf } from './harvest-sets.js';
import type { HarvestSource } from './harvest-source.js';
import type { ClaimedRun, HarvestStore } from './harvest-store.js';

export interface Planning {
  readonly dataSource: DataSource;
  readonly store: Pick<HarvestStore, 'plan' | 'renewRun'>;
  readonly source: Pick<HarvestSource, 'plan'>;
  readonly clock: Clock;
}

/** Half the time of a claim. */
const RENEW_EVERY_MS = 5000;

/** Looks what there is for a run, and cuts it into parts. */
export async function planRun(run: ClaimedRun, { dataSource, store, source, clock }: Planning): Promise<void> {
  const sets = await setsOf(dataSource, run, clock);
  // A large archive takes its time to be looked through.
  const renewing = setInterval(() => void store.renewRun(run).catch(() => undefined), RENEW_EVERY_MS);
  try {
    await store.plan(run, sets.one, await source.plan(run, sets));
  } finally {
    clearInterval(renewing);
  }
}
