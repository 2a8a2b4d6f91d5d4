import { availableParallelism } from 'node:os';
import type { HarvestRecipe } from '@argus/contracts';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { FootageIndex } from '../exports/footage-index.js';
import type { WorkerSettings } from '../settings.js';
import type { BucketWatch } from './bucket-watch.js';
import { HarvestRunner } from './harvest-runner.js';
import { HarvestStore } from './harvest-store.js';
import { cameraSource } from './camera-source.js';
import type { HarvestSource } from './harvest-source.js';
import type { PictureShelf } from './picture-shelf.js';
import { planRun } from './plan-run.js';
import { scansFolder } from './videos/scans-folder.js';
import { videoSource } from './videos/video-source.js';
import type { VideoFiles } from './videos/video-files.js';

export interface HarvestDuty {
  readonly dataSource: DataSource;
  readonly footage: FootageIndex;
  readonly shards: PictureShelf;
  /** null: they lie on another machine; recipes of video files are for the workers there. */
  readonly videos: VideoFiles | null;
  readonly bucket: BucketWatch;
  readonly settings: Pick<WorkerSettings, 'databaseUrl' | 'redisUrl' | 'harvestSlots' | 'samplesDir'>;
  readonly log: Logger;
}

/** Takes pictures out of footage, in as many parts at once as there are cores: one thread each is the best use of them. */
export async function startHarvest({ dataSource, footage, shards, videos, bucket, settings, log }: HarvestDuty): Promise<{ stop(): Promise<void> }> {
  const store = new HarvestStore(dataSource, systemClock);
  const cameras = cameraSource({ dataSource, store, footage, samples: shards });
  const files = videos && videoSource({ dataSource, store, files: videos, samples: shards, scansDir: scansFolder(settings.samplesDir) });
  const sourceOf = ({ recipe }: { readonly recipe: HarvestRecipe }): HarvestSource => {
    if (recipe.source.kind === 'cameras') return cameras;
    if (files === null) throw new TypeError('expected a recipe of cameras, got one of video files, which lie on another machine');
    return files;
  };
  const runner = new HarvestRunner({
    store,
    bucket,
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
      files?.close();
    },
  };
}
