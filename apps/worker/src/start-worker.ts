import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { HarvestSource, type VideoSource } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { SampleStore } from '@argus/datasets';
import { WakeUpQueue } from '@argus/jobs';
import { systemClock, type Logger } from '@argus/kernel';
import { RecordingsFolder, S3Store, TieredFootage, VideoFolders } from '@argus/storage';
import { startDatasetJobs } from './dataset-jobs/start-dataset-jobs.js';
import { ExportRetention } from './exports/export-retention.js';
import { ExportRunner } from './exports/export-runner.js';
import { ExportStore } from './exports/export-store.js';
import { FootageIndex } from './exports/footage-index.js';
import { startHarvest } from './harvest/start-harvest.js';
import { VideoFiles } from './harvest/videos/video-files.js';
import { VideoReader } from './harvest/videos/video-reader.js';
import { VideoSurvey } from './harvest/videos/video-survey.js';
import { WorkerShards } from './harvest/worker-shards.js';
import { MaskedFootage } from './masking/masked-footage.js';
import { MaskingDoor } from './masking/masking-door.js';
import { Places } from './masking/places.js';
import { SampleUpkeep } from './sample-upkeep/sample-upkeep.js';
import type { WorkerSettings } from './settings.js';

const VideoWish = HarvestSource.refine((source): source is VideoSource => source.kind !== 'cameras');

export interface Worker {
  /** What runs is put back for the next worker. */
  stop(): Promise<void>;
}

/** One export runs at a time; its progress and the claims need few connections, films with masks and harvests few more. */
const POOL_SIZE = 10;
/** They share the cores evenly, so that a wall of four begins at once; more would only make all of them slow. Others wait their turn for a while. */
const PLACES = { atOnce: Math.max(4, availableParallelism()), mostWaiting: 32, waitMs: 10_000 } as const;

/** Database, folder, jobs, wake-ups, the door for films with masks, harvests, jobs on sample sets and their upkeep, in this order. */
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
    const videos = new VideoFiles(new VideoFolders(settings.videoDirs, [settings.dataDir, settings.recordingsDir, settings.exportsDir, settings.samplesDir]), join(settings.samplesDir, 'uploads'));
    const surveyor = new VideoReader();
    const survey = new VideoSurvey(videos, surveyor);
    const door = new MaskingDoor({ path: settings.socketPath, footage: new MaskedFootage(footage), places: new Places(PLACES), recordingsDir: settings.recordingsDir, answers: { '/videos': (wish) => survey.of(VideoWish.parse(wish)) }, log });
    if (!(await door.open())) log.info('another worker gives footage with masks', { socket: settings.socketPath });
    const samples = await SampleStore.open(settings.samplesDir);
    const shards = new WorkerShards(samples);
    const harvest = await startHarvest({ dataSource, footage, shards, videos, settings, log });
    const datasetJobs = await startDatasetJobs({ dataSource, samples, shards, settings, believedMs: () => store.believedMs(), log });
    const upkeep = new SampleUpkeep({ dataSource, samples, samplesDir: settings.samplesDir, graceMs: settings.sampleGraceHours * 3_600_000, believedMs: () => store.believedMs(), log });
    runner.start();
    retention.start();
    upkeep.start();
    return {
      async stop() {
        await Promise.all([runner.stop(), retention.stop(), door.close(), harvest.stop(), datasetJobs.stop(), upkeep.stop()]);
        surveyor.close();
        await samples.close();
        await queue.close();
        await dataSource.destroy();
      },
    };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
