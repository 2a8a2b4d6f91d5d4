import type { BoxPixels, PathPoint, SizePixels, TrackId, TrackedObject } from '@argus/contracts';
import { Trail, anchorOf } from '@argus/geometry';
import { BoxFilter, type MotionModel, type Scale } from './box-filter.js';
import { Stillness } from './stillness.js';

/** One detection as the tracker sees it. */
export interface Sighting {
  readonly box: BoxPixels;
  readonly score: number;
  readonly label: string;
}

/** Picture and moment of an update. */
export interface TrackerFrame extends SizePixels {
  /** Media time, microseconds. */
  readonly ptsUs: number;
}

/** A track that is over. */
export interface FinishedTrack {
  readonly trackId: TrackId;
  readonly number: number;
  readonly label: string;
  /** Best score over the track's life. */
  readonly score: number;
  /** Media time of the first and the last sighting, microseconds. */
  readonly firstSeenUs: number;
  readonly lastSeenUs: number;
  readonly path: PathPoint[];
}

/** Scores of the past fade by this share per sighting when the label is voted. */
const LABEL_MEMORY = 0.95;

/** State of one object between pictures. */
export class LiveTrack {
  readonly filter: BoxFilter;
  readonly firstSeenUs: number;
  lastSeenUs: number;
  /** Last sighting that would have started a track. */
  lastStrongUs: number;
  /** Box of the last sighting. */
  lastBox: BoxPixels;
  /** Where the object should be now. */
  expected: BoxPixels;
  hits = 1;
  /** Updates without a sighting since the last one. */
  misses = 0;
  score: number;
  bestScore: number;
  identity: { readonly id: TrackId; readonly number: number } | null = null;
  readonly #stillness: Stillness;
  readonly #path = new Trail<PathPoint>();
  readonly #labels = new Map<string, number>();
  #label: string;

  constructor(sighting: Sighting, frame: TrackerFrame, motion: MotionModel) {
    this.filter = new BoxFilter(sighting.box, motion);
    this.firstSeenUs = this.lastSeenUs = this.lastStrongUs = frame.ptsUs;
    this.lastBox = this.expected = sighting.box;
    this.score = this.bestScore = sighting.score;
    this.#label = sighting.label;
    this.#stillness = new Stillness(sighting.box, frame.ptsUs);
    this.#remember(sighting, frame);
  }

  get label(): string {
    return this.#label;
  }

  get observed(): boolean {
    return this.misses === 0;
  }

  /** Moves on in time. Who stood still is expected where it stood, however long it is not seen: a trace of speed would carry it away. */
  predict(seconds: number): void {
    if (this.misses > 0 && this.stationarySeconds(this.lastSeenUs) > 0) this.filter.stop();
    this.misses += 1;
    this.filter.predict(seconds);
    this.expected = this.filter.box;
  }

  /** @param trust 0..1, weak sightings move the filter less @param rawShare of the sighting in the reported box */
  see(sighting: Sighting, frame: TrackerFrame, trust: number, rawShare: number, strong: boolean): void {
    this.filter.correct(sighting.box, trust);
    this.expected = blend(this.filter.box, sighting.box, rawShare);
    this.lastBox = sighting.box;
    this.#stillness.observe(sighting.box, frame.ptsUs);
    this.lastSeenUs = frame.ptsUs;
    if (strong) this.lastStrongUs = frame.ptsUs;
    this.hits += 1;
    this.misses = 0;
    this.score = sighting.score;
    this.bestScore = Math.max(this.bestScore, sighting.score);
    this.#remember(sighting, frame);
  }

  /** The camera goes on in another size: what was measured in its old pixels is turned into new ones. */
  rescale(scale: Scale): void {
    this.filter.rescale(scale);
    this.#stillness.rescale(scale);
    this.lastBox = scaled(this.lastBox, scale);
    this.expected = scaled(this.expected, scale);
  }

  /** Seconds since the last sighting. */
  unseenSeconds(ptsUs: number): number {
    return (ptsUs - this.lastSeenUs) / 1e6;
  }

  stationarySeconds(ptsUs: number): number {
    return this.#stillness.seconds(ptsUs);
  }

  /** @throws RangeError before the track is confirmed. */
  report(frame: TrackerFrame): TrackedObject {
    return {
      ...this.#confirmed(),
      label: this.#label,
      score: this.score,
      box: this.expected,
      firstSeenUs: this.firstSeenUs,
      observed: this.observed,
      stationarySeconds: this.stationarySeconds(frame.ptsUs),
      attributes: {},
    };
  }

  finish(): FinishedTrack {
    const { firstSeenUs, lastSeenUs } = this;
    return { ...this.#confirmed(), label: this.#label, score: this.bestScore, firstSeenUs, lastSeenUs, path: this.#path.points() };
  }

  #confirmed(): { trackId: TrackId; number: number } {
    if (!this.identity) throw new RangeError('LiveTrack: expected a confirmed track');
    return { trackId: this.identity.id, number: this.identity.number };
  }

  #remember(sighting: Sighting, frame: TrackerFrame): void {
    this.#path.add({ ...anchorOf(sighting.box, frame), ptsUs: frame.ptsUs });
    for (const [label, weight] of this.#labels) this.#labels.set(label, weight * LABEL_MEMORY);
    this.#labels.set(sighting.label, (this.#labels.get(sighting.label) ?? 0) + sighting.score);
    for (const [label, weight] of this.#labels) if (weight > (this.#labels.get(this.#label) ?? 0)) this.#label = label;
  }
}

function blend(a: BoxPixels, b: BoxPixels, share: number): BoxPixels {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), width: mix(a.width, b.width), height: mix(a.height, b.height) };
}

const scaled = ({ x, y, width, height }: BoxPixels, scale: Scale): BoxPixels => ({ x: x * scale.x, y: y * scale.y, width: width * scale.x, height: height * scale.y });
