import type { EventId, EventQuery, EventView, Page, Track, TrackQuery } from '@argus/contracts';
import { isoTime, type Clock } from '@argus/kernel';
import type { BlobStream, FileBlobStore } from '@argus/storage';
import type { z } from 'zod';
import type { AuditTrail } from '../audit/audit-trail.js';
import { requireOn } from '../auth/camera-access.js';
import type { Principal } from '../auth/principal.js';
import { NotFoundError } from '../http/errors.js';
import type { EventRepository } from './event-repository.js';

export interface EventServiceOptions {
  readonly repository: EventRepository;
  readonly blobs: FileBlobStore;
  readonly clock: Clock;
  readonly audit: Pick<AuditTrail, 'record'>;
  /** The event's mark changed. */
  readonly onChanged: (event: EventView) => void;
}

/** Events and tracks as people use them: look, look closer, mark as seen. */
export class EventService {
  constructor(private readonly options: EventServiceOptions) {}

  list(caller: Principal, query: EventQuery): Promise<Page<EventView>> {
    return this.options.repository.list(query, caller.cameraScope);
  }

  listTracks(caller: Principal, query: z.infer<typeof TrackQuery>): Promise<Page<Track>> {
    return this.options.repository.listTracks(query, caller.cameraScope);
  }

  /** Throws NotFoundError; an event of a camera outside the scope is as if it were not there. */
  async get(caller: Principal, id: EventId): Promise<EventView> {
    const event = await this.options.repository.find(id, caller.cameraScope);
    if (!event) throw new NotFoundError('event', id);
    return event;
  }

  async acknowledge(caller: Principal, id: EventId): Promise<EventView> {
    return this.#mark(caller, id, isoTime(this.options.clock.nowMs()), 'event.acknowledge');
  }

  async unacknowledge(caller: Principal, id: EventId): Promise<EventView> {
    return this.#mark(caller, id, null, 'event.unacknowledge');
  }

  /** What an event shows is past, so it takes the right to recordings. Throws NotFoundError also while the picture is not stored yet, CameraRightError. */
  async picture(caller: Principal, id: EventId, which: 'snapshot' | 'thumbnail'): Promise<BlobStream> {
    const event = await this.get(caller, id);
    requireOn(caller, 'recordings', event.cameraId);
    const key = which === 'snapshot' ? event.snapshotKey : event.thumbnailKey;
    const stream = key === null ? null : await this.options.blobs.findStream(key);
    if (!stream) throw new NotFoundError(which, id);
    return stream;
  }

  async #mark(caller: Principal, id: EventId, at: string | null, action: string): Promise<EventView> {
    await this.get(caller, id);
    await this.options.repository.mark(id, at, at === null ? null : caller.name);
    await this.options.audit.record(caller, { action, subject: 'event', subjectId: id });
    const event = await this.get(caller, id);
    this.options.onChanged(event);
    return event;
  }
}
