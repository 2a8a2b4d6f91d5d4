import { isDeepStrictEqual } from 'node:util';
import { maskedAreas, type Camera, type CameraId, type CameraSettings, type Page, type PageQuery } from '@argus/contracts';
import { CameraEntity, PipelineEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireNoGroupLimits } from '../auth/camera-access.js';
import { requireAllCameras, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import type { Settings } from '../settings.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { CameraRepository, cameraOf } from './camera.repository.js';
import { requireCameraUrl, restoreSecrets } from './camera-url.js';

const WITHOUT_CANARY = `UPDATE pipelines SET rollout = jsonb_set(rollout, '{canaryCameraIds}', (rollout->'canaryCameraIds') - $1::text) WHERE rollout->'canaryCameraIds' ? $1::text`;

/** Cameras as people configure them. */
@Injectable()
export class CamerasService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cameras: CameraRepository,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'fileRoots'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(query: PageQuery, caller: Principal): Promise<Page<Camera>> {
    return pageById(await this.cameras.list(query, caller.cameraScope), query, cameraOf);
  }

  async get(id: CameraId, caller: Principal): Promise<Camera> {
    return cameraOf(await this.require(id, caller));
  }

  async create(body: CameraSettings, caller: Principal): Promise<Camera> {
    requireAllCameras(caller, 'a new camera');
    requireNoGroupLimits(caller, 'a new camera');
    requireTimeZone(body.timeZone);
    const url = restoreSecrets(requireCameraUrl(body.url, this.settings.fileRoots).href, []);
    // Both streams are of one device: `***` stands for the password that was typed in the first.
    const analysisUrl = body.analysisUrl === null ? null : restoreSecrets(requireCameraUrl(body.analysisUrl, this.settings.fileRoots, 'analysisUrl').href, [url], 'analysisUrl');
    const now = new Date(this.clock.nowMs());
    const camera = this.cameras.rowOf(newId<CameraId>(), { ...body, url, analysisUrl }, now, now);
    await this.#change(async (manager) => {
      await requirePipeline(body.pipelineId, manager);
      await manager.insert(CameraEntity, camera);
      await this.audit.record(caller, { action: 'camera.create', subject: 'camera', subjectId: camera.id, details: { ...body, url: camera.url, analysisUrl: camera.analysisUrl } }, manager);
    });
    return cameraOf(camera);
  }

  async update(id: CameraId, body: CameraSettings, caller: Principal): Promise<Camera> {
    requireTimeZone(body.timeZone);
    return this.#change(async (manager) => {
      const old = await this.require(id, caller, manager);
      if (isMoved(old, body)) requireNoGroupLimits(caller, "a change of a camera's tags or address");
      // A file that was allowed when it was added may be kept, e.g. the demo's after a start without --demo.
      if (body.url !== old.url) requireCameraUrl(body.url, this.settings.fileRoots);
      if (body.analysisUrl !== null && body.analysisUrl !== old.analysisUrl) requireCameraUrl(body.analysisUrl, this.settings.fileRoots, 'analysisUrl');
      await requirePipeline(body.pipelineId, manager);
      const url = this.cameras.restore(body.url, old, 'url');
      const analysisUrl = body.analysisUrl === null ? null : this.cameras.restore(body.analysisUrl, old, 'analysisUrl');
      const now = new Date(this.clock.nowMs());
      const maskedUntil = maskedAreas(old).length > 0 && maskedAreas(body).length === 0 ? now : old.maskedUntil;
      const camera = { ...this.cameras.rowOf(id, { ...body, url, analysisUrl }, old.createdAt, now), maskedUntil };
      await manager.save(CameraEntity, camera);
      await this.audit.record(caller, { action: 'camera.update', subject: 'camera', subjectId: id, details: { ...body, url: camera.url, analysisUrl: camera.analysisUrl } }, manager);
      // A row of its own: who uncovered what is asked without reading through all settings.
      const masks = { before: old.privacyMasks, after: body.privacyMasks };
      if (!isDeepStrictEqual(masks.before, masks.after)) await this.audit.record(caller, { action: 'camera.mask', subject: 'camera', subjectId: id, details: masks }, manager);
      return cameraOf(camera);
    });
  }

  async remove(id: CameraId, caller: Principal): Promise<void> {
    await this.#change(async (manager) => {
      const camera = await this.require(id, caller, manager);
      await manager.delete(CameraEntity, { id });
      // A rule for this camera alone stays, for no camera: its events and its settings are worth more than tidiness.
      await manager.query('UPDATE rules SET camera_ids = array_remove(camera_ids, $1) WHERE $1 = ANY(camera_ids)', [id]);
      await manager.query(WITHOUT_CANARY, [id]);
      await this.audit.record(caller, { action: 'camera.delete', subject: 'camera', subjectId: id, details: { name: camera.name } }, manager);
    });
    this.changes.announce('rule');
    this.changes.announce('pipeline');
  }

  /** @throws NotFoundError also for what lies outside of the caller's scope */
  async require(id: CameraId, caller: Pick<Principal, 'cameraScope'>, manager?: EntityManager): Promise<CameraEntity> {
    const camera = await this.cameras.find(id, caller.cameraScope, manager);
    if (!camera) throw new NotFoundError('camera', id);
    return camera;
  }

  async #change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.dataSource.transaction(work);
    this.changes.announce('camera');
    return result;
  }
}

/** Whether it would belong to other groups or show something else. */
const isMoved = (old: CameraEntity, { url, analysisUrl, tags }: CameraSettings): boolean =>
  url !== old.url || analysisUrl !== old.analysisUrl || tags.length !== old.tags.length || tags.some((tag) => !old.tags.includes(tag));

async function requirePipeline(id: CameraSettings['pipelineId'], manager: EntityManager): Promise<void> {
  if (id !== null && !(await manager.existsBy(PipelineEntity, { id }))) throw InvalidRequestError.ofField('pipelineId', `there is no pipeline ${id}`);
}

function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw InvalidRequestError.ofField('timeZone', 'expected an IANA time zone such as Europe/Berlin');
  }
}
