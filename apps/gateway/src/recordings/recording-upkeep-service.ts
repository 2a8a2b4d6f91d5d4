import { RecordingLimits, type CameraId, type PrunedRecordings, type PruneRecordings, type RecordingsDrift } from '@argus/contracts';
import { RecordingLimitsEntity } from '@argus/database';
import type { Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, sees, type Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import { findDrift, type Drift, type DriftOptions } from './footage-drift.js';
import type { FootageRemover } from './footage-remover.js';
import { settingsOf, type KeptCamera, type RetentionRows } from './retention-rows.js';

export interface RecordingUpkeepServiceOptions {
  readonly dataSource: DataSource;
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly places: Pick<DriftOptions, 'folder' | 'remote'>;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

const MOST_EXAMPLES = 50;
const DAY_MS = 86_400_000;
type Problem = RecordingsDrift['examples'][number]['problem'];
const PROBLEMS: Readonly<Record<Exclude<Drift['kind'], 'empty-folder'>, { readonly count: 'rowsWithoutFile' | 'otherSize' | 'filesWithoutRow' | 'objectsWithoutRow' | 'leftBehind'; readonly problem: Problem }>> = {
  'row-without-file': { count: 'rowsWithoutFile', problem: 'no-file' },
  'moved-unmarked': { count: 'rowsWithoutFile', problem: 'no-file' },
  'other-size': { count: 'otherSize', problem: 'other-size' },
  'file-without-row': { count: 'filesWithoutRow', problem: 'no-row' },
  'object-without-row': { count: 'objectsWithoutRow', problem: 'no-row' },
  'left-behind': { count: 'leftBehind', problem: 'left-behind' },
};

/** What administrators do to the recordings as a whole. */
export class RecordingUpkeepService {
  constructor(private readonly options: RecordingUpkeepServiceOptions) {}

  limits(): Promise<RecordingLimits> {
    return this.options.rows.limits();
  }

  async setLimits(limits: RecordingLimits, caller: Principal): Promise<RecordingLimits> {
    requireAllCameras(caller, 'the limits of all recordings');
    const { dataSource, audit, clock } = this.options;
    await dataSource.transaction(async (manager) => {
      await manager.save(RecordingLimitsEntity, { id: 1 as const, limits, updatedAt: new Date(clock.nowMs()) });
      await audit.record(caller, { action: 'recording-limits.update', subject: 'recording-limits', subjectId: null, details: limits }, manager);
    });
    return limits;
  }

  /** Every file with its size, on the disk and in the second tier. Changes nothing. */
  async verify(caller: Principal): Promise<RecordingsDrift> {
    requireAllCameras(caller, 'the comparison of all recordings');
    const { rows, places, clock, signal } = this.options;
    const drift = { rowsWithoutFile: 0, filesWithoutRow: 0, objectsWithoutRow: 0, otherSize: 0, leftBehind: 0 };
    const examples: RecordingsDrift['examples'] = [];
    const counts = await findDrift({ rows, ...places, nowMs: clock.nowMs(), signal, sizes: true }, (found) => {
      if (found.kind === 'empty-folder') return;
      const { count, problem } = PROBLEMS[found.kind];
      drift[count] += 1;
      if (examples.length < MOST_EXAMPLES) examples.push({ path: 'row' in found ? found.row.path : found.path, problem });
    });
    return { ...counts, ...drift, examples };
  }

  /** @throws NotFoundError, OutsideScopeError */
  async prune({ cameraId, before, dryRun }: PruneRecordings, caller: Principal): Promise<PrunedRecordings> {
    const { rows, remover, audit, clock } = this.options;
    if (cameraId === null) requireAllCameras(caller, 'all recordings');
    else if (!sees(caller, cameraId)) throw new NotFoundError('camera', cameraId);
    const cameras = (await rows.cameras()).filter((camera) => cameraId === null || camera.cameraId === cameraId);
    if (!dryRun) await audit.record(caller, { action: 'recording.prune', subject: 'camera', subjectId: cameraId, details: { before } });
    const total = { files: 0, bytes: 0, heldFiles: 0 };
    for (const camera of cameras) {
      const until = before === null ? this.#dueBefore(camera, clock.nowMs()) : new Date(before);
      const { files, bytes, heldFiles } = await this.#pruneOne(camera.cameraId, until, dryRun ? null : remover);
      total.files += files;
      total.bytes += bytes;
      total.heldFiles += heldFiles;
    }
    return total;
  }

  async #pruneOne(cameraId: CameraId, before: Date, remover: FootageRemover | null): Promise<PrunedRecordings> {
    const found = await this.options.rows.older(cameraId, before);
    if (!remover) return found;
    const removed = await remover.removeOlder(cameraId, before, this.options.signal);
    return { files: removed.length, bytes: removed.reduce((sum, { bytes }) => sum + Number(bytes), 0), heldFiles: found.heldFiles };
  }

  #dueBefore(camera: KeptCamera, nowMs: number): Date {
    return new Date(nowMs - settingsOf(camera).keepDays * DAY_MS);
  }
}
