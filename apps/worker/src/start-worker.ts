import { mkdir } from 'node:fs/promises';
import { openDatabase } from '@argus/database';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import { RecordingsFolder, S3Store, TieredFootage } from '@argus/storage';
import { ExportRetention } from './exports/export-retention.js';
import { ExportRunner } from './exports/export-runner.js';
import { ExportStore } from './exports/export-store.js';
import { FootageIndex } from './exports/footage-index.js';
import type { WorkerSettings } from './settings.js';

export interface Worker {
  /** What runs is put back for the next worker. */
  stop(): Promise<void>;
}

/** One job runs at a time; its progress and the claims need few connections. */
const POOL_SIZE = 4;

/** Database, folder, jobs, wake-ups, in this order. */
export async function startWorker(settings: WorkerSettings, log: Logger): Promise<Worker> {
  const dataSource = await openDatabase(settings.databaseUrl, { poolSize: POOL_SIZE });
  try {
    await mkdir(settings.exportsDir, { recursive: true, mode: 0o700 });
    const store = new ExportStore(dataSource, systemClock);
    const folder = new RecordingsFolder(settings.recordingsDir);
    const tiers = new TieredFootage(folder, settings.secondTier && new S3Store(settings.secondTier));
    const footage = new FootageIndex(dataSource, tiers, settings.recordingsDir);
    const runner = new ExportRunner({ store, footage, exportsDir: settings.exportsDir, clock: systemClock, log });
    const retention = new ExportRetention({ store, exportsDir: settings.exportsDir, keepDays: settings.exportKeepDays, log });
    const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'exports', work: () => runner.look() });
    await queue.open();
    runner.start();
    retention.start();
    return {
      async stop() {
        await Promise.all([runner.stop(), retention.stop()]);
        await queue.close();
        await dataSource.destroy();
      },
    };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
