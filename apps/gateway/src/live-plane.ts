import type { Server } from 'node:http';
import { hasMainStream } from '@argus/contracts';
import { CameraEntity, SecretBox } from '@argus/database';
import type { Clock, Logger } from '@argus/kernel';
import { FileBlobStore, RecordingsFolder, S3Store, TieredFootage } from '@argus/storage';
import { Injectable, type BeforeApplicationShutdown, type FactoryProvider, type OnApplicationBootstrap, type Provider, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { filter } from 'rxjs';
import { DataSource } from 'typeorm';
import { AuditTrail } from './audit/audit-trail.js';
import { Authenticator } from './auth/authenticator.js';
import { EngineLink } from './engine/engine-link.js';
import { EngineState } from './engine/engine-state.js';
import { Engine } from './engine/engine.js';
import { EventController } from './events/event-controller.js';
import { EventRepository } from './events/event-repository.js';
import { EventService } from './events/event-service.js';
import { EventStore } from './events/event-store.js';
import { LiveDoor } from './live/live-door.js';
import { LiveHub } from './live/live-hub.js';
import { Measurements } from './metrics/measurements.js';
import { ChangeBus, RIGHTS_NOUNS } from './realtime/change-bus.js';
import { RealtimeFeed } from './realtime/realtime-feed.js';
import { RecordingHoldsService } from './recordings/recording-holds-service.js';
import { RecordingUpkeepController } from './recordings/recording-upkeep-controller.js';
import { RecordingUpkeepService } from './recordings/recording-upkeep-service.js';
import { RecordingUpkeep } from './recordings/recording-upkeep.js';
import { RecordingsController } from './recordings/recordings-controller.js';
import { RecordingsHealth } from './recordings/recordings-health.js';
import { MaskedFilms } from './recordings/masked-films.js';
import { RecordingsService } from './recordings/recordings-service.js';
import { SegmentRepository } from './recordings/segment-repository.js';
import type { Settings } from './settings.js';
import { EventTracing } from './telemetry/event-tracing.js';
import { CLOCK, LOGGER, SETTINGS } from './tokens.js';
import { WebhookAccess } from './webhooks/webhook-access.js';
import { WebhookController } from './webhooks/webhook-controller.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.js';

/** Starts and stops, in this order, what runs beside the requests: deliveries, live views, the feed, the engine's door, and what looks after old footage. */
@Injectable()
export class LivePlane implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly engine: Engine,
    private readonly webhooks: WebhookDelivery,
    private readonly door: LiveDoor,
    private readonly feed: RealtimeFeed,
    private readonly upkeep: RecordingUpkeep,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    this.door.attach(server);
    this.feed.attach(server);
    this.engine.events.subscribe((changed) => {
      this.webhooks.poke();
      this.feed.events(changed);
    });
    await this.webhooks.start();
    await this.engine.start();
    this.upkeep.start();
  }

  /** Before the HTTP server closes: it would wait for open sockets for ever. */
  async beforeApplicationShutdown(): Promise<void> {
    this.door.close();
    this.feed.close();
    await this.engine.stop();
    await this.webhooks.stop();
    await this.upkeep.stop();
  }
}

/** A plain class made by a factory: our classes take one options object and know nothing of Nest. */
const made = <T>(provide: Type<T>, inject: FactoryProvider['inject'], useFactory: (...parts: never[]) => T): Provider => ({ provide, inject, useFactory: useFactory as (...parts: unknown[]) => T });

export const LIVE_PLANE_CONTROLLERS: readonly Type[] = [EventController, WebhookController, RecordingsController, RecordingUpkeepController];

/** Needs beside them: DataSource, SecretBox, AuditTrail, Authenticator, SETTINGS, CLOCK, LOGGER. */
export const LIVE_PLANE_PROVIDERS: readonly Provider[] = [
  ChangeBus,
  LivePlane,
  made(FileBlobStore, [SETTINGS], (settings: Settings) => new FileBlobStore(settings.blobsDir)),
  made(RecordingsFolder, [SETTINGS], (settings: Settings) => new RecordingsFolder(settings.recordingsDir)),
  made(EventStore, [DataSource, CLOCK], (dataSource: DataSource, clock: Clock) => new EventStore(dataSource, clock)),
  made(EventRepository, [DataSource], (dataSource: DataSource) => new EventRepository(dataSource)),
  made(
    Engine,
    [SETTINGS, DataSource, SecretBox, EventStore, ChangeBus, Measurements, EventTracing, CLOCK, LOGGER],
    (settings: Settings, dataSource: DataSource, secrets: SecretBox, store: EventStore, changes: ChangeBus, measurements: Measurements, tracing: EventTracing, clock: Clock, log: Logger) =>
      new Engine({
        socketPath: settings.engineSocket,
        token: settings.engineToken,
        tracing: settings.telemetry ? { frames: settings.telemetry.frames } : undefined,
        dataSource,
        secrets,
        store,
        changes,
        clock,
        log,
        onCommitted: (batch) => {
          measurements.committed(batch);
          tracing.committed(batch);
        },
        onTraces: (traces) => tracing.frames(traces),
      }),
  ),
  made(EngineLink, [Engine], (engine: Engine) => engine.link),
  made(EngineState, [Engine], (engine: Engine) => engine.state),
  made(
    WebhookDelivery,
    [SETTINGS, DataSource, SecretBox, ChangeBus, Measurements, EventTracing, CLOCK, LOGGER],
    (settings: Settings, dataSource: DataSource, secrets: SecretBox, changes: ChangeBus, measurements: Measurements, tracing: EventTracing, clock: Clock, log: Logger) =>
      new WebhookDelivery({
        dataSource,
        databaseUrl: settings.databaseUrl,
        redisUrl: settings.redisUrl,
        secrets,
        clock,
        log,
        tracing,
        onAttempt: (claim, result) => {
          measurements.attempt(result, clock.nowMs() - claim.createdAt.getTime());
          changes.announce('delivery');
        },
      }),
  ),
  made(WebhookAccess, [WebhookDelivery, ChangeBus, AuditTrail], ({ service }: WebhookDelivery, changes: ChangeBus, audit: AuditTrail) => new WebhookAccess({ service, changes, audit })),
  made(
    EventService,
    [EventRepository, FileBlobStore, AuditTrail, RealtimeFeed, CLOCK],
    (repository: EventRepository, blobs: FileBlobStore, audit: AuditTrail, feed: RealtimeFeed, clock: Clock) =>
      new EventService({ repository, blobs, audit, clock, onChanged: (event) => feed.events([event]) }),
  ),
  made(
    RealtimeFeed,
    [Authenticator, EngineState, ChangeBus, LOGGER],
    (authenticator: Authenticator, engine: EngineState, changes: ChangeBus, log: Logger) =>
      new RealtimeFeed({ authenticate: (headers, address) => authenticator.authenticateRequest(headers, address), engine, changes, log }),
  ),
  made(
    RecordingsService,
    [SETTINGS, DataSource, TieredFootage, AuditTrail, CLOCK],
    (settings: Settings, dataSource: DataSource, footage: TieredFootage, audit: AuditTrail, clock: Clock) =>
      new RecordingsService({ dataSource, segments: new SegmentRepository(dataSource), footage, maskedFilms: new MaskedFilms(settings.workerSocket), audit, clock }),
  ),
  made(RecordingsHealth, [CLOCK], (clock: Clock) => new RecordingsHealth(clock)),
  made(
    RecordingUpkeep,
    [SETTINGS, DataSource, RecordingsFolder, RecordingsHealth, CLOCK, LOGGER],
    (settings: Settings, dataSource: DataSource, folder: RecordingsFolder, health: RecordingsHealth, clock: Clock, log: Logger) =>
      new RecordingUpkeep({ dataSource, folder, remote: settings.secondTier && new S3Store(settings.secondTier), health, clock, log }),
  ),
  made(TieredFootage, [RecordingUpkeep], ({ places }: RecordingUpkeep) => new TieredFootage(places.folder, places.remote)),
  made(RecordingHoldsService, [DataSource, AuditTrail, CLOCK], (dataSource: DataSource, audit: AuditTrail, clock: Clock) => new RecordingHoldsService({ dataSource, audit, clock })),
  made(
    RecordingUpkeepService,
    [DataSource, RecordingUpkeep, AuditTrail, CLOCK],
    (dataSource: DataSource, { rows, remover, places, age, signal, log }: RecordingUpkeep, audit: AuditTrail, clock: Clock) => new RecordingUpkeepService({ dataSource, rows, remover, places, audit, age, clock, log, signal }),
  ),
  made(LiveHub, [EngineLink, EngineState, ChangeBus], (link: EngineLink, state: EngineState, bus: ChangeBus) => new LiveHub(link, state.stateChanges, bus.changes.pipe(filter((noun) => noun === 'camera')))),
  made(
    LiveDoor,
    [LiveHub, Authenticator, EngineState, DataSource, ChangeBus, LOGGER],
    (hub: LiveHub, authenticator: Authenticator, state: EngineState, dataSource: DataSource, { changes }: ChangeBus, log: Logger) =>
      new LiveDoor({
        hub,
        log,
        rightsChanges: changes.pipe(filter((noun) => RIGHTS_NOUNS.includes(noun))),
        authenticate: (headers, address) => authenticator.authenticateRequest(headers, address),
        find: async (id) => {
          const camera = await dataSource.getRepository(CameraEntity).findOneBy({ id });
          return camera && { state: state.stateOf(camera), hasMain: hasMainStream(camera) };
        },
      }),
  ),
];
