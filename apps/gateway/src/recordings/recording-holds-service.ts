import type { CreateRecordingHold, HoldQuery, Page, RecordingHold, RecordingHoldId } from '@argus/contracts';
import { CameraEntity, EventEntity, RecordingHoldEntity, RecordingSegmentEntity } from '@argus/database';
import { newId, type Clock } from '@argus/kernel';
import { In, LessThan, MoreThan, type DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail.js';
import { sees, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { awaitRemovals } from './retention-rows.js';

export interface RecordingHoldsServiceOptions {
  readonly dataSource: DataSource;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
}

/** A hold is for what happened, and no way around the limits. */
const LONGEST_MS = 31 * 86_400_000;

/** Footage that is held back from removal, by whoever may, of the cameras that they see. */
export class RecordingHoldsService {
  constructor(private readonly options: RecordingHoldsServiceOptions) {}

  async list(query: HoldQuery, { cameraScope }: Principal): Promise<Page<RecordingHold>> {
    const after = idAfter(query) as RecordingHoldId | undefined;
    const scope = query.camera ? query.camera.filter((id) => sees({ cameraScope }, id)) : cameraScope;
    const where = {
      ...(scope ? { cameraId: In([...scope]) } : {}),
      ...(query.event ? { eventId: query.event } : {}),
      ...(query.from ? { toAt: MoreThan(new Date(query.from)) } : {}),
      ...(query.to ? { fromAt: LessThan(new Date(query.to)) } : {}),
      ...(after ? { id: LessThan(after) } : {}),
    };
    const rows = await this.options.dataSource.getRepository(RecordingHoldEntity).find({ where, order: { id: 'DESC' }, take: query.limit + 1 });
    return pageById(rows, query, holdOf);
  }

  /** From when this answers nothing of the range is removed; what was removed before is not in it any more. @throws NotFoundError, InvalidRequestError */
  async create({ from, to, ...body }: CreateRecordingHold, caller: Principal): Promise<RecordingHold> {
    const { dataSource, audit, clock } = this.options;
    const { cameraId, eventId } = body;
    if (!sees(caller, cameraId) || !(await this.#isKnown(cameraId))) throw new NotFoundError('camera', cameraId);
    if (Date.parse(to) - Date.parse(from) > LONGEST_MS) throw InvalidRequestError.ofField('to', 'expected at most 31 days after `from`');
    if (eventId !== null && !(await dataSource.getRepository(EventEntity).existsBy({ id: eventId, cameraId }))) throw InvalidRequestError.ofField('eventId', 'this camera has no such event');
    return dataSource.transaction(async (manager) => {
      await awaitRemovals(manager);
      const hold = manager.create(RecordingHoldEntity, { ...body, id: newId<RecordingHoldId>(), fromAt: new Date(from), toAt: new Date(to), createdBy: caller.name, createdAt: new Date(clock.nowMs()) });
      await manager.insert(RecordingHoldEntity, hold);
      await audit.record(caller, { action: 'recording.hold', subject: 'recording-hold', subjectId: hold.id, details: { from, to, ...body } }, manager);
      return holdOf(hold);
    });
  }

  async remove(id: RecordingHoldId, caller: Principal): Promise<void> {
    await this.options.dataSource.transaction(async (manager) => {
      const hold = await manager.findOneBy(RecordingHoldEntity, { id });
      if (!hold || !sees(caller, hold.cameraId)) throw new NotFoundError('recording-hold', id);
      await manager.delete(RecordingHoldEntity, { id });
      const { cameraId, fromAt, toAt, reason } = hold;
      await this.options.audit.record(caller, { action: 'recording.release', subject: 'recording-hold', subjectId: id, details: { cameraId, from: fromAt.toISOString(), to: toAt.toISOString(), reason } }, manager);
    });
  }

  /** Footage outlives its camera, and can be held without it. */
  async #isKnown(cameraId: RecordingHold['cameraId']): Promise<boolean> {
    const { dataSource } = this.options;
    return (await dataSource.getRepository(CameraEntity).existsBy({ id: cameraId })) || dataSource.getRepository(RecordingSegmentEntity).existsBy({ cameraId });
  }
}

const holdOf = ({ fromAt, toAt, createdAt, ...hold }: RecordingHoldEntity): RecordingHold => ({ ...hold, from: fromAt.toISOString(), to: toAt.toISOString(), createdAt: createdAt.toISOString() });
