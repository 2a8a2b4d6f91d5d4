import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraId, CreateExport, Export, ExportEstimate, ExportFile, ExportId, Page, PageQuery } from '@argus/contracts';
import { CameraEntity, ExportEntity } from '@argus/database';
import { WakeUpQueue } from '@argus/jobs';
import { messageOf, newId, type Clock, type Logger } from '@argus/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ArrayContainedBy, DataSource, In, LessThan } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { mayOn, requireMayExport } from '../auth/camera-access.js';
import type { Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import type { OpenFile } from '../http/send-file.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { requireOriginalRight } from '../recordings/original-footage.js';
import type { Settings } from '../settings.js';
import { CLOCK, LOGGER, SETTINGS } from '../tokens.js';
import { burntInMasks } from './burnt-in-masks.js';
import { ExportSpaceError, ExportStateError, NothingToExportError } from './errors.js';
import { estimateExport } from './export-estimate.js';
import { cancelSql, exportOfRow, resumeSql } from './export-rows.js';

const ONE_DOWNLOAD_MS = 600_000;

/** Exports of footage as people ask for them; the worker makes them. Who does not see all cameras of one does not see it at all. */
@Injectable()
export class ExportsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #queue: WakeUpQueue;
  /** Who downloaded what, and when that was noted. */
  readonly #downloads = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'exports', work: null });
  }

  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.settings.exportsDir, { recursive: true, mode: 0o700 });
    await this.#queue.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#queue.close();
  }

  async list(query: PageQuery, caller: Principal): Promise<Page<Export>> {
    const after = idAfter(query) as ExportId | undefined;
    const where = { ...(caller.access.exports === null ? {} : { cameraIds: ArrayContainedBy(caller.access.exports) }), ...(after ? { id: LessThan(after) } : {}) };
    const rows = await this.dataSource.getRepository(ExportEntity).find({ where, order: { id: 'DESC' }, take: query.limit + 1 });
    return pageById(rows, query, (row) => exportOfRow(row, this.settings.exportKeepDays));
  }

  async get(id: ExportId, caller: Principal): Promise<Export> {
    return exportOfRow(await this.#require(id, caller), this.settings.exportKeepDays);
  }

  async estimate(wish: CreateExport, caller: Principal): Promise<ExportEstimate> {
    const cameras = await this.#camerasOf(wish, caller);
    return estimateExport(this.dataSource, this.settings.exportsDir, wish, burntInMasks(wish, cameras, caller));
  }

  /** @throws NotFoundError, OriginalFootageError, UnknownMasksError, NothingToExportError, ExportSpaceError */
  async create(wish: CreateExport, caller: Principal): Promise<Export> {
    const cameras = await this.#camerasOf(wish, caller);
    const { bytes, availableBytes } = await estimateExport(this.dataSource, this.settings.exportsDir, wish, burntInMasks(wish, cameras, caller));
    if (bytes === 0) throw new NothingToExportError();
    if (bytes > availableBytes) throw new ExportSpaceError(bytes, availableBytes);
    const row = this.dataSource.manager.create(ExportEntity, {
      id: newId<ExportId>(),
      title: wish.title,
      note: wish.note,
      cameraIds: [...new Set(wish.ranges.map(({ cameraId }) => cameraId))],
      ranges: wish.ranges.map((range) => ({ ...range, cameraName: cameras.get(range.cameraId)?.name ?? range.cameraId })),
      options: wish.options,
      state: 'queued',
      progress: { share: 0, bytes: 0, bytesPerSecond: null, secondsLeft: null },
      files: [],
      error: null,
      manifestSha256: null,
      estimatedBytes: bytes,
      createdBy: caller.name,
      createdAt: new Date(this.clock.nowMs()),
      finishedAt: null,
      claim: null,
      claimedUntil: null,
      attempts: 0,
    });
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(ExportEntity, row);
      await this.audit.record(caller, { action: 'export.create', subject: 'export', subjectId: row.id, details: { title: wish.title, ranges: wish.ranges, options: wish.options } }, manager);
    });
    await this.#wake(row.id);
    return exportOfRow(row, this.settings.exportKeepDays);
  }

  /** Whoever works on it stops within a second. @throws ExportStateError when it is finished */
  async cancel(id: ExportId, caller: Principal): Promise<Export> {
    return this.#change(id, caller, 'export.cancel', cancelSql, [new Date(this.clock.nowMs())], 'only one that waits or runs can be stopped');
  }

  /** @throws ExportStateError unless it failed or was stopped */
  async resume(id: ExportId, caller: Principal): Promise<Export> {
    const resumed = await this.#change(id, caller, 'export.resume', resumeSql, [], 'only one that failed or was stopped can be gone on with');
    await this.#wake(id);
    return resumed;
  }

  /** The row goes first: who works on it learns by that, and removes what it wrote meanwhile. */
  async remove(id: ExportId, caller: Principal): Promise<void> {
    const { title } = await this.#require(id, caller);
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(ExportEntity, { id });
      await this.audit.record(caller, { action: 'export.delete', subject: 'export', subjectId: id, details: { title } }, manager);
    });
    // A worker that is at it may put something there meanwhile; it removes the folder as well.
    await rm(this.#folder(id), { recursive: true, force: true }).catch((error: unknown) => this.log.warn('the files of an export are not all removed; the worker does that', { exportId: id, error: messageOf(error) }));
    this.changes.announce('export');
  }

  /** Only names that the row has are opened. Who made the export is not who downloads it: originals are for those who may see them. @throws NotFoundError, OriginalFootageError */
  async openFile(id: ExportId, name: string, caller: Principal): Promise<OpenFile> {
    const row = await this.#require(id, caller);
    const file = row.files.find((one) => one.name === name);
    if (file === undefined) throw new NotFoundError('export-file', name);
    // Files of before there were masks in exports do not say so, and are originals.
    if (file.masked !== true) requireOriginalRight(await this.#camera(file.cameraId), Date.parse(file.startAt), caller);
    const handle = await open(join(this.#folder(id), file.name)).catch(() => Promise.reject(new NotFoundError('export-file', name)));
    try {
      await this.#recordDownload(id, file, caller);
      return { handle, size: (await handle.stat()).size, name };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @throws NotFoundError before it is done */
  async manifest(id: ExportId, caller: Principal): Promise<Buffer> {
    const row = await this.#require(id, caller);
    const bytes = row.state === 'done' ? await readFile(join(this.#folder(id), 'manifest.json')).catch(() => null) : null;
    if (bytes === null) throw new NotFoundError('export-manifest', id);
    await this.audit.record(caller, { action: 'export.download', subject: 'export', subjectId: id, details: { file: 'manifest.json' } });
    return bytes;
  }

  /** A player asks for one part after the other: within some minutes they are one download. */
  async #recordDownload(id: ExportId, { name, sha256 }: ExportFile, caller: Principal): Promise<void> {
    const now = this.clock.monotonicMs();
    for (const [key, atMs] of this.#downloads) if (now - atMs > ONE_DOWNLOAD_MS) this.#downloads.delete(key);
    const key = JSON.stringify([caller.kind, caller.id, caller.remoteAddress, id, name]);
    if (this.#downloads.has(key)) return;
    await this.audit.record(caller, { action: 'export.download', subject: 'export', subjectId: id, details: { file: name, sha256 } });
    this.#downloads.set(key, now);
  }

  #folder(id: ExportId): string {
    return join(this.settings.exportsDir, id);
  }

  async #require(id: ExportId, caller: Principal): Promise<ExportEntity> {
    const row = await this.dataSource.getRepository(ExportEntity).findOneBy({ id });
    if (row === null || !row.cameraIds.every((cameraId) => mayOn(caller, 'exports', cameraId))) throw new NotFoundError('export', id);
    return row;
  }

  async #change(id: ExportId, caller: Principal, action: string, sql: string, values: readonly unknown[], wanted: string): Promise<Export> {
    const { state } = await this.#require(id, caller);
    await this.dataSource.transaction(async (manager) => {
      const [, count] = (await manager.query(sql, [id, ...values])) as [unknown[], number];
      if (count === 0) throw new ExportStateError(wanted, state);
      await this.audit.record(caller, { action, subject: 'export', subjectId: id }, manager);
    });
    this.changes.announce('export');
    return this.get(id, caller);
  }

  /** Those that are still there; others have footage at least. @throws NotFoundError, CameraRightError for what the caller may not export */
  async #camerasOf({ ranges }: CreateExport, caller: Principal): Promise<Map<CameraId, CameraEntity>> {
    const ids = [...new Set(ranges.map(({ cameraId }) => cameraId))];
    for (const id of ids) requireMayExport(caller, id);
    const cameras = new Map((await this.dataSource.getRepository(CameraEntity).findBy({ id: In(ids) })).map((camera) => [camera.id, camera]));
    for (const id of ids) {
      if (!cameras.has(id) && ((await this.dataSource.query('SELECT 1 FROM recording_segments WHERE camera_id = $1 LIMIT 1', [id])) as unknown[]).length === 0) throw new NotFoundError('camera', id);
    }
    return cameras;
  }

  #camera(id: CameraId): Promise<CameraEntity | null> {
    return this.dataSource.getRepository(CameraEntity).findOneBy({ id });
  }

  /** The worker also looks by itself every few seconds. */
  async #wake(id: ExportId): Promise<void> {
    this.changes.announce('export');
    await this.#queue.wake(id).catch((error: unknown) => this.log.warn('the worker could not be woken; it finds the export by itself', { exportId: id, error: messageOf(error) }));
  }
}
