import type { Detections, SizePixels, TrackedObject } from '@argus/contracts';
import { boxAt, boxIou, clipBox } from '@argus/geometry';
import { type Pairing, fitCost, pairUp } from './association.js';
import { LiveTrack, type FinishedTrack, type Sighting, type TrackerFrame } from './live-track.js';
import { DEFAULT_TUNING, type TrackerOptions, type TrackerTuning } from './tracker-options.js';

/** Objects that stood still are remembered for as long as they stood, at most this long: a parked car is one object for hours. */
const LONGEST_MEMORY_SECONDS = 600;
/** And reported for this long at most while nobody sees them: it may have driven off behind a lorry. */
const LONGEST_SHOWN_SECONDS = 120;
/** Less of a predicted box than this inside the picture: the object has left. */
const INSIDE_SHARE = 0.4;

/** Cameras stamp with jitter. */
const CLOCK_SLACK_US = 20_000;

/**
 * Follows the objects of one camera. Two thresholds: strong detections may start a track, weak ones only carry a known
 * track on. All pairings are optimal assignments. Media time only; time that runs backwards ends all tracks.
 */
export class Tracker {
  #options: Required<Omit<TrackerOptions, 'tuning'>>;
  readonly #tuning: TrackerTuning;
  #tracks: LiveTrack[] = [];
  #finished: FinishedTrack[] = [];
  #lastUs: number | null = null;
  #size: SizePixels | null = null;
  #count = 0;

  constructor(options: TrackerOptions) {
    const { newId, highScore = 0.5, lowScore = 0.2, lostSeconds = 1 } = options;
    this.#options = { newId, highScore, lowScore, lostSeconds };
    this.#tuning = { ...DEFAULT_TUNING, ...options.tuning };
  }

  /** Another detector, whose scores mean something else; tracks go on. */
  useThresholds({ highScore, lowScore }: Pick<Required<TrackerOptions>, 'highScore' | 'lowScore'>): void {
    this.#options = { ...this.#options, highScore, lowScore };
  }

  /** The confirmed objects of this picture, those that the detector missed a moment ago with predicted boxes. */
  update(detections: Detections, frame: TrackerFrame): TrackedObject[] {
    this.#fit(frame);
    this.#advance(frame.ptsUs);
    const sightings = sightingsOf(detections, this.#options.lowScore);
    const strong = sightings.filter((sighting) => sighting.score >= this.#options.highScore);
    const weak = sightings.filter((sighting) => sighting.score < this.#options.highScore);
    this.#associate(strong, weak, frame);
    this.#retire(frame);
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

  /** A camera may change the size of its pictures while it runs: it still looks at the same scene. */
  #fit({ width, height }: SizePixels): void {
    const before = this.#size;
    if (before?.width === width && before.height === height) return;
    this.#size = { width, height };
    if (before) for (const track of this.#tracks) track.rescale({ x: width / before.width, y: height / before.height });
  }

  #advance(ptsUs: number): void {
    if (this.#lastUs !== null && ptsUs < this.#lastUs) this.#finished = this.finishAll();
    const seconds = this.#lastUs === null ? 0 : Math.max(0, ptsUs - this.#lastUs) / 1e6;
    this.#lastUs = ptsUs;
    for (const track of this.#tracks) track.predict(seconds);
  }

  /** Known objects choose first, strong detections before weak ones, then candidates; what is left may be new. */
  #associate(strong: readonly Sighting[], weak: readonly Sighting[], frame: TrackerFrame): void {
    const tuning = this.#tuning;
    const fit = (track: LiveTrack, sighting: Sighting) => fitCost(track, sighting, tuning);
    const known = this.#tracks.filter((track) => track.identity);
    const clear = this.#take(pairUp(known, strong, tuning.highLimit, fit), frame);
    const trusted = clear.leftTracks.filter((track) => frame.ptsUs - track.lastStrongUs <= tuning.faithSeconds * 1e6);
    const recent = trusted.filter((track) => track.misses <= 1 || track.unseenSeconds(frame.ptsUs) <= tuning.weakSeconds);
    const faint = this.#take(pairUp(recent, weak, tuning.lowLimit, fit), frame);
    const late = faint.leftTracks.concat(trusted.filter((track) => !recent.includes(track)));
    this.#take(pairUp(late, faint.leftSightings, tuning.lateLimit, fit), frame);
    const candidates = this.#tracks.filter((track) => !track.identity);
    const news = this.#take(pairUp(candidates, clear.leftSightings, tuning.tentativeLimit, fit), frame);
    for (const sighting of news.leftSightings) if (!this.#isDuplicate(sighting)) this.#start(sighting, frame);
  }

  #take(pairing: Pairing, frame: TrackerFrame): Pairing {
    for (const [track, sighting] of pairing.pairs) {
      track.see(sighting, frame, 1 / (1 + this.#tuning.doubt * (1 - sighting.score)), this.#tuning.rawShare, sighting.score >= this.#options.highScore);
      if (!track.identity && frame.ptsUs - track.firstSeenUs >= this.#tuning.confirmSeconds * 1e6 - CLOCK_SLACK_US) this.#confirm(track);
    }
    return pairing;
  }

  #isDuplicate(sighting: Sighting): boolean {
    return this.#tracks.some((track) => track.observed && track.identity && boxIou(track.lastBox, sighting.box) > this.#tuning.duplicateIou);
  }

  #start(sighting: Sighting, frame: TrackerFrame): void {
    this.#tracks.push(new LiveTrack(sighting, frame, this.#tuning.motion));
  }

  #confirm(track: LiveTrack): void {
    this.#count += 1;
    track.identity = { id: this.#options.newId(), number: this.#count };
  }

  #retire(frame: TrackerFrame): void {
    this.#tracks = this.#tracks.filter((track) => {
      if (track.observed || track.unseenSeconds(frame.ptsUs) <= this.#patienceOf(track)) return true;
      // A confirmed object gets a second look however far apart the looks are.
      if (track.identity && track.misses < 2) return true;
      if (track.identity) this.#finished.push(track.finish());
      return false;
    });
  }

  #patienceOf(track: LiveTrack): number {
    if (!track.identity) return this.#tuning.tentativeSeconds;
    return Math.max(this.#options.lostSeconds, Math.min(LONGEST_MEMORY_SECONDS, track.stationarySeconds(track.lastSeenUs)));
  }

  #isShown(track: LiveTrack, frame: TrackerFrame): boolean {
    if (!track.identity || track.observed) return track.identity !== null;
    const inside = clipBox(track.expected, frame);
    if (inside.width * inside.height < INSIDE_SHARE * track.expected.width * track.expected.height) return false;
    const { coastSeconds, stillShare } = this.#tuning;
    const stood = Math.min(LONGEST_SHOWN_SECONDS, stillShare * track.stationarySeconds(track.lastSeenUs));
    return track.unseenSeconds(frame.ptsUs) <= Math.max(coastSeconds, stood) + CLOCK_SLACK_US / 1e6;
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
