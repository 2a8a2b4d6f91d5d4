import type { SampleReader } from '@argus/datasets';
import { WakeUpQueue } from '@argus/jobs';
import { Backoff, systemClock, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { ClaimedWork } from '../claimed-work.js';
import type { WorkerShards } from '../harvest/worker-shards.js';
import type { WorkerSettings } from '../settings.js';
import { DatasetJobStore } from './dataset-job-store.js';
import { ExportLeftovers } from './export-leftovers.js';
import type { JobWork } from './job-in-hand.js';
import type { ModelShelf } from './model-shelf.js';
import { runDatasetJob } from './run-dataset-job.js';

export interface DatasetJobsDuty {
  readonly dataSource: DataSource;
  readonly samples: SampleReader;
  readonly shards: WorkerShards;
  readonly settings: Pick<WorkerSettings, 'databaseUrl' | 'redisUrl' | 'exportsDir' | 'samplesDir' | 'exportKeepDays'>;
  readonly models: ModelShelf;
  readonly hide: (text: string) => string;
  readonly vectorsMade: JobWork['vectorsMade'];
  readonly believedMs: () => Promise<number>;
  readonly log: Logger;
}

/** While the bucket does not give pictures. */
const PAUSE = { firstMs: 2000, maxMs: 30_000 } as const;

/** Works on whole sample sets, one job at a time: what watches and records needs the machine more. */
export async function startDatasetJobs({ dataSource, samples, shards, settings, models, hide, vectorsMade, believedMs, log }: DatasetJobsDuty): Promise<{ stop(): Promise<void> }> {
  const store = new DatasetJobStore(dataSource, systemClock);
  const duty = { dataSource, databaseUrl: settings.databaseUrl, store, samples, shards, models, exportsDir: settings.exportsDir, samplesDir: settings.samplesDir, clock: systemClock, pause: new Backoff(PAUSE), log, hide, vectorsMade };
  const jobs = new ClaimedWork({ claim: () => store.claim(), run: (job, signal) => runDatasetJob(job, duty, signal), name: 'jobs on sample sets', log });
  const leftovers = new ExportLeftovers({ dataSource, exportsDir: settings.exportsDir, keepDays: settings.exportKeepDays, believedMs, log });
  const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'dataset-jobs', work: () => jobs.look() });
  await queue.open();
  jobs.start();
  leftovers.start();
  return {
    async stop() {
      await Promise.all([jobs.stop(), leftovers.stop()]);
      await queue.close();
    },
  };
}
