import { availableParallelism } from 'node:os';
import type { HarvestRecipe } from '@argus/contracts';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { FootageIndex } from '../exports/footage-index.js';
import type { WorkerSettings } from '../settings.js';
import { HarvestRunner } from './harvest-runner.js';
import { HarvestStore } from './harvest-store.js';
import { cameraSource } from './camera-source.js';
import type { HarvestSource } from './harvest-source.js';
import { planRun } from './plan-run.js';
import { scansFolder } from './videos/scans-folder.js';
import { videoSource } from './videos/video-source.js';
import type { VideoFiles } from './videos/video-files.js';
import type { WorkerShards } from './worker-shards.js';

export interface HarvestDuty {
  readonly dataSource: DataSource;
  readonly footage: FootageIndex;
  readonly shards: WorkerShards;
  readonly videos: VideoFiles;
  readonly settings: Pick<WorkerSettings, 'databaseUrl' | 'redisUrl' | 'harvestSlots' | 'samplesDir'>;
  readonly log: Logger;
}

/** Takes pictures out of footage, in as many parts at once as there are cores: one thread each is the best use of them. */
export async function startHarvest({ dataSource, footage, shards, videos, settings, log }: HarvestDuty): Promise<{ stop(): Promise<void> }> {
  const store = new HarvestStore(dataSource, systemClock);
  const cameras = cameraSource({ dataSource, store, footage, samples: shards });
  const files = videoSource({ dataSource, store, files: videos, samples: shards, scansDir: scansFolder(settings.samplesDir) });
  const sourceOf = ({ recipe }: { readonly recipe: HarvestRecipe }): HarvestSource => (recipe.source.kind === 'cameras' ? cameras : files);
  const runner = new HarvestRunner({
    store,
    slots: settings.harvestSlots ?? availableParallelism(),
    log,
    plan: async (run) => {
      await planRun(run, { dataSource, store, source: sourceOf(run), clock: systemClock });
      // One worker heard of the run; from now on there is something for the others.
      await queue.wake(run.id).catch(() => undefined);
    },
    work: (part, signal) => sourceOf(part).work(part, signal),
  });
  const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'harvest', work: () => runner.look() });
  await queue.open();
  runner.start();
  return {
    async stop() {
      await runner.stop();
      await queue.close();
      cameras.close();
      files.close();
    },
  };
}
