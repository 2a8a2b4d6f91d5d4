import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { AddedFootagePictures, type AddFootagePictures, type AddPicturesQuestion, type CameraId, type DatasetId, type FollowBoxes, type FollowQuestion } from '@argus/contracts';
import { CameraEntity } from '@argus/database';
import { isoTime, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AuditTrail } from '../audit/audit-trail.js';
import { requireOn } from '../auth/camera-access.js';
import { may, type Principal } from '../auth/principal.js';
import { ForbiddenError } from '../auth/errors.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { OriginalPicturesError } from '../harvest/errors.js';
import { NotFoundError } from '../http/errors.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { needsMasks } from '../recordings/original-footage.js';
import type { Settings } from '../settings.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { countWork } from '../work-times/count-work.js';
import { askWorker, openWorker } from '../worker/ask-worker.js';
import { LabellingError } from './errors.js';

/** A hundred pictures of 4K, and others before. */
const ADD_MS = 300_000;
const Refusal = z.object({ code: z.string(), message: z.string() });

/** Boxes that people draw on footage: followed, and put into sets with their pictures. Who may is decided here; the worker does it. */
@Injectable()
export class LabellingService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'workerSocket'>,
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Lines of JSON; under the camera's masks for who may not see below them. @throws ForbiddenError, NotFoundError, CameraRightError, OriginalFootageError, LabellingError */
  async follow(cameraId: CameraId, wish: FollowBoxes, caller: Principal, signal: AbortSignal): Promise<IncomingMessage> {
    if (!may(caller, 'recording.view')) throw new ForbiddenError('recording.view');
    requireOn(caller, 'recordings', cameraId);
    const camera = await this.#requireCamera(cameraId);
    const times = [wish.untilMs, ...wish.boxes.map(({ atMs }) => atMs)];
    const [fromMs, toMs] = [Math.min(...times), Math.max(...times)];
    const masked = needsMasks(camera, fromMs, caller);
    const tracks = new Set(wish.boxes.map(({ track }) => track)).size;
    await this.audit.record(caller, { action: 'footage.track', subject: 'camera', subjectId: cameraId, details: { from: isoTime(fromMs), to: isoTime(toMs), direction: wish.direction, tracks, ...(masked ? { masked } : {}) } });
    const question: FollowQuestion = { cameraId, masked, wish };
    const answer = await openWorker(this.settings.workerSocket, '/follow-boxes', question, signal).catch((error: unknown) => {
      throw LabellingError.away(error);
    });
    if (answer.statusCode === 200) return answer;
    throw refusalOf(answer.statusCode ?? 0, await text(answer));
  }

  /** @throws NotFoundError, CameraRightError, ForbiddenError, OriginalPicturesError, LabellingError */
  async add(datasetId: DatasetId, wish: AddFootagePictures, caller: Principal): Promise<AddedFootagePictures> {
    if (!may(caller, 'harvest.run')) throw new ForbiddenError('harvest.run');
    await this.datasets.require(datasetId, caller);
    requireOn(caller, 'recordings', wish.cameraId);
    await this.#requireCamera(wish.cameraId);
    if (!wish.masked && !may(caller, 'recording.original')) throw new OriginalPicturesError();
    const times = wish.pictures.map(({ atMs }) => atMs);
    const details = { cameraId: wish.cameraId, from: isoTime(Math.min(...times)), to: isoTime(Math.max(...times)), pictures: wish.pictures.length, boxes: wish.pictures.reduce((sum, { labels }) => sum + labels.length, 0), masked: wish.masked };
    const row = await this.audit.record(caller, { action: 'dataset.add-footage', subject: 'dataset', subjectId: datasetId, details });
    const question: AddPicturesQuestion = { datasetId, drawnBy: caller.name, wish };
    const { status, body } = await askWorker(this.settings.workerSocket, '/footage-pictures', question, ADD_MS).catch((error: unknown) => {
      throw LabellingError.away(error);
    });
    if (status !== 200) throw refusalOf(status, body);
    const answer = AddedFootagePictures.parse(JSON.parse(body));
    await this.audit.amend(row, { ...details, added: answer.added, changed: answer.changed });
    // Of pictures that could not be taken the boxes are not there either.
    const taken = new Set(answer.pictures.map(({ atMs }) => atMs));
    const boxes = wish.pictures.reduce((sum, { atMs, labels }) => sum + (taken.has(atMs) ? labels.length : 0), 0);
    await countWork(this.dataSource.manager, datasetId, caller, { activity: 'labelling', pictures: answer.pictures.length, boxes }, this.clock.nowMs());
    this.changes.announce('dataset');
    return answer;
  }

  async #requireCamera(id: CameraId): Promise<CameraEntity> {
    const camera = await this.dataSource.getRepository(CameraEntity).findOneBy({ id });
    if (camera === null) throw new NotFoundError('camera', id);
    return camera;
  }
}

function refusalOf(status: number, body: string): LabellingError {
  try {
    return LabellingError.of(Refusal.parse(JSON.parse(body)));
  } catch (error) {
    return LabellingError.away(new Error(`status ${status}`, { cause: error }));
  }
}
