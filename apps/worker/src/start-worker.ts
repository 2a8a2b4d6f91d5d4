import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { HarvestSource, SearchQuestion, type DatasetId, type VideoSource } from '@argus/contracts';
import { findArchivedPicture, openDatabase } from '@argus/database';
import { SampleReader, SampleStore } from '@argus/datasets';
import { WakeUpQueue } from '@argus/jobs';
import { messageOf, systemClock, type Logger } from '@argus/kernel';
import { RecordingsFolder, S3Store, TieredFootage, VideoFolders } from '@argus/storage';
import { ArchiveRows } from './bucket/archive-rows.js';
import { BucketShards } from './bucket/bucket-shards.js';
import { collectArchives } from './bucket/collect-archives.js';
import { ClaimedWork } from './claimed-work.js';
import { JobProcess } from './dataset-jobs/job-process.js';
import { ModelShelf } from './dataset-jobs/model-shelf.js';
import { startDatasetJobs } from './dataset-jobs/start-dataset-jobs.js';
import { jsonRoute } from './door/json-route.js';
import { WorkerDoor } from './door/worker-door.js';
import { FootageGoneError, LabellingBusyError, MaskingBusyError, MasksChangedError, NoPictureError, NoSearchModelError, NoVectorsError } from './errors.js';
import { ExportRetention } from './exports/export-retention.js';
import { ExportStore } from './exports/export-store.js';
import { FootageIndex } from './exports/footage-index.js';
import { seeExportThrough } from './exports/see-export-through.js';
import { BucketWatch } from './harvest/bucket-watch.js';
import { startHarvest } from './harvest/start-harvest.js';
import { VideoFiles } from './harvest/videos/video-files.js';
import { VideoReader } from './harvest/videos/video-reader.js';
import { VideoSurvey } from './harvest/videos/video-survey.js';
import { WorkerShards } from './harvest/worker-shards.js';
import { startLabelling } from './labelling/start-labelling.js';
import { MaskedFootage } from './masking/masked-footage.js';
import { maskedFilmRoute } from './masking/masked-film-route.js';
import { Places } from './masking/places.js';
import { SampleUpkeep } from './sample-upkeep/sample-upkeep.js';
import { PictureSearch } from './search/picture-search.js';
import { SetVectorFiles } from './search/set-vector-files.js';
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

/** Nothing is wrong in the worker when they are thrown. */
const EXPECTED = [MasksChangedError, MaskingBusyError, LabellingBusyError, NoPictureError, FootageGoneError, NoSearchModelError, NoVectorsError] as const;

/** Where things lie on the server is nobody's business. */
const hidden = (text: string, { recordingsDir, samplesDir, exportsDir, modelsDirs }: WorkerSettings): string => [recordingsDir, samplesDir, exportsDir, ...modelsDirs].reduce((left, folder) => left.replaceAll(`${folder}/`, ''), text);

/** Database, folder, jobs, wake-ups, the door for films with masks, searches and labels of footage, harvests, jobs on sample sets and their upkeep, in this order. */
export async function startWorker(settings: WorkerSettings, log: Logger): Promise<Worker> {
  const dataSource = await openDatabase(settings.databaseUrl, { poolSize: POOL_SIZE });
  try {
    await mkdir(settings.exportsDir, { recursive: true, mode: 0o700 });
    const store = new ExportStore(dataSource, systemClock);
    const folder = new RecordingsFolder(settings.recordingsDir);
    const remote = settings.secondTier && new S3Store(settings.secondTier);
    const tiers = new TieredFootage(folder, remote);
    const footage = new FootageIndex(dataSource, tiers, settings.recordingsDir);
    const exporting = { store, footage, exportsDir: settings.exportsDir, clock: systemClock, log };
    const exports = new ClaimedWork({ claim: () => store.claim(), run: (job, signal) => seeExportThrough(job, exporting, signal), name: 'exports', log });
    const retention = new ExportRetention({ store, exportsDir: settings.exportsDir, keepDays: settings.exportKeepDays, log });
    const queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'exports', work: () => exports.look() });
    await queue.open();
    const videos = new VideoFiles(new VideoFolders(settings.videoDirs, [settings.dataDir, settings.recordingsDir, settings.exportsDir, settings.samplesDir]), join(settings.samplesDir, 'uploads'));
    const surveyor = new VideoReader();
    const survey = new VideoSurvey(videos, surveyor);
    const models = new ModelShelf(settings.modelsDirs, log);
    const files = new SetVectorFiles(dataSource, join(settings.samplesDir, 'search'));
    const search = new PictureSearch({ dataSource, models, files, process: new JobProcess() });
    const samples = await SampleStore.open(settings.samplesDir);
    const shards = new WorkerShards(samples);
    const labelling = startLabelling({ dataSource, footage, shards });
    const door = new WorkerDoor({
      path: settings.workerSocket,
      routes: {
        '/masked-film': maskedFilmRoute(new MaskedFootage(footage), new Places(PLACES)),
        ...labelling.routes,
        '/search': jsonRoute(SearchQuestion, (question) => search.find(question)),
        '/videos': jsonRoute(VideoWish, (source) => survey.of(source)),
      },
      isExpected: (error) => EXPECTED.some((expected) => error instanceof expected),
      hide: (text) => hidden(text, settings),
      log,
    });
    const isAsked = await door.open();
    if (isAsked) await files.sweep();
    else log.info('another worker answers the gateway', { socket: settings.workerSocket });
    const vectorsMade = async (datasetId: DatasetId, embedding: string): Promise<void> => {
      // Who answers the gateway keeps the files: where that is another worker, it copies them when it is asked.
      if (isAsked) await files.get(datasetId, embedding).catch((error: unknown) => log.warn('vectors could not be copied for searches', { error: messageOf(error) }));
    };
    const reader = new SampleReader({ store: samples, placeOf: (sha256) => findArchivedPicture(dataSource, sha256), remote });
    const bucket = new BucketWatch({ remote, reach: 'all', without: 'disk', clock: systemClock, log });
    const harvest = await startHarvest({ dataSource, footage, shards, videos, bucket, settings, log });
    const datasetJobs = await startDatasetJobs({ dataSource, samples: reader, shards, settings, models, hide: (text) => hidden(text, settings), vectorsMade, believedMs: () => store.believedMs(), log });
    const repacked = remote && new BucketShards(remote, new ArchiveRows(dataSource));
    const upkeep = new SampleUpkeep({ dataSource, samples, collectArchives: repacked && ((sweep) => collectArchives(dataSource, remote, repacked, sweep)), samplesDir: settings.samplesDir, graceMs: settings.sampleGraceHours * 3_600_000, believedMs: () => store.believedMs(), log });
    exports.start();
    retention.start();
    upkeep.start();
    return {
      async stop() {
        search.close();
        labelling.close();
        await Promise.all([exports.stop(), retention.stop(), door.close(), harvest.stop(), datasetJobs.stop(), upkeep.stop()]);
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
