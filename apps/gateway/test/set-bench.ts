import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Annotation, Camera, CameraId, Dataset, DatasetJob, DatasetJobResult, Sample, SampleSummary } from '@argus/contracts';
import { storedPhash, labelsOf } from '@argus/database';
import { SampleStore } from '@argus/datasets';
import { decodeStill, measureStill } from '@argus/media';
import { waitFor } from '@argus/testing';
import { expect } from 'vitest';
import { runGateway, type RunningGateway, type Visitor } from './running-gateway.js';
import { endWorker, startWorker } from './running-worker.js';

export const MODELS = fileURLToPath(new URL('../../../libs/models/packages', import.meta.url));

export interface PutOptions {
  readonly annotations?: readonly Annotation[];
  readonly complete?: boolean;
  readonly group?: string;
  readonly split?: string | null;
  readonly brightness?: number;
  readonly cameraId?: CameraId;
  /** What else is to be in its row, by column. */
  readonly row?: Readonly<Record<string, unknown>>;
}

let made = 0;
export const drawn = (label: string, x: number, y: number, width: number, height: number, more: Partial<Annotation> = {}): Annotation => ({
  id: `drawn-${(made += 1)}`, kind: 'box', label, box: { x, y, width, height }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {}, ...more,
});

export const addCamera = async ({ owner }: RunningGateway, name: string): Promise<CameraId> => ((await owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id;

/** A gateway with a sample store, workers as processes, and what specs do with sets. */
export class SetBench {
  readonly #workers: ChildProcess[] = [];

  private constructor(
    readonly gateway: RunningGateway,
    readonly store: SampleStore,
    readonly cameraId: CameraId,
  ) {}

  static async open(environment: NodeJS.ProcessEnv = {}): Promise<SetBench> {
    const gateway = await runGateway(environment);
    const store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
    return new SetBench(gateway, store, await addCamera(gateway, 'Gate'));
  }

  async worker(models = MODELS): Promise<ChildProcess> {
    const child = await startWorker(this.gateway, { ARGUS_MODELS_DIRS: models, ARGUS_HARVEST_SLOTS: '0' });
    this.#workers.push(child);
    return child;
  }

  async clear(): Promise<void> {
    await this.#endWorkers();
    await this.gateway.dataSource.query('TRUNCATE dataset_versions, datasets, pictures, dataset_samples, dataset_jobs, sample_embeddings CASCADE');
  }

  async close(): Promise<void> {
    await this.#endWorkers();
    await this.store.close();
    await this.gateway.stop();
  }

  async #endWorkers(): Promise<void> {
    for (const worker of this.#workers.splice(0)) await endWorker(worker, 'SIGTERM');
  }

  async create(name: string, more: object = {}): Promise<Dataset> {
    const answer = await this.gateway.owner.call('createDataset', { body: { name, ...more } });
    expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
    return answer.body as Dataset;
  }

  /** As a worker puts harvested pictures. */
  async put({ id }: Dataset, content: Uint8Array, { annotations = [], complete = false, group = 'Gate', split = null, brightness, cameraId = this.cameraId, row = {} }: PutOptions = {}): Promise<string> {
    const sha256 = Buffer.from((await this.store.put(content, { extension: 'jpg', owner: 'test' })).sha256, 'hex');
    await this.store.commit();
    const frame = decodeStill(content);
    const { width, height } = frame;
    const quality = measureStill(frame);
    frame.free();
    const { dataSource } = this.gateway;
    await dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', $2, $3, $4, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength, width, height]);
    const columns = {
      dataset_id: id, sha256, name: 'a.jpg', group_name: group, camera_id: cameraId, video: 'street', frame_index: 7, sharpness: quality.sharpness, brightness: brightness ?? quality.brightness, phash: storedPhash(quality.phash),
      complete, split, annotations: JSON.stringify(annotations), labels: labelsOf(annotations), ...row,
    };
    await dataSource.query(`INSERT INTO dataset_samples (added_at, ${Object.keys(columns).join(', ')}) VALUES (now(), ${Object.keys(columns).map((_name, at) => `$${at + 1}`).join(', ')}) ON CONFLICT DO NOTHING`, Object.values(columns));
    await dataSource.query(`UPDATE datasets SET revision = revision + 1, camera_ids = (SELECT array_agg(DISTINCT one) FROM unnest(camera_ids || $2::uuid) AS one) WHERE id = $1`, [id, cameraId]);
    return sha256.toString('hex');
  }

  async begin({ id }: Pick<Dataset, 'id'>, body: object, visitor: Visitor = this.gateway.owner): Promise<DatasetJob> {
    const answer = await visitor.call('createDatasetJob', { params: { id }, body });
    expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
    return answer.body as DatasetJob;
  }

  async job({ id }: Pick<DatasetJob, 'id'>): Promise<DatasetJob> {
    return (await this.gateway.owner.call('getDatasetJob', { params: { id } })).body as DatasetJob;
  }

  settled(job: Pick<DatasetJob, 'id'>, state: DatasetJob['state'] = 'done'): Promise<DatasetJob> {
    let last: DatasetJob | undefined;
    return waitFor(async () => {
      last = await this.job(job);
      return last.state === state && last;
    }, 100_000, () => JSON.stringify(last));
  }

  async result<K extends DatasetJobResult['kind']>(set: Pick<Dataset, 'id'>, body: { readonly kind: K; readonly [key: string]: unknown }): Promise<Extract<DatasetJobResult, { kind: K }>> {
    return this.resultOf(await this.begin(set, body), body.kind);
  }

  async resultOf<K extends DatasetJobResult['kind']>(job: Pick<DatasetJob, 'id'>, _kind: K): Promise<Extract<DatasetJobResult, { kind: K }>> {
    return (await this.settled(job)).result as Extract<DatasetJobResult, { kind: K }>;
  }

  async dataset({ id }: Pick<Dataset, 'id'>): Promise<Dataset> {
    return (await this.gateway.owner.call('getDataset', { params: { id } })).body as Dataset;
  }

  async samples({ id }: Pick<Dataset, 'id'>, query: Record<string, string> = {}): Promise<SampleSummary[]> {
    return (await this.gateway.owner.call('listSamples', { params: { id }, query: { limit: '500', ...query } })).body.items as SampleSummary[];
  }

  async sample({ id }: Pick<Dataset, 'id'>, sha256: string): Promise<Sample> {
    return (await this.gateway.owner.call('getSample', { params: { id, sha256 } })).body as Sample;
  }

  async annotations(set: Pick<Dataset, 'id'>): Promise<Map<string, Annotation[]>> {
    return new Map(await Promise.all((await this.samples(set)).map(async ({ sha256 }) => [sha256, (await this.sample(set, sha256)).annotations] as const)));
  }
}
