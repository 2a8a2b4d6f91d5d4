import type { Detections, TrackedObject } from '@argus/contracts';
import { assign, boxAt, boxIou } from '@argus/geometry';
import { LiveTrack, type FinishedTrack, type Sighting, type TrackerFrame } from './live-track.js';
import { DEFAULT_TUNING, type TrackerOptions, type TrackerTuning } from './tracker-options.js';

/**
 * Follows the objects of one camera. Two thresholds: strong detections may start a track, weak ones only carry a known
 * track on. All pairings are optimal assignments. Media time only; time that runs backwards ends all tracks.
 */
export class Tracker {
  readonly #options: Required<Omit<TrackerOptions, 'tuning'>>;
  readonly #tuning: TrackerTuning;
  #tracks: LiveTrack[] = [];
  #finished: FinishedTrack[] = [];
  #lastUs: number | null = null;
  #count = 0;

  constructor(options: TrackerOptions) {
    const { newId, highScore = 0.5, lowScore = 0.15, lostSeconds = 3 } = options;
    this.#options = { newId, highScore, lowScore, lostSeconds };
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
  }

  /** The confirmed objects of this picture, those that the detector missed a moment ago with predicted boxes. */
  update(detections: Detections, frame: TrackerFrame): TrackedObject[] {
    this.#advance(frame.ptsUs);
    const sightings = sightingsOf(detections, this.#options.lowScore);
    const strong = sightings.filter((sighting) => sighting.score >= this.#options.highScore);
    const weak = sightings.filter((sighting) => sighting.score < this.#options.highScore);
    const known = this.#tracks.filter((track) => track.identity);
    const tentative = this.#tracks.filter((track) => !track.identity);
    const seen = new Set<LiveTrack>();
    const leftStrong = this.#pair(known, strong, this.#tuning.highLimit, frame, seen);
    const recent = known.filter((track) => !seen.has(track) && track.misses <= 1);
    this.#pair(recent, weak, this.#tuning.lowLimit, frame, seen);
    const leftover = this.#pair(tentative, leftStrong, this.#tuning.tentativeLimit, frame, seen);
    for (const sighting of leftover) this.#start(sighting, frame, seen);
    this.#retire(frame, seen);
    return this.#tracks.filter((track) => this.#isShown(track, frame)).map((track) => track.report(frame));
  }

  /** Tracks that ended since the last call. */
  takeFinished(): FinishedTrack[] {
    return this.#finished.splice(0);
  }

  /** Ends all tracks; includes those that `takeFinished` would have given. */
  finishAll(): FinishedTrack[] {
    for (const track of this.#tracks) if (track.identity) this.#finished.push(track.finish());
    this.#tracks = [];
    return this.takeFinished();
  }

  #advance(ptsUs: number): void {
    if (this.#lastUs !== null && ptsUs < this.#lastUs) this.#finished = this.finishAll();
    const seconds = this.#lastUs === null ? 0 : Math.max(0, ptsUs - this.#lastUs) / 1e6;
    this.#lastUs = ptsUs;
    for (const track of this.#tracks) {
      track.misses += 1;
      track.filter.predict(seconds);
    }
  }

  /** Pairs tracks with sightings; what stays alone of the sightings comes back. */
  #pair(tracks: readonly LiveTrack[], sightings: readonly Sighting[], limit: number, frame: TrackerFrame, seen: Set<LiveTrack>): Sighting[] {
    const cost = new Float64Array(tracks.length * sightings.length);
    tracks.forEach((track, i) => sightings.forEach((sighting, j) => (cost[i * sightings.length + j] = 1 - boxIou(track.filter.box, sighting.box))));
    const taken = new Set<Sighting>();
    assign(cost, tracks.length, sightings.length, limit).forEach((column, row) => {
      const [track, sighting] = [tracks[row], sightings[column]];
      if (!track || !sighting) return;
      track.see(sighting, frame, 1);
      seen.add(track);
      taken.add(sighting);
      if (!track.identity && track.hits >= this.#tuning.confirmHits) this.#confirm(track);
    });
    return sightings.filter((sighting) => !taken.has(sighting));
  }

  #start(sighting: Sighting, frame: TrackerFrame, seen: Set<LiveTrack>): void {
    const track = new LiveTrack(sighting, frame, this.#tuning.motion);
    this.#tracks.push(track);
    seen.add(track);
    if (this.#tuning.confirmHits <= 1) this.#confirm(track);
  }

  #confirm(track: LiveTrack): void {
    this.#count += 1;
    track.identity = { id: this.#options.newId(), number: this.#count };
  }

  #retire(frame: TrackerFrame, seen: ReadonlySet<LiveTrack>): void {
    this.#tracks = this.#tracks.filter((track) => {
      if (seen.has(track)) return true;
      const patience = track.identity ? this.#options.lostSeconds : 0;
      if (track.unseenSeconds(frame.ptsUs) <= patience) return true;
      if (track.identity) this.#finished.push(track.finish());
      return false;
    });
  }

  #isShown(track: LiveTrack, frame: TrackerFrame): boolean {
    return track.identity !== null && (track.observed || track.unseenSeconds(frame.ptsUs) <= this.#tuning.coastSeconds);
  }
}

function sightingsOf(detections: Detections, minScore: number): Sighting[] {
  const sightings: Sighting[] = [];
  for (let row = 0; row < detections.count; row += 1) {
    const score = detections.scores[row] ?? 0;
    const label = detections.labelNames[detections.labels[row] ?? -1];
    if (score >= minScore && label !== undefined) sightings.push({ box: boxAt(detections.boxes, row), score, label });
  }
  return sightings;
}
