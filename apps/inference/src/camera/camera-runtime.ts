import type { CameraId, CameraState, Detections, DropCause, ModelId, PipelineSettings, Track, TrackedObject } from '@argus/contracts';
import { isTimeZone, machineMs, type Clock, type Logger } from '@argus/kernel';
import { isScheduleOpen, type EventChange } from '@argus/pipeline';
import { mainUrlOf, sourceUrlOf, type CameraPlan } from '../config/config-diff.js';
import { ModelUnavailableError } from '../errors.js';
import type { PictureSource } from '../events/event-recorder.js';
import type { IngestProcess } from '../ingest/ingest-process.js';
import type { IngestCounters, OfferedFrame, SamplingSettings, SourceReport } from '../ingest/messages.js';
import type { FrameDispatcher } from '../models/frame-dispatcher.js';
import type { ModelPool, PooledModel } from '../models/model-pool.js';
import { pixelTarget } from '../models/pixel-target.js';
import { tilesOf } from '../models/tiles-of.js';
import type { FrameRecorder } from '../profile/frame-recorder.js';
import type { FrameTimeline } from '../profile/frame-timeline.js';
import { CameraPipeline, type Analysis, type EndReason } from '../pipeline.js';
import { BurstWatch } from './burst-watch.js';
import { CameraCounters } from './camera-counters.js';
import { CameraHealth } from './camera-health.js';
import { DetectorSeats, type WaitingRoom } from './detector-seats.js';
import { LiveFrame } from './live-frame.js';

/** Pictures of one camera that are held for crops and JPEGs at once; with more under way the second stage is left out. */
const MAX_HELD = 3;
/** Objects of one picture for the second stage: all of a normal scene, and few while the answers of the last picture are not in. */
const MOST_CROPS = 8;
const MOST_CROPS_BEHIND = 2;

/** Where a camera's results go. */
export interface CameraOutlet {
  state(state: CameraState): void;
  /** Of the main stream beside the analysed one. */
  mainState(state: CameraState): void;
  events(changes: readonly EventChange[], picture: PictureSource | null): Promise<void>;
  tracks(tracks: readonly Track[]): void;
  /** What was seen in an analysed picture. */
  objects(frame: LiveFrame, objects: readonly TrackedObject[]): void;
  /** Shows an analysed picture to a detector on trial, where there is one; settles when that is done with it. */
  trial(frame: LiveFrame, found: Detections): Promise<void>;
}

/** What the machine can bear of one camera now. */
export interface Grant {
  readonly fps: number;
  readonly decodeShare: number;
}

export interface CameraRuntimeOptions {
  readonly plan: CameraPlan;
  readonly models: ModelPool;
  readonly dispatcherOf: (model: PooledModel) => FrameDispatcher<LiveFrame>;
  readonly outlet: CameraOutlet;
  readonly recorder: FrameRecorder;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that belongs to one running camera in this process: its place at the detector, stages, state, counters. */
export class CameraRuntime {
  readonly health: CameraHealth;
  /** Of the main stream beside the analysed one; `disabled` while nobody wants it. */
  readonly mainHealth: CameraHealth;
  readonly counters: CameraCounters;
  readonly #id: CameraId;
  readonly #seats: DetectorSeats<LiveFrame>;
  readonly #bursts = new BurstWatch();
  #plan: CameraPlan;
  #grant: Grant = { fps: Infinity, decodeShare: 1 };
  #pipeline: CameraPipeline | null = null;
  #held = 0;
  #failures = 0;

  constructor(private readonly options: CameraRuntimeOptions) {
    const { plan, clock, outlet, dispatcherOf } = options;
    this.#id = plan.camera.id;
    this.#plan = plan;
    this.health = new CameraHealth(this.#id, clock, (state) => outlet.state(state));
    this.mainHealth = new CameraHealth(this.#id, clock, (state) => this.#tellMain(state));
    this.counters = new CameraCounters(this.#id, clock, mainUrlOf(plan.camera) !== null);
    this.#seats = new DetectorSeats<LiveFrame>({
      cameraId: this.#id,
      dispatcherOf,
      onDrop: (frame, cause) => {
        frame.release();
        this.counters.dropped(cause);
        if (frame.timeline) this.#finish(frame.timeline, cause);
      },
      onTurn: (model) => this.#turnTo(model),
    });
    this.health.restart(plan.camera.enabled);
    this.mainHealth.restart(false);
    this.counters.records = plan.camera.recording.mode !== 'off';
    this.useModels();
  }

  get plan(): CameraPlan {
    return this.#plan;
  }

  /** Analysed pictures a second that it would like, by its settings. */
  get wishedFps(): number {
    return this.#plan.camera.analysisFps ?? this.#plan.pipeline.analysisFps;
  }

  /** The detector for which its frames are scaled now; null: it has none. */
  get detector(): ModelId | null {
    return this.#plan.camera.enabled ? (this.#seats.newest?.manifest.id ?? null) : null;
  }

  /** Whether what comes is to be kept now. */
  get isToRecord(): boolean {
    const { enabled, recording, timeZone } = this.#plan.camera;
    if (!enabled || recording.mode === 'off') return false;
    // As for the hours of rules.
    const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
    return recording.schedule === null || isScheduleOpen(recording.schedule, this.options.clock.nowMs(), zone);
  }

  /** Runs of the detector that one picture takes. */
  get cost(): number {
    return this.#costAt(this.#seats.newest);
  }

  /** How its source is to be sampled now. */
  get sampling(): SamplingSettings {
    const manifest = this.#seats.newest?.manifest;
    const analysisFps = Math.min(this.wishedFps, this.#grant.fps);
    return { analysisFps, gate: this.#plan.pipeline.gate, detector: manifest ? { id: manifest.id, input: pixelTarget(manifest.input) } : null, decodeShare: this.#grant.decodeShare, waitForRoom: this.#plan.pipeline.flow.policy === 'every-frame' && isFile(this.#plan.camera), timed: this.options.recorder.timesIngest(this.#id) };
  }

  /** Another plan for the same source. */
  configure(plan: CameraPlan): void {
    this.#plan = plan;
    this.counters.records = plan.camera.recording.mode !== 'off';
    this.useModels();
    this.#publish(this.#pipeline?.configure(plan, this.options.clock.nowMs()) ?? []);
  }

  /** The engine's word on what it may take of the machine. */
  allow(grant: Grant): void {
    this.#grant = grant;
    this.counters.targetFps = Math.min(this.wishedFps, grant.fps);
  }

  /** Looks again which detector it is to use: its plan, or what models are ready, has changed. One that works is kept until the next one is ready. */
  useModels(): void {
    const { camera, pipeline } = this.#plan;
    const wanted = camera.enabled ? this.options.models.find(detectorOf(pipeline, this.#id)) : null;
    const current = this.#seats.newest;
    const keep = current !== null && camera.enabled && current.lane.ready && !wanted?.lane.ready && this.options.models.find(current.manifest.id) === current;
    const model = keep ? current : wanted;
    this.counters.targetFps = Math.min(this.wishedFps, this.#grant.fps);
    this.#seats.use(model, waitingRoomOf(this.#plan), { weight: camera.weight, priority: camera.priority, cost: this.#costAt(model) });
  }

  offer(process: IngestProcess, offered: OfferedFrame): void {
    this.counters.arrived();
    const { clock, models, recorder } = this.options;
    const detector = this.#seats.find(offered.detector);
    // Scaled for a detector where this camera has no place any more: its pixels mean nothing to another one.
    if (!detector) {
      process.free(offered.slot);
      process.release(offered);
      return this.counters.dropped('stopped');
    }
    // Two processes, one wall clock: the frame's age is what can be compared.
    const sinceMs = clock.monotonicMs() - Math.max(0, clock.nowMs() - offered.arrivedMs);
    const deadlineMs = sinceMs + waitingRoomOf(this.#plan).staleMs;
    const frame = new LiveFrame({ offered, process, detector, findModel: (id) => models.find(id), tiling: this.#plan.pipeline.tiling, deadlineMs, clock, timeline: recorder.begin(offered, offered.spans) });
    this.#seats.offer(detector, frame, sinceMs, this.#bursts.holds(offered));
  }

  /** One frame through the stages. Never rejects: a failure is a counted drop. */
  async process(frame: LiveFrame): Promise<void> {
    this.#held += 1;
    const analysis = await this.#analyse(frame);
    const waitFor = analysis === null ? [] : [analysis.classified, this.#tell(analysis, frame), this.options.outlet.trial(frame, analysis.detections)];
    void Promise.allSettled(waitFor).then((outcomes) => {
      this.#held -= 1;
      frame.release();
      if (analysis !== null && frame.timeline) this.#finish(frame.timeline, null);
      for (const outcome of outcomes) if (outcome.status === 'rejected') this.#report(outcome.reason);
    });
  }

  /** null: it failed or came too late; counted already. */
  async #analyse(frame: LiveFrame): Promise<Analysis | null> {
    try {
      const analysis = (await this.#pipeline?.analyse(frame, this.#cropBudget())) ?? null;
      if (analysis !== null) frame.timeline?.spanSinceLast('track');
      this.#seats.settle(frame, analysis !== null ? 'analysed' : frame.late ? 'late' : 'stopped');
      if (analysis !== null) this.counters.analysed(frame.wallMs);
      return analysis;
    } catch (error) {
      this.#seats.settle(frame, 'failed');
      // The lane has reported its own trouble already.
      if (!(error instanceof ModelUnavailableError)) this.#report(error);
      return null;
    }
  }

  /** This picture is one of the held ones already. */
  #cropBudget(): number {
    if (this.#held > MAX_HELD) return 0;
    return this.#held > 1 ? MOST_CROPS_BEHIND : MOST_CROPS;
  }

  async #tell({ objects, finished, events }: Analysis, frame: LiveFrame): Promise<void> {
    const { outlet } = this.options;
    const toldMs = frame.timeline ? machineMs() : 0;
    outlet.objects(frame, objects);
    outlet.tracks(finished);
    await outlet.events(events, frame);
    frame.timeline?.span('publish', toldMs, machineMs());
  }

  #finish(timeline: FrameTimeline, cause: DropCause | null): void {
    if (cause !== null) timeline.drop(cause);
    this.options.recorder.finish(timeline);
  }

  hear(report: SourceReport): void {
    if (report.state === 'attempt') this.health.attempt();
    else if (report.state === 'online') {
      this.counters.stream = report.stream;
      this.health.online();
      // What a picture in tiles costs follows from its size.
      this.useModels();
    } else if (report.state === 'stalled') this.health.stalled(report.message);
    else if (report.state === 'offline') {
      this.health.offline(report.reason, report.message);
      void this.#endAll('camera-lost');
    }
  }

  hearMain(report: SourceReport): void {
    const { mainHealth } = this;
    if (report.state === 'closed') mainHealth.restart(false);
    else if (report.state === 'attempt') {
      if (mainHealth.state === 'disabled') mainHealth.restart(true);
      mainHealth.attempt();
    } else if (report.state === 'online') {
      this.counters.main.stream = report.stream;
      mainHealth.online();
    } else if (report.state === 'stalled') mainHealth.stalled(report.message);
    else if (report.state === 'offline') mainHealth.offline(report.reason, report.message);
  }

  beat(counters: IngestCounters): void {
    this.counters.beat(counters);
  }

  childLost(message: string): void {
    this.counters.childLost();
    this.health.offline('decoder-crashed', message);
    this.mainHealth.offline('decoder-crashed', message);
    void this.#endAll('camera-lost');
  }

  /** Once a second: deadlines do not wait for pictures. */
  tick(): void {
    this.#publish(this.#pipeline?.tick(this.options.clock.nowMs()) ?? []);
  }

  /** Resolves when the ends of its events are on disk. */
  async stop(reason: EndReason): Promise<void> {
    this.#seats.leave();
    await this.#endAll(reason);
  }

  #tellMain(state: CameraState): void {
    this.counters.main.state = state.state === 'disabled' ? 'closed' : state.state;
    this.counters.main.problem = state.state === 'offline' || state.state === 'stalled' ? state.lastError : null;
    this.options.outlet.mainState(state);
  }

  #costAt(model: PooledModel | null): number {
    const { tiling } = this.#plan.pipeline;
    const { stream } = this.counters;
    if (tiling && model && stream) return tilesOf(tiling, stream, model.manifest).length;
    // Before the size of its pictures is known: no more than this.
    return tiling ? tiling.columns * tiling.rows + 1 : 1;
  }

  #turnTo(model: PooledModel): void {
    if (this.#pipeline) return this.#publish(this.#pipeline.useDetector(model.manifest, this.options.clock.nowMs()));
    this.#pipeline = new CameraPipeline(this.#plan, { detector: model.manifest, pace: 'live' });
  }

  async #endAll(reason: EndReason): Promise<void> {
    const ended = this.#pipeline?.end(reason, this.options.clock.nowMs());
    if (!ended) return;
    this.options.outlet.tracks(ended.finished);
    await this.options.outlet.events(ended.events, null);
  }

  #publish(changes: readonly EventChange[]): void {
    if (changes.length > 0) void this.options.outlet.events(changes, null);
  }

  /** Once for the first failure and then every hundredth: a broken model fails at every picture. */
  #report(error: unknown): void {
    this.#failures += 1;
    if (this.#failures % 100 === 1) this.options.log.error('a picture could not be analysed', { cameraId: this.#id, failures: this.#failures, error });
  }
}

/** The detector that a camera is to be served by: the candidate where it is a canary, else the pipeline's. */
const detectorOf = ({ detector, rollout }: Pick<PipelineSettings, 'detector' | 'rollout'>, cameraId: CameraId): ModelId => (rollout?.canaryCameraIds.includes(cameraId) ? rollout.candidate : detector);

const isFile = (camera: CameraPlan['camera']): boolean => sourceUrlOf(camera).startsWith('file:');

/** A reader that waits for room never has more under way than fit; whatever its age, no picture of a file is left out. */
const EVERY_FRAME_ROOM: WaitingRoom = { depth: 64, staleMs: Infinity };

/** A live camera does not wait for its reader: there `every-frame` can be no more than frames in order. */
function waitingRoomOf({ camera, pipeline: { flow } }: CameraPlan): WaitingRoom {
  if (flow.policy === 'every-frame' && isFile(camera)) return EVERY_FRAME_ROOM;
  return { depth: flow.policy === 'freshest' ? 1 : flow.depth, staleMs: flow.stalenessMs };
}
