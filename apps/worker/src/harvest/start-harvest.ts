import { availableParallelism } from 'node:os';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { FootageIndex } from '../exports/footage-index.js';
import type { WorkerSettings } from '../settings.js';
import { HarvestRunner } from './harvest-runner.js';
import { HarvestStore } from './harvest-store.js';
import { planRun } from './plan-run.js';
import { runPart } from './run-part.js';
import { SegmentExtractor } from './segment-extractor.js';
import type { WorkerShards } from './worker-shards.js';

export interface HarvestDuty {
  readonly dataSource: DataSource;
  readonly footage: FootageIndex;
  readonly shards: WorkerShards;
  readonly settings: Pick<WorkerSettings, 'databaseUrl' | 'redisUrl' | 'harvestSlots'>;
  readonly log: Logger;
}

/** Takes pictures out of footage, in as many parts at once as there are cores: one thread each is the best use of them. */
export async function startHarvest({ dataSource, footage, shards, settings, log }: HarvestDuty): Promise<{ stop(): Promise<void> }> {
  const store = new HarvestStore(dataSource, systemClock);
  const free: SegmentExtractor[] = [];
  const runner = new HarvestRunner({
    store,
    slots: settings.harvestSlots ?? availableParallelism(),
    log,
    plan: async (run) => {
      await planRun(run, { dataSource, store, clock: systemClock });
      // One worker heard of the run; from now on there is something for the others.
      await queue.wake(run.id).catch(() => undefined);
    },
    work: async (part, signal) => {
      const extractor = free.pop() ?? new SegmentExtractor();
      try {
        await runPart(part, { dataSource, store, footage, samples: shards, extractor, threads: 1 }, signal);
      } finally {
        free.push(extractor);
      }
    },
  });
  const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'harvest', work: () => runner.look() });
  await queue.open();
  runner.start();
  return {
    async stop() {
      await runner.stop();
      await queue.close();
      for (const extractor of free) extractor.close();
    },
  };
}
