import type { CameraId, CameraState, CameraStream, EngineConfig, EngineToGateway, GatewayToEngine, ModelId, Pipeline } from '@argus/contracts';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { probeDevices } from '@argus/models';
import type { FileBlobStore } from '@argus/storage';
import { CameraMasks } from './camera/camera-masks.js';
import { CameraRuntime } from './camera/camera-runtime.js';
import type { LiveFrame } from './camera/live-frame.js';
import { diffConfig, hasSound, mainUrlOf, sourceUrlOf, type CameraPlan } from './config/config-diff.js';
import { EventRecorder, type EventRecorderOptions } from './events/event-recorder.js';
import { OpenEvents } from './events/open-events.js';
import { TrackRecorder } from './events/track-recorder.js';
import { FootageJournal } from './footage/footage-journal.js';
import { EngineLoad } from './load/engine-load.js';
import type { ChildUsage } from './load/load-meter.js';
import { IngestFleet } from './ingest/ingest-fleet.js';
import type { MaskOrder, RecordOrder } from './ingest/messages.js';
import { Prober } from './ingest/probe.js';
import type { Journal } from './journal/journal.js';
import { LiveOutlet } from './live/live-outlet.js';
import type { EngineLink } from './link/engine-link.js';
import { FrameDispatcher } from './models/frame-dispatcher.js';
import { DeviceInventory } from './models/device-inventory.js';
import { ModelPool, type PooledModel } from './models/model-pool.js';
import { ModelRegistry } from './models/model-registry.js';
import { RolloutTrials } from './models/rollout-trials.js';
import { FrameRecorder } from './profile/frame-recorder.js';
import { eventTraceOf } from './profile/frame-trace.js';
import { ringDirectory, sweepRings } from './ring/pixel-ring.js';
import { isAlive } from './ring/is-alive.js';
import type { Settings } from './settings.js';

export interface EngineOptions {
  readonly settings: Settings;
  readonly bootId: string;
  readonly journal: Journal;
  readonly link: EngineLink;
  readonly blobs: FileBlobStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const SECOND = 1000;
const SNAPSHOT_QUALITY = 82;

/** All cameras of this process. Turns the gateway's messages into the least that must change, and reports what is. */
export class Engine {
  readonly #cameras = new Map<CameraId, CameraRuntime>();
  readonly #dispatchers = new Map<PooledModel, FrameDispatcher<LiveFrame>>();
  readonly #registry: ModelRegistry;
  readonly #models: ModelPool;
  readonly #inventory: DeviceInventory;
  readonly #trials: RolloutTrials;
  readonly #load: EngineLoad;
  readonly #fleet: IngestFleet;
  readonly #live: Readonly<Record<CameraStream, LiveOutlet>>;
  readonly #masks = new CameraMasks();
  readonly #prober: Prober;
  readonly #tracks: TrackRecorder;
  readonly #footage: FootageJournal;
  readonly #recorder = new FrameRecorder({ onChange: () => this.#sampleAll() });
  #plans = new Map<CameraId, CameraPlan>();
  #applying: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  /** Revision of the models that this connection's gateway knows; null: of none. */
  #toldModels: number | null = null;

  constructor(private readonly options: EngineOptions) {
    const { settings, clock, log, link, journal } = options;
    const directory = ringDirectory();
    sweepRings(directory, isAlive);
    this.#registry = new ModelRegistry(settings.modelDirs, log);
    this.#inventory = new DeviceInventory({ probe: probeDevices, log });
    this.#models = new ModelPool({ registry: this.#registry, inventory: this.#inventory, detectorReplicas: settings.modelWorkers, clock, log });
    this.#models.onFree = (id) => this.#pokeDetector(id);
    this.#models.onReady = () => this.#reconsiderModels();
    this.#trials = new RolloutTrials(this.#models);
    this.#load = new EngineLoad(settings.cores, clock);
    this.#live = { analysis: new LiveOutlet(link, 'analysis'), main: new LiveOutlet(link, 'main') };
    this.#prober = new Prober({ fileRoots: settings.fileRoots, clock, log });
    this.#tracks = new TrackRecorder(journal, log);
    this.#footage = new FootageJournal({ root: settings.recordingsDir, journal, clock, log });
    this.#fleet = new IngestFleet({ children: settings.ingestChildren, fileRoots: settings.fileRoots, hardware: settings.hardwareDecoding, ringDirectory: directory, clock, log, listener: this.#listener() });
  }

  async start(): Promise<void> {
    await this.#registry.scan();
    await this.#footage.open();
    void this.#inventory.look().catch((error: unknown) => this.options.log.error('compute devices could not be tried', { error }));
    this.#timer = setInterval(() => this.#everySecond(), SECOND);
  }

  /** The gateway knows nothing of this connection yet. */
  linked(): void {
    this.#toldModels = null;
    this.#send({ type: 'states', states: [...this.#cameras.values()].map((camera) => camera.health.view()) });
    this.#sendStats();
  }

  /** Nobody can watch while the link is down. */
  unlinked(): void {
    this.#watch({ cameraIds: [] });
  }

  handle(message: Exclude<GatewayToEngine, { type: 'ack' }>): void {
    switch (message.type) {
      case 'config':
        // At once: a configuration may wait for the one before it, and for models, and masks may not.
        this.#mask(message.config);
        // One after the other: opening models takes time, and a later config must win.
        this.#applying = this.#applying.then(() => this.#apply(message.config)).catch((error: unknown) => this.options.log.error('a configuration could not be applied', { revision: message.config.revision, error }));
        return;
      case 'watch':
        return this.#watch(message);
      case 'probe':
        return void this.#prober.probe(message.url, [...message.masks, ...this.#masksAt(message.url)]).then((result) => this.#send({ type: 'probed', requestId: message.requestId, result }));
      case 'snapshot':
        return void this.#snapshot(message);
      case 'profile':
        return void this.#profile(message);
    }
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all([...this.#cameras.values()].map((camera) => camera.stop('engine-restarted')));
    await this.#tracks.flush();
    this.#load.close();
    await Promise.all([this.#fleet.close(), this.#models.close()]);
    this.#footage.close();
  }

  async #apply(config: EngineConfig): Promise<void> {
    this.#recorder.trace(config.tracing);
    const change = diffConfig(this.#plans, config);
    const wanted = modelsOf(change.plans.values());
    this.#models.tune(config.tuning);
    this.#load.tune(config.tuning);
    const problems = await this.#models.open(wanted);
    this.#plans = change.plans;
    this.#trials.configure(this.#pipelines());
    for (const id of change.remove) this.#remove(id);
    for (const plan of change.start) this.#start(plan);
    for (const plan of change.configure) this.#configure(plan);
    this.#models.release(wanted);
    this.#send({ type: 'states', states: [...this.#cameras.values()].map((camera) => camera.health.view()) });
    this.#send({ type: 'applied', revision: config.revision, problems: [...change.problems, ...problems] });
    this.#sendStats();
  }

  #start(plan: CameraPlan): void {
    const { id, enabled } = plan.camera;
    this.#remove(id);
    const camera = this.#build(plan);
    this.#cameras.set(id, camera);
    if (enabled) this.#fleet.start(id, { url: sourceUrlOf(plan.camera), mainUrl: mainUrlOf(plan.camera), sampling: camera.sampling, watched: this.#watchedOf(id), record: this.#recordOrder(camera), sound: hasSound(plan), masks: this.#masks.of(id) });
  }

  #mask({ cameras }: EngineConfig): void {
    for (const id of this.#masks.update(cameras)) {
      this.#fleet.mask(id, this.#masks.of(id));
      for (const live of Object.values(this.#live)) live.mask(id, this.#masks.isMasked(id));
    }
  }

  /** Whoever tries the address of a camera that is there sees no more of it than its viewers. */
  #masksAt(url: string): MaskOrder['areas'] {
    return [...this.#plans.values()].filter(({ camera }) => camera.url === url || camera.analysisUrl === url).flatMap(({ camera }) => this.#masks.of(camera.id).areas);
  }

  #configure(plan: CameraPlan): void {
    this.#change(plan.camera.id, (camera) => camera.configure(plan));
  }

  /** Tells its source when it is to be sampled otherwise afterwards. */
  #change(id: CameraId, change: (camera: CameraRuntime) => void): void {
    const camera = this.#cameras.get(id);
    if (!camera) return;
    const before = JSON.stringify(camera.sampling);
    change(camera);
    if (JSON.stringify(camera.sampling) !== before) this.#fleet.sample(id, camera.sampling);
    this.#fleet.record(id, this.#recordOrder(camera));
  }

  #recordOrder(camera: CameraRuntime): RecordOrder | null {
    if (!camera.isToRecord) return null;
    const { mode, preSeconds, postSeconds } = camera.plan.camera.recording;
    return { into: this.options.settings.recordingsDir, sound: hasSound(camera.plan), trigger: mode === 'motion' || mode === 'events' ? mode : 'always', preUs: preSeconds * 1e6, postUs: postSeconds * 1e6 };
  }

  /** A model is ready, or is no more: cameras that wait for it turn to it. */
  #reconsiderModels(): void {
    for (const model of this.#dispatchers.keys()) if (this.#models.find(model.manifest.id) !== model) this.#dispatchers.delete(model);
    for (const id of this.#cameras.keys()) this.#change(id, (camera) => camera.useModels());
  }

  #pipelines(): Pipeline[] {
    return [...new Map([...this.#plans.values()].map(({ pipeline }) => [pipeline.id, pipeline])).values()];
  }

  #remove(id: CameraId): void {
    this.#fleet.stop(id);
    for (const live of Object.values(this.#live)) live.forget(id);
    this.#footage.seen.forget(id);
    void this.#cameras.get(id)?.stop('camera-lost');
    this.#cameras.delete(id);
  }

  #build(plan: CameraPlan): CameraRuntime {
    const { journal, blobs, bootId, clock, log } = this.options;
    const id = plan.camera.id;
    const trace: EventRecorderOptions['trace'] = (event, timeline, changedMs) => (this.#recorder.tracing ? eventTraceOf(event, timeline, changedMs) : undefined);
    const open = new OpenEvents();
    const events = new EventRecorder({ journal, blobs, bootId, trace, log });
    return new CameraRuntime({
      plan,
      models: this.#models,
      dispatcherOf: (model) => this.#dispatcherOf(model),
      recorder: this.#recorder,
      clock,
      log,
      outlet: {
        state: (state) => {
          this.#send({ type: 'states', states: [state] });
          this.#live.analysis.state(state);
        },
        mainState: (state) => this.#live.main.state(state),
        events: (changes, picture) => {
          for (const isOpen of open.change(changes)) this.#fleet.event(id, isOpen);
          return events.record(changes, picture);
        },
        tracks: (tracks) => this.#tracks.add(tracks),
        objects: (frame, objects) => {
          this.#live.analysis.overlay(id, frame.ptsUs, frame, objects);
          if (frame.onMain) this.#live.main.overlay(id, frame.onMain.ptsUs, frame, objects);
          const camera = this.#plans.get(id)?.camera;
          // Recorded is the main stream, where there is one.
          const kept = camera && mainUrlOf(camera) !== null ? frame.onMain : { connection: frame.from.connection, ptsUs: frame.ptsUs };
          if (kept && camera?.recording.mode !== 'off') this.#footage.seen.see({ ...frame.from, connection: kept.connection }, kept.ptsUs, frame, objects);
        },
        trial: async (frame, found) => {
          const pipeline = this.#plans.get(id)?.pipeline;
          // A canary is served by the candidate itself: there is nothing to compare.
          if (pipeline?.rollout && !pipeline.rollout.canaryCameraIds.includes(id)) await this.#trials.show(pipeline, frame, found, this.#load.isTight);
        },
      },
    });
  }

  #listener(): ConstructorParameters<typeof IngestFleet>[0]['listener'] {
    return {
      frame: (process, frame) => this.#cameras.get(frame.cameraId)?.offer(process, frame),
      report: (cameraId, stream, report) => {
        if (report.state === 'online') this.#live[stream].stream(cameraId, report.stream, report.codecString);
        if (stream === 'main') this.#cameras.get(cameraId)?.hearMain(report);
        else this.#cameras.get(cameraId)?.hear(report);
      },
      counters: (cameraId, counters) => this.#cameras.get(cameraId)?.beat(counters),
      packet: (cameraId, stream, key, data) => this.#live[stream].packet(cameraId, key, data),
      shown: (cameraId, stream, shown) => this.#live[stream].shown(cameraId, shown),
      childLost: (cameraId, message) => this.#cameras.get(cameraId)?.childLost(message),
      segment: (segment, run, media) => this.#footage.finished(segment, run, media),
      filesLeft: (cameraIds) => this.#footage.repair(cameraIds),
    };
  }

  #dispatcherOf(model: PooledModel): FrameDispatcher<LiveFrame> {
    const known = this.#dispatchers.get(model);
    if (known) return known;
    const made = new FrameDispatcher<LiveFrame>(model.lane, async (cameraId, frame) => this.#cameras.get(cameraId)?.process(frame), this.options.clock);
    this.#dispatchers.set(model, made);
    return made;
  }

  #pokeDetector(id: ModelId): void {
    const model = this.#models.find(id);
    if (model) this.#dispatchers.get(model)?.poke();
  }

  #watch({ cameraIds, main = [] }: Pick<Extract<GatewayToEngine, { type: 'watch' }>, 'cameraIds' | 'main'>): void {
    const changes = [
      this.#live.analysis.watch(cameraIds, (id) => this.#cameras.get(id)?.health.view() ?? null),
      this.#live.main.watch(main, (id) => this.#mainStateOf(id)),
    ];
    for (const id of new Set(changes.flatMap(({ added, removed }) => [...added, ...removed]))) this.#fleet.watch(id, this.#watchedOf(id));
  }

  /** null also before it is opened: it will be, and tells. */
  #mainStateOf(id: CameraId): CameraState | null {
    const health = this.#cameras.get(id)?.mainHealth;
    return health && health.state !== 'disabled' ? health.view() : null;
  }

  #watchedOf(id: CameraId): Record<CameraStream, boolean> {
    return { analysis: this.#live.analysis.isWatched(id), main: this.#live.main.isWatched(id) };
  }

  async #snapshot(request: Extract<GatewayToEngine, { type: 'snapshot' }>): Promise<void> {
    const { cameraId, requestId, maxWidth } = request;
    const jpeg = await this.#fleet.jpeg(cameraId, { frame: null, crop: null, maxWidth, quality: SNAPSHOT_QUALITY });
    this.#send({ type: 'snapshot', requestId, jpegBase64: jpeg && Buffer.from(jpeg).toString('base64') });
  }

  /** null: nothing of this subject runs. */
  async #profile({ requestId, subject, seconds }: Extract<GatewayToEngine, { type: 'profile' }>): Promise<void> {
    const camera = subject.kind === 'camera' ? this.#cameras.get(subject.cameraId)?.plan.camera : undefined;
    const title = subject.kind === 'model' ? this.#models.find(subject.model) && `model "${subject.model}"` : camera?.enabled ? `camera "${camera.name}"` : null;
    this.#send({ type: 'profiled', requestId, trace: title && (await this.#recorder.record(subject, seconds, title)) });
  }

  #sampleAll(): void {
    for (const [id, camera] of this.#cameras) this.#fleet.sample(id, camera.sampling);
  }

  #everySecond(): void {
    for (const [id, camera] of this.#cameras) {
      try {
        camera.tick();
        // Hours of recording begin and end by the clock.
        this.#fleet.record(id, this.#recordOrder(camera));
      } catch (error) {
        this.options.log.error('deadlines of a camera could not be looked at', { cameraId: id, error: messageOf(error) });
      }
    }
    this.#adjustToLoad();
    this.#sendStats();
  }

  #adjustToLoad(): void {
    for (const [id, grant] of this.#load.look(this.#cameras, this.#models, this.#children())) this.#change(id, (camera) => camera.allow(grant));
  }

  #children(): ChildUsage[] {
    const ingest = this.#fleet.processes.map(({ pid, cameras, restarts, beat }): ChildUsage => ({ pid, kind: 'ingest', model: null, cameras, restarts, loopDelayMsP99: beat?.loopDelayMsP99 ?? null, usage: beat?.usage ?? null }));
    const models = this.#models.processes.map(({ pid, model, usage, restarts }): ChildUsage => ({ pid, kind: 'model', model, cameras: 0, restarts, loopDelayMsP99: null, usage }));
    return [...ingest, ...models];
  }

  #sendStats(): void {
    const traces = this.#recorder.takeTraces();
    if (!this.options.link.connected) return;
    if (traces.length > 0) this.#send({ type: 'traces', traces });
    const cameras = [...this.#cameras.values()].map((camera) => camera.counters.view);
    const models = this.#toldModels === this.#registry.revision ? null : this.#registry.summaries;
    this.#toldModels = this.#registry.revision;
    this.#send({ type: 'stats', cameras, compute: { devices: this.#models.devices, runs: this.#models.stats(), load: this.#load.stats, rollouts: this.#trials.stats(this.#pipelines()) }, models });
  }

  #send(message: EngineToGateway): void {
    this.options.link.send(message);
  }
}

function modelsOf(plans: Iterable<CameraPlan>): Set<ModelId> {
  const wanted = new Set<ModelId>();
  for (const { camera, pipeline } of plans) {
    if (!camera.enabled) continue;
    wanted.add(pipeline.detector);
    for (const route of pipeline.routes) wanted.add(route.model);
    if (pipeline.rollout) wanted.add(pipeline.rollout.candidate);
  }
  return wanted;
}
