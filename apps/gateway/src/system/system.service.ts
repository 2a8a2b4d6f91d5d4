import { TuningProfile, type CameraStatus, type Health, type SystemStatus } from '@argus/contracts';
import { PipelineEntity, TuningProfileEntity, type CameraEntity } from '@argus/database';
import { isoTime, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { CameraRepository } from '../cameras/camera.repository.js';
import { EngineState } from '../engine/engine-state.js';
import { RecordingsHealth } from '../recordings/recordings-health.js';
import { CLOCK } from '../tokens.js';
import { readSampleCollections, type SampleCollections } from '../datasets/sample-storage.js';
import { VERSION } from '../version.js';
import { detectorProblem, inferenceWithinMs, isStale } from './camera-expectation.js';
import { computeFor } from './compute-for.js';
import { engineFor } from './engine-for.js';
import { ProcessTable } from './process-table.js';

const OUTBOX = `
  SELECT (SELECT count(*) FROM outbox WHERE dispatched_at IS NULL)::int + (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'retrying'))::int AS pending,
    (SELECT count(*) FROM deliveries WHERE state = 'dead')::int AS dead,
    least((SELECT min(created_at) FROM outbox WHERE dispatched_at IS NULL), (SELECT min(created_at) FROM deliveries WHERE state IN ('pending', 'retrying'))) AS oldest`;

/** How long a health check waits for the database before it calls it down. */
const PATIENCE_MS = 2000;
/** Anybody may ask for health, as often as they like: all cameras are looked at so often at most. */
const LOOK_EVERY_MS = 1000;
const NO_PIPELINE = { inferenceWithinMs: 15_000, detectorProblem: { code: 'pipeline-missing', text: 'there is no pipeline for this camera', values: {} } };

@Injectable()
export class SystemService {
  readonly #startedAt: string;
  #look: { readonly atMs: number; readonly isStale: Promise<boolean> } | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cameras: CameraRepository,
    private readonly engine: EngineState,
    private readonly processes: ProcessTable,
    private readonly recordings: RecordingsHealth,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#startedAt = isoTime(clock.nowMs());
  }

  async health(): Promise<Health> {
    const [database, engine] = [(await this.#databaseAnswers()) ? 'up' : 'down', this.engine.status.connected ? 'up' : 'down'] as const;
    const { room } = this.recordings.status;
    const isWell = database === 'up' && engine === 'up' && room !== 'full' && !(await this.#hasStaleCamera());
    return { status: isWell ? 'ok' : 'degraded', version: VERSION, database, engine, recordings: room };
  }

  sampleCollections(): Promise<SampleCollections> {
    return readSampleCollections(this.dataSource);
  }

  async status(caller: Principal): Promise<SystemStatus> {
    const cameras = await this.cameras.listAll(caller.cameraScope);
    const [outbox] = (await this.dataSource.query(OUTBOX)) as { pending: number; dead: number; oldest: Date | null }[];
    return {
      version: VERSION,
      startedAt: this.#startedAt,
      engine: engineFor(this.engine.status, caller),
      compute: computeFor(this.engine.compute, caller),
      cameras: await this.#cameras(cameras),
      processes: await this.processes.read(),
      recordings: this.recordings.status,
      outbox: { pending: outbox?.pending ?? 0, dead: outbox?.dead ?? 0, oldestPendingAt: outbox?.oldest?.toISOString() ?? null },
    };
  }

  async #cameras(cameras: readonly CameraEntity[]): Promise<CameraStatus[]> {
    const pipelines = await this.dataSource.getRepository(PipelineEntity).find();
    const tuning = TuningProfile.parse((await this.dataSource.getRepository(TuningProfileEntity).findOneBy({ id: 1 }))?.profile ?? {});
    const models = this.engine.models;
    return cameras.map((camera) => {
      const pipeline = pipelines.find((one) => (camera.pipelineId === null ? one.isDefault : one.id === camera.pipelineId));
      const expected = pipeline ? { inferenceWithinMs: inferenceWithinMs(camera, pipeline, tuning), detectorProblem: detectorProblem(pipeline, models) } : NO_PIPELINE;
      return { state: this.engine.stateOf(camera), stats: this.engine.statsOf(camera.id), ...expected };
    });
  }

  #databaseAnswers(): Promise<boolean> {
    return inTime(this.dataSource.query('SELECT 1').then(() => true, () => false), false);
  }

  /** What cannot be found out in time counts as well: whether the database answers is said beside it. */
  #hasStaleCamera(): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    if (this.#look === null || Math.abs(nowMs - this.#look.atMs) > LOOK_EVERY_MS) {
      const look = this.cameras.listAll(null).then((cameras) => this.#cameras(cameras)).then((all) => all.some((camera) => isStale(camera, nowMs)), () => false);
      this.#look = { atMs: nowMs, isStale: inTime(look, false) };
    }
    return this.#look.isStale;
  }
}

function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
