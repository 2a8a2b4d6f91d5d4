import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetId, DatasetJobId } from '@argus/contracts';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireMayExport } from '../auth/camera-access.js';
import type { Principal } from '../auth/principal.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { NotFoundError } from '../http/errors.js';
import type { OpenFile } from '../http/send-file.js';
import type { Settings } from '../settings.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { DatasetJobsService } from './dataset-jobs.service.js';
import { requireOriginals } from './export-right.js';

/** Parts of a file that are asked for one after the other are one download. */
const ONE_DOWNLOAD_MS = 600_000;

/** Files that exports of sets made. Who asked for one is not who takes it: all is asked again. */
@Injectable()
export class DatasetFilesService {
  /** Who downloaded what, and when that was noted. */
  readonly #downloads = new Map<string, number>();

  constructor(
    private readonly jobs: DatasetJobsService,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NotFoundError also where it is too old; CameraRightError, OriginalSamplesError */
  async open(datasetId: DatasetId, id: DatasetJobId, caller: Principal): Promise<OpenFile> {
    const set = await this.datasets.require(datasetId, caller);
    const { result, ...job } = await this.jobs.get(id, caller);
    if (job.datasetId !== datasetId || result?.kind !== 'export') throw new NotFoundError('dataset-file', id);
    for (const cameraId of set.cameraIds) requireMayExport(caller, cameraId);
    requireOriginals(result.originals, caller);
    const handle = await open(join(this.settings.exportsDir, 'datasets', id, result.file)).catch(() => Promise.reject(new NotFoundError('dataset-file', id)));
    try {
      await this.#record(datasetId, id, { file: result.file, sha256: result.sha256 }, caller);
      return { handle, size: (await handle.stat()).size, name: result.file };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #record(datasetId: DatasetId, jobId: DatasetJobId, file: { readonly file: string; readonly sha256: string }, caller: Principal): Promise<void> {
    const now = this.clock.monotonicMs();
    for (const [key, atMs] of this.#downloads) if (now - atMs > ONE_DOWNLOAD_MS) this.#downloads.delete(key);
    const key = JSON.stringify([caller.kind, caller.id, caller.remoteAddress, jobId]);
    if (this.#downloads.has(key)) return;
    await this.audit.record(caller, { action: 'dataset.download', subject: 'dataset', subjectId: datasetId, details: { job: jobId, ...file } });
    this.#downloads.set(key, now);
  }
}
