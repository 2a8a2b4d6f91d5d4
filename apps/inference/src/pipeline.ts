import type { Attribute, Detections, Event, EventId, ModelManifest, SizePixels, Track, TrackId, TrackedObject } from '@argus/contracts';
import { isoTime, newId } from '@argus/kernel';
import type { Classification } from '@argus/models';
import { AttributeVoter, DetectionFilter, RuleEngine, thresholdsOf, Tracker, type CropRequest, type EventChange, type FinishedTrack, type TrackerThresholds } from '@argus/pipeline';
import type { CameraPlan } from './config/config-diff.js';

/** A picture on its way through the stages. Its pixels stay where they were decoded; live and offline differ only in where that is. */
export interface FrameInHand extends SizePixels {
  /** Media time and wall time of the picture. */
  readonly ptsUs: number;
  readonly wallMs: number;
  /** It took so long that nobody wants its result any more. */
  readonly late: boolean;
  /** Runs the detector on it. */
  detect(minScore: number): Promise<Detections>;
  /** Runs a second-stage model on a part of it; null when that is not possible (any more). */
  classify(request: CropRequest): Promise<SecondOpinion | null>;
}

export interface SecondOpinion {
  readonly classification: Classification;
  readonly model: Attribute['model'];
}

/** Why everything that is open on a camera is over. */
export type EndReason = Extract<Event['endReason'], 'camera-lost' | 'rule-changed' | 'engine-restarted'>;

/** What one picture led to. */
export interface Analysis {
  /** As the detector gave them. */
  readonly detections: Detections;
  readonly objects: readonly TrackedObject[];
  readonly events: readonly EventChange[];
  readonly finished: readonly Track[];
  /** Settles when the second stage is done with this picture. */
  readonly classified: Promise<void>;
}

export interface CameraPipelineOptions {
  readonly detector: ModelManifest;
  /**
   * live: the second stage's answers count from the next picture on, nobody waits for them.
   * offline: they are waited for, so that two runs give the same bytes.
   */
  readonly pace: 'live' | 'offline';
  readonly newTrackId?: () => TrackId;
}

/** Without a picture for so long the wall clock takes over. More than a crowded machine's latency, or time would count twice. */
const SILENT_MS = 2500;

/** The product for one camera, top to bottom: frame -> detect -> track -> classify -> events. */
export class CameraPipeline {
  #plan: CameraPlan;
  #filter: DetectionFilter;
  #voter: AttributeVoter;
  #detector: ModelManifest;
  #thresholds: TrackerThresholds;
  readonly #tracker: Tracker;
  readonly #rules: RuleEngine;
  /** Grows with every `end`. */
  #life = 0;
  /** Ties media time to wall time: the last picture's. */
  #last: { readonly ptsUs: number; readonly wallMs: number; readonly width: number; readonly height: number } | null = null;

  constructor(
    plan: CameraPlan,
    private readonly options: CameraPipelineOptions,
  ) {
    this.#plan = plan;
    this.#detector = options.detector;
    this.#thresholds = thresholdsOf(plan.pipeline, this.#detector);
    this.#filter = this.#makeFilter();
    this.#tracker = new Tracker({ newId: options.newTrackId ?? newId<TrackId>, ...this.#thresholds });
    this.#voter = new AttributeVoter(plan.pipeline.routes);
    this.#rules = new RuleEngine({ camera: plan.camera, rules: plan.rules, newId: newId<EventId>, detector: versionOf(options.detector), routes: plan.pipeline.routes });
  }

  /** `mostCrops`: so many objects are shown to the second stage at most, the largest first. null: `end` came first and the picture belongs to what is over, or it is late. */
  async analyse(frame: FrameInHand, mostCrops = Infinity): Promise<Analysis | null> {
    const life = this.#life;
    const found = await frame.detect(this.#thresholds.lowScore);
    if (life !== this.#life || frame.late) return null;
    const detections = this.#filter.apply(found);
    const tracked = this.#tracker.update(detections, frame);
    const classified = mostCrops > 0 ? this.#classify(frame, tracked, mostCrops) : Promise.resolve();
    if (this.options.pace === 'offline') await classified;
    const objects = this.#voter.decorate(tracked);
    const events = this.#rules.update({ ptsUs: frame.ptsUs, wallMs: frame.wallMs, width: frame.width, height: frame.height, objects });
    this.#last = { ptsUs: frame.ptsUs, wallMs: frame.wallMs, width: frame.width, height: frame.height };
    return { detections: found, objects, events, finished: this.#finish(this.#tracker.takeFinished()), classified };
  }

  /** Deadlines that have passed although no picture came for a while (a still scene, a stalled camera). */
  tick(wallMs: number): readonly EventChange[] {
    const last = this.#last;
    if (!last || wallMs - last.wallMs < SILENT_MS) return [];
    // Media time goes on as the wall clock does.
    return this.#rules.tick({ ...last, wallMs, ptsUs: last.ptsUs + (wallMs - last.wallMs) * 1000 });
  }

  /** Zones, labels, rules and routes; needs no new source and keeps tracks. */
  configure(plan: CameraPlan, wallMs: number): readonly EventChange[] {
    const before = this.#plan;
    this.#plan = plan;
    this.#useThresholds();
    this.#filter = this.#makeFilter();
    if (JSON.stringify(before.pipeline.routes) !== JSON.stringify(plan.pipeline.routes)) this.#voter = new AttributeVoter(plan.pipeline.routes);
    return this.#rules.configure(plan.camera, plan.rules, { wallMs, routes: plan.pipeline.routes });
  }

  /** Pictures from now on come from another detector. Tracks and events go on; what begins now is stamped with it. */
  useDetector(detector: ModelManifest, wallMs: number): readonly EventChange[] {
    this.#detector = detector;
    this.#useThresholds();
    this.#filter = this.#makeFilter();
    return this.#rules.configure(this.#plan.camera, this.#plan.rules, { wallMs, detector: versionOf(detector) });
  }

  /** The source is gone: every track and every open event is over. */
  end(reason: EndReason, wallMs: number): { readonly events: readonly EventChange[]; readonly finished: readonly Track[] } {
    this.#life += 1;
    const events = this.#rules.end(reason, wallMs);
    return { events, finished: this.#finish(this.#tracker.finishAll()) };
  }

  async #classify(frame: FrameInHand, tracked: readonly TrackedObject[], mostCrops: number): Promise<void> {
    const voter = this.#voter;
    const requests = voter.requests(tracked, frame);
    for (const request of requests.slice(mostCrops)) voter.skip(request);
    await Promise.all(
      requests.slice(0, mostCrops).map(async (request) => {
        const opinion = await frame.classify(request);
        if (opinion) voter.vote(request, opinion.classification, opinion.model);
        else voter.skip(request);
      }),
    );
  }

  #finish(tracks: readonly FinishedTrack[]): Track[] {
    const { ptsUs: lastUs, wallMs } = this.#last ?? { ptsUs: 0, wallMs: 0 };
    const wallOf = (ptsUs: number): string => isoTime(wallMs - (lastUs - ptsUs) / 1000);
    const detector = versionOf(this.#detector);
    return tracks.map(({ trackId, label, score, firstSeenUs, lastSeenUs, path }) => {
      const attributes = this.#voter.attributesOf(trackId);
      this.#voter.forget(trackId);
      return { id: trackId, cameraId: this.#plan.camera.id, label, score, startedAt: wallOf(firstSeenUs), endedAt: wallOf(lastSeenUs), attributes, path, detector };
    });
  }

  #useThresholds(): void {
    this.#thresholds = thresholdsOf(this.#plan.pipeline, this.#detector);
    this.#tracker.useThresholds(this.#thresholds);
  }

  #makeFilter(): DetectionFilter {
    return new DetectionFilter({ labels: this.#plan.camera.labels, minScore: this.#thresholds.lowScore });
  }
}

const versionOf = ({ id, version }: ModelManifest): Pick<ModelManifest, 'id' | 'version'> => ({ id, version });
