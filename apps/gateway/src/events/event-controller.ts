import type { EventView, Page, Track } from '@argus/contracts';
import type { BlobStream } from '@argus/storage';
import { Controller, StreamableFile } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { EventService } from './event-service.js';

@Controller()
export class EventController {
  constructor(private readonly events: EventService) {}

  @ApiRoute('listEvents') list(@Caller() caller: Principal, @Input() { query }: RouteInput<'listEvents'>): Promise<Page<EventView>> {
    return this.events.list(caller, query);
  }

  @ApiRoute('getEvent') get(@Caller() caller: Principal, @Input() { params }: RouteInput<'getEvent'>): Promise<EventView> {
    return this.events.get(caller, params.id);
  }

  @ApiRoute('acknowledgeEvent') acknowledge(@Caller() caller: Principal, @Input() { params }: RouteInput<'acknowledgeEvent'>): Promise<EventView> {
    return this.events.acknowledge(caller, params.id);
  }

  @ApiRoute('unacknowledgeEvent') unacknowledge(@Caller() caller: Principal, @Input() { params }: RouteInput<'unacknowledgeEvent'>): Promise<EventView> {
    return this.events.unacknowledge(caller, params.id);
  }

  @ApiRoute('getEventSnapshot') async snapshot(@Caller() caller: Principal, @Input() { params }: RouteInput<'getEventSnapshot'>): Promise<StreamableFile> {
    return asFile(await this.events.picture(caller, params.id, 'snapshot'));
  }

  @ApiRoute('getEventThumbnail') async thumbnail(@Caller() caller: Principal, @Input() { params }: RouteInput<'getEventThumbnail'>): Promise<StreamableFile> {
    return asFile(await this.events.picture(caller, params.id, 'thumbnail'));
  }

  @ApiRoute('listTracks') listTracks(@Caller() caller: Principal, @Input() { query }: RouteInput<'listTracks'>): Promise<Page<Track>> {
    return this.events.listTracks(caller, query);
  }
}

const asFile = (stream: BlobStream): StreamableFile => new StreamableFile(stream.body, { type: stream.contentType, length: stream.byteLength });
