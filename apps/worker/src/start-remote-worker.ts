import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@argus/database';
import { Backoff, messageOf, systemClock, type Logger } from '@argus/kernel';
import { RecordingsFolder, RemoteStoreError, S3Store, TieredFootage, type S3Settings } from '@argus/storage';
import { ArchiveRows } from './bucket/archive-rows.js';
import { BucketShards } from './bucket/bucket-shards.js';
import { SettingsError } from './errors.js';
import { FootageIndex } from './exports/footage-index.js';
import { BucketWatch } from './harvest/bucket-watch.js';
import { startHarvest } from './harvest/start-harvest.js';
import type { WorkerSettings } from './settings.js';
import type { Worker } from './start-worker.js';

/** Each part at work asks something from time to time. */
const POOL_SIZE = 6;
const PAUSE = { firstMs: 1000, maxMs: 30_000 } as const;

/**
 * A worker on another machine, which shares the database and the bucket with the others and no folder: it harvests footage that lies in the bucket, and puts the pictures there. Exports, films with masks, jobs on
 * sets and their upkeep are for those that have the folders.
 */
export async function startRemoteWorker(settings: WorkerSettings, bucket: S3Settings, log: Logger): Promise<Worker> {
  const remote = new S3Store(bucket);
  await untilAnswered(remote, log);
  const dataSource = await openDatabase(settings.databaseUrl, { poolSize: POOL_SIZE });
  try {
    const shards = new BucketShards(remote, new ArchiveRows(dataSource));
    // Nothing was ever recorded here: all footage is found in the bucket.
    const footage = new FootageIndex(dataSource, new TieredFootage(new RecordingsFolder(settings.recordingsDir), remote), settings.recordingsDir);
    const watch = new BucketWatch({ remote, reach: 'bucket', without: null, clock: systemClock, log });
    const harvest = await startHarvest({ dataSource, footage, shards, videos: null, bucket: watch, settings, log });
    log.info('harvests what lies in the bucket', { bucket: remote.where });
    return {
      async stop() {
        await harvest.stop();
        await dataSource.destroy();
      },
    };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** @throws SettingsError where it answers and does not want to: trying again would not help */
async function untilAnswered(remote: S3Store, log: Logger): Promise<void> {
  const backoff = new Backoff(PAUSE);
  for (;;) {
    try {
      return await remote.check();
    } catch (error) {
      if (error instanceof RemoteStoreError && error.trouble === 'refused') throw new SettingsError(`ARGUS_S3_…: the bucket cannot be used: ${error.message}`, {}, { cause: error });
      const pauseMs = Math.round(backoff.nextMs());
      log.warn('the bucket does not answer, trying again', { error: messageOf(error), inSeconds: Math.ceil(pauseMs / 1000) });
      await sleep(pauseMs);
    }
  }
}
