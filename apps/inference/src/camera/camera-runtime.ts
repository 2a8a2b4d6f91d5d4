import type { CameraId, CameraState, SizePixels, Track, TrackedObject } from '@argus/contracts';
import type { Clock, Logger } from '@argus/kernel';
import { Mailbox, type EventChange } from '@argus/pipeline';
import type { CameraPlan } from '../config/config-diff.js';
import { ModelUnavailableError } from '../errors.js';
import type { PictureSource } from '../events/event-recorder.js';
import type { IngestProcess } from '../ingest/ingest-process.js';
import type { IngestCounters, OfferedFrame, SamplingSettings, SourceReport } from '../ingest/messages.js';
import type { FrameDispatcher } from '../models/frame-dispatcher.js';
import type { ModelPool, PooledModel } from '../models/model-pool.js';
import { pixelTarget } from '../models/pixel-target.js';
import { CameraPipeline, type Analysis, type EndReason } from '../pipeline.js';
import { CameraCounters } from './camera-counters.js';
import { CameraHealth } from './camera-health.js';
import { LiveFrame } from './live-frame.js';

/** Pictures of one camera that are held for crops and JPEGs at once; with more under way the second stage is left out. */
const MAX_HELD = 3;
/** Objects of one picture for the second stage: all of a normal scene, and few while the answers of the last picture are not in. */
const MOST_CROPS = 8;
const MOST_CROPS_BEHIND = 2;

/** Where a camera's results go. */
export interface CameraOutlet {
  state(state: CameraState): void;
  events(changes: readonly EventChange[], picture: PictureSource | null): Promise<void>;
  tracks(tracks: readonly Track[]): void;
  overlay(ptsUs: number, frame: SizePixels, objects: readonly TrackedObject[]): void;
}

export interface CameraRuntimeOptions {
  readonly plan: CameraPlan;
  readonly models: ModelPool;
  readonly dispatcherOf: (model: PooledModel) => FrameDispatcher<LiveFrame>;
  readonly outlet: CameraOutlet;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that belongs to one running camera in this process: mailbox, stages, state, counters. */
export class CameraRuntime {
  readonly health: CameraHealth;
  readonly counters: CameraCounters;
  readonly #id: CameraId;
  readonly #mailbox: Mailbox<LiveFrame>;
  #plan: CameraPlan;
  #detector: PooledModel | null = null;
  #pipeline: CameraPipeline | null = null;
  #held = 0;
  #failures = 0;

  constructor(private readonly options: CameraRuntimeOptions) {
    const { plan, clock, outlet } = options;
    this.#id = plan.camera.id;
    this.#plan = plan;
    this.health = new CameraHealth(this.#id, clock, (state) => outlet.state(state));
    this.counters = new CameraCounters(this.#id, clock);
    this.#mailbox = new Mailbox<LiveFrame>({
      onDrop: (frame, cause) => {
        frame.release();
        this.counters.dropped(cause);
      },
    });
    this.health.restart(plan.camera.enabled);
    this.#useModels();
  }

  get plan(): CameraPlan {
    return this.#plan;
  }

  /** How its source is to be sampled now. */
  get sampling(): SamplingSettings {
    const { camera, pipeline } = this.#plan;
    const manifest = this.#detector?.manifest;
    return { analysisFps: camera.analysisFps ?? pipeline.analysisFps, gate: pipeline.gate, detector: manifest ? { id: manifest.id, input: pixelTarget(manifest.input) } : null, decodeShare: 1 };
  }

  /** Another plan for the same source. */
  configure(plan: CameraPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    const nowMs = this.options.clock.nowMs();
    const sameDetector = before.pipeline.detector === plan.pipeline.detector && before.pipeline.minScore === plan.pipeline.minScore;
    const sameModel = this.options.models.find(plan.pipeline.detector) === this.#detector;
    if (sameDetector && sameModel) return this.#publish(this.#pipeline?.configure(plan, nowMs) ?? []);
    void this.#endAll('rule-changed');
    this.#useModels();
  }

  offer(process: IngestProcess, offered: OfferedFrame): void {
    this.counters.arrived();
    const detector = this.#detector;
    // Scaled for a detector that this camera no longer has: its pixels mean nothing to the new one.
    if (detector?.manifest.id !== offered.detector) {
      process.send({ type: 'free', slot: offered.slot });
      process.send({ type: 'release', cameraId: offered.cameraId, run: offered.run, frame: offered.frame });
      return this.counters.dropped('stopped');
    }
    const frame = new LiveFrame({ offered, process, detector, findModel: (id) => this.options.models.find(id) });
    this.#mailbox.offer(frame, this.options.clock.monotonicMs());
    this.options.dispatcherOf(detector).poke();
  }

  /** One frame through the stages. Never rejects: a failure is a counted drop. */
  async process(frame: LiveFrame): Promise<void> {
    this.#held += 1;
    const analysis = await this.#analyse(frame);
    const waitFor = analysis === null ? [] : [analysis.classified, this.#tell(analysis, frame)];
    void Promise.allSettled(waitFor).then((outcomes) => {
      this.#held -= 1;
      frame.release();
      for (const outcome of outcomes) if (outcome.status === 'rejected') this.#report(outcome.reason);
    });
  }

  /** null: it failed or came too late; counted already. */
  async #analyse(frame: LiveFrame): Promise<Analysis | null> {
    try {
      const analysis = (await this.#pipeline?.analyse(frame, this.#cropBudget())) ?? null;
      this.#mailbox.settle(frame, analysis === null ? 'stopped' : 'analysed');
      if (analysis !== null) this.counters.analysed(frame.wallMs);
      return analysis;
    } catch (error) {
      this.#mailbox.settle(frame, 'failed');
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
    outlet.overlay(frame.ptsUs, frame, objects);
    outlet.tracks(finished);
    await outlet.events(events, frame);
  }

  hear(report: SourceReport): void {
    if (report.state === 'attempt') this.health.attempt();
    else if (report.state === 'online') {
      this.counters.stream = report.stream;
      this.health.online();
    } else if (report.state === 'stalled') this.health.stalled(report.message);
    else if (report.state === 'offline') {
      this.health.offline(report.reason, report.message);
      void this.#endAll('camera-lost');
    }
  }

  beat(counters: IngestCounters): void {
    this.counters.beat(counters);
  }

  childLost(message: string): void {
    this.counters.childLost();
    this.health.offline('decoder-crashed', message);
    void this.#endAll('camera-lost');
  }

  /** Once a second: deadlines do not wait for pictures. */
  tick(): void {
    this.#publish(this.#pipeline?.tick(this.options.clock.nowMs()) ?? []);
  }

  /** Resolves when the ends of its events are on disk. */
  async stop(reason: EndReason): Promise<void> {
    this.#mailbox.close();
    if (this.#detector) this.options.dispatcherOf(this.#detector).leave(this.#id);
    await this.#endAll(reason);
  }

  #useModels(): void {
    const { models, dispatcherOf } = this.options;
    if (this.#detector) dispatcherOf(this.#detector).leave(this.#id);
    this.#detector = models.find(this.#plan.pipeline.detector);
    this.#pipeline = null;
    if (!this.#detector || !this.#plan.camera.enabled) return;
    this.#pipeline = new CameraPipeline(this.#plan, { detector: this.#detector.manifest, pace: 'live' });
    dispatcherOf(this.#detector).join(this.#id, this.#mailbox);
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
