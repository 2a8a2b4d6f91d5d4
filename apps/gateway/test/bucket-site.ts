import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraId } from '@argus/contracts';
import { S3Store } from '@argus/storage';
import { S3_ACCESS, startS3, type S3 } from '@argus/testing';
import { runGateway, type RunningGateway } from './running-gateway.js';
import { endWorker, startWorker } from './running-worker.js';

/** A gateway with a bucket, workers beside it, and workers that have nothing but the database and the bucket. */
export class BucketSite {
  readonly #workers: ChildProcess[] = [];

  private constructor(
    readonly gateway: RunningGateway,
    readonly s3: S3,
    readonly store: S3Store,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async open(): Promise<BucketSite> {
    const folder = mkdtempSync(join(tmpdir(), 'argus-bucket-'));
    mkdirSync(join(folder, 'bucket'));
    const s3 = await startS3(join(folder, 'bucket'));
    const environment = { ARGUS_S3_ENDPOINT: s3.endpoint, ARGUS_S3_BUCKET: s3.bucket, ARGUS_S3_ACCESS_KEY: S3_ACCESS.accessKey, ARGUS_S3_SECRET_KEY: S3_ACCESS.secretKey, ARGUS_S3_PREFIX: 'site-1' };
    const store = new S3Store({ endpoint: s3.endpoint, bucket: s3.bucket, prefix: 'site-1', ...S3_ACCESS });
    return new BucketSite(await runGateway(environment), s3, store, folder, environment);
  }

  /** Beside the gateway: the same data folder. */
  home(environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    return this.#start({ ...this.environment, ARGUS_HARVEST_SLOTS: '1', ...environment });
  }

  /** As on another machine: a data folder of its own, in which there is nothing. */
  remote(environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    return this.#start({ ...this.remoteEnvironment(), ...environment });
  }

  remoteEnvironment(): NodeJS.ProcessEnv {
    return { ...this.environment, ARGUS_HARVEST_SLOTS: '1', ARGUS_WORKER_PLACE: 'remote', ARGUS_DATA: mkdtempSync(join(this.folder, 'machine-')) };
  }

  async #start(environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
    const worker = await startWorker(this.gateway, environment);
    this.#workers.push(worker);
    return worker;
  }

  /** As the gateway does it with what is old enough: copied and compared, then marked, then removed. */
  async moveFootage(cameras: readonly CameraId[]): Promise<void> {
    const rows = (await this.gateway.dataSource.query(`SELECT id, path FROM recording_segments WHERE camera_id = ANY ($1) AND tier = 'local'`, [cameras])) as { id: string; path: string }[];
    for (const { id, path } of rows) {
      const file = join(this.gateway.settings.recordingsDir, path);
      await this.store.put(path, file);
      await this.gateway.dataSource.query(`UPDATE recording_segments SET tier = 'remote' WHERE id = $1`, [id]);
      rmSync(file);
    }
  }

  /** Everything that lies in the bucket below a folder. */
  async listed(below = ''): Promise<string[]> {
    const paths: string[] = [];
    for await (const { path } of this.store.list(below)) paths.push(path);
    return paths;
  }

  async endWorkers(): Promise<void> {
    for (const worker of this.#workers.splice(0)) await endWorker(worker, 'SIGTERM');
  }

  async close(): Promise<void> {
    await this.endWorkers();
    await this.gateway.stop();
    await this.s3.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
