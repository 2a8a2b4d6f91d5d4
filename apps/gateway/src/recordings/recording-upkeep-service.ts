import { RecordingLimits, type CameraId, type PrunedRecordings, type PruneRecordings, type RecordingsDrift, type RepairedRecordings } from '@argus/contracts';
import { RecordingLimitsEntity } from '@argus/database';
import type { Clock, Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail.js';
import { requireAllCameras, sees, type Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import type { StrayKind } from './footage-adopter.js';
import type { AgeTime } from './footage-age.js';
import { findDrift, type Drift } from './footage-drift.js';
import type { FootageRemover } from './footage-remover.js';
import { reconcileFootage, type ReconcileOptions } from './reconcile-footage.js';
import { settingsOf, type KeptCamera, type RetentionRows } from './retention-rows.js';

export interface RecordingUpkeepServiceOptions {
  readonly dataSource: DataSource;
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly places: Pick<ReconcileOptions, 'folder' | 'remote' | 'adopter'>;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly age: AgeTime;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

const MOST_EXAMPLES = 50;
const DAY_MS = 86_400_000;
type Problem = RecordingsDrift['examples'][number]['problem'];
type Count = 'rowsWithoutFile' | 'otherSize' | 'filesWithoutRow' | 'openFiles' | 'damagedFiles' | 'foreignFiles' | 'objectsWithoutRow' | 'leftBehind';
interface Counted {
  readonly count: Count;
  readonly problem: Problem;
}
const PROBLEMS: Readonly<Record<Exclude<Drift['kind'], 'empty-folder' | 'file-without-row'>, Counted>> = {
  'row-without-file': { count: 'rowsWithoutFile', problem: 'no-file' },
  'moved-unmarked': { count: 'rowsWithoutFile', problem: 'no-file' },
  'other-size': { count: 'otherSize', problem: 'other-size' },
  'object-without-row': { count: 'objectsWithoutRow', problem: 'no-row' },
  'left-behind': { count: 'leftBehind', problem: 'left-behind' },
};
const STRAYS: Readonly<Record<StrayKind, Counted>> = {
  whole: { count: 'filesWithoutRow', problem: 'no-row' },
  open: { count: 'openFiles', problem: 'open' },
  damaged: { count: 'damagedFiles', problem: 'damaged' },
  foreign: { count: 'foreignFiles', problem: 'foreign' },
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
    return this.#compare();
  }

  /** What the daily comparison mends, now; also where the database knows nothing of any footage. */
  async repair(caller: Principal): Promise<RepairedRecordings> {
    requireAllCameras(caller, 'the repair of all recordings');
    const { rows, places, audit, clock, log, signal } = this.options;
    await audit.record(caller, { action: 'recording.repair', subject: 'recording', subjectId: null });
    const { found, strays, adoptedFar, copiesRemoved } = await reconcileFootage({ rows, ...places, log, nowMs: clock.nowMs(), signal, isAsked: true });
    return { adopted: strays.whole + adoptedFar, rowsRemoved: found['row-without-file'], rowsMarkedMoved: found['moved-unmarked'], copiesRemoved, left: await this.#compare() };
  }

  async #compare(): Promise<RecordingsDrift> {
    const { rows, places, clock, signal } = this.options;
    const nowMs = clock.nowMs();
    const drift: Record<Count, number> = { rowsWithoutFile: 0, filesWithoutRow: 0, openFiles: 0, damagedFiles: 0, foreignFiles: 0, objectsWithoutRow: 0, otherSize: 0, leftBehind: 0 };
    const examples: RecordingsDrift['examples'] = [];
    const foreign: RecordingsDrift['examples'] = [];
    const counts = await findDrift({ rows, ...places, nowMs, signal, sizes: true }, async (found) => {
      if (found.kind === 'empty-folder') return;
      const { count, problem } = found.kind === 'file-without-row' ? STRAYS[await places.adopter.look(found.path, nowMs)] : PROBLEMS[found.kind];
      drift[count] += 1;
      // What is no drift takes no place from what is.
      const list = problem === 'foreign' ? foreign : examples;
      if (list.length < MOST_EXAMPLES) list.push({ path: 'row' in found ? found.row.path : found.path, problem });
    });
    return { ...counts, ...drift, examples: [...examples, ...foreign].slice(0, MOST_EXAMPLES) };
  }

  /** @throws NotFoundError, OutsideScopeError */
  async prune({ cameraId, before, dryRun }: PruneRecordings, caller: Principal): Promise<PrunedRecordings> {
    const { rows, remover, audit, age } = this.options;
    if (cameraId === null) requireAllCameras(caller, 'all recordings');
    else if (!sees(caller, cameraId)) throw new NotFoundError('camera', cameraId);
    const cameras = (await rows.cameras()).filter((camera) => cameraId === null || camera.cameraId === cameraId);
    if (!dryRun) await audit.record(caller, { action: 'recording.prune', subject: 'camera', subjectId: cameraId, details: { before } });
    const nowMs = await age.nowMs();
    const total = { files: 0, bytes: 0, heldFiles: 0 };
    for (const camera of cameras) {
      const until = before === null ? this.#dueBefore(camera, nowMs) : new Date(before);
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
