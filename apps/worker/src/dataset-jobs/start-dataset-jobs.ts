import type { SampleStore } from '@argus/datasets';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { WorkerShards } from '../harvest/worker-shards.js';
import type { WorkerSettings } from '../settings.js';
import { DatasetJobRunner } from './dataset-job-runner.js';
import { DatasetJobStore } from './dataset-job-store.js';
import { ExportLeftovers } from './export-leftovers.js';
import { ModelShelf } from './model-shelf.js';

export interface DatasetJobsDuty {
  readonly dataSource: DataSource;
  readonly samples: SampleStore;
  readonly shards: WorkerShards;
  readonly settings: Pick<WorkerSettings, 'databaseUrl' | 'redisUrl' | 'modelsDirs' | 'exportsDir' | 'samplesDir' | 'exportKeepDays'>;
  readonly believedMs: () => Promise<number>;
  readonly log: Logger;
}

/** Works on whole sample sets, one job at a time: what watches and records needs the machine more. */
export async function startDatasetJobs({ dataSource, samples, shards, settings, believedMs, log }: DatasetJobsDuty): Promise<{ stop(): Promise<void> }> {
  const store = new DatasetJobStore(dataSource, systemClock);
  const hide = (text: string): string => [settings.samplesDir, settings.exportsDir, ...settings.modelsDirs].reduce((hidden, folder) => hidden.replaceAll(`${folder}/`, ''), text);
  const runner = new DatasetJobRunner({ dataSource, store, samples, shards, models: new ModelShelf(settings.modelsDirs, log), exportsDir: settings.exportsDir, samplesDir: settings.samplesDir, clock: systemClock, log, hide });
  const leftovers = new ExportLeftovers({ dataSource, exportsDir: settings.exportsDir, keepDays: settings.exportKeepDays, believedMs, log });
  const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'dataset-jobs', work: () => runner.look() });
  await queue.open();
  runner.start();
  leftovers.start();
  return {
    async stop() {
      await Promise.all([runner.stop(), leftovers.stop()]);
      await queue.close();
    },
  };
}
