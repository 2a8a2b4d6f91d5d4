import type { Attribute, Attributes, BoxPixels, ModelId, Route, SizePixels, TrackId, TrackedObject } from '@argus/contracts';
import { boxCoverage, clipBox, growBox } from '@argus/geometry';
import type { Answer } from './answer.js';
import { Ballot } from './ballot.js';

/** One crop that a second-stage model is to look at. Answer it with `vote` or `skip`. */
export interface CropRequest {
  readonly trackId: TrackId;
  readonly label: string;
  readonly attribute: string;
  readonly model: ModelId;
  /** The object with its margin, inside the picture, source pixels. */
  readonly box: BoxPixels;
  /** Media time of the picture, microseconds. */
  readonly ptsUs: number;
}

export interface AttributeVoterOptions {
  /** Shortest time between two looks at one object; default 0.2. It doubles with every look after the first `settleVotes`. */
  readonly lookSeconds?: number;
  /** A request without an answer is given up after this; default 3. */
  readonly answerSeconds?: number;
}

interface Pending {
  readonly ballot: Ballot;
  askedUs: number | null;
  nextUs: number;
  looks: number;
}

const LONGEST_LOOK_SECONDS = 3;
/** An object hidden by more than this is looked at later, unless it has been waiting for long. */
const HIDDEN_SHARE = 0.5;
const PATIENCE_US = 1_500_000;

/**
 * Decides which objects the second stage looks at now, and what its answers mean together. Objects that are settled, too small,
 * predicted or hidden cost nothing; an undecided one is looked at ever more rarely.
 */
export class AttributeVoter {
  readonly #tracks = new Map<TrackId, Map<Route, Pending>>();
  readonly #lookUs: number;
  readonly #answerUs: number;

  constructor(
    private readonly routes: readonly Route[],
    options: AttributeVoterOptions = {},
  ) {
    this.#lookUs = (options.lookSeconds ?? 0.2) * 1e6;
    this.#answerUs = (options.answerSeconds ?? 3) * 1e6;
  }

  /** Crops wanted of this picture, largest objects first, so that a caller short of time can cut the end (and `skip` it). */
  requests(objects: readonly TrackedObject[], frame: SizePixels & { readonly ptsUs: number }): CropRequest[] {
    const wanted: CropRequest[] = [];
    for (const object of objects) {
      if (!object.observed) continue;
      for (const route of this.routes) {
        if (!route.labels.includes(object.label) || object.box.width < route.minWidth || object.box.height < route.minHeight) continue;
        const pending = this.#pendingOf(object.trackId, route, object.firstSeenUs);
        if (!this.#isDue(pending, frame.ptsUs) || (frame.ptsUs < pending.nextUs + PATIENCE_US && isHidden(object, objects))) continue;
        pending.askedUs = frame.ptsUs;
        const box = clipBox(growBox(object.box, route.cropMargin), frame);
        wanted.push({ trackId: object.trackId, label: object.label, attribute: route.attribute, model: route.model, box, ptsUs: frame.ptsUs });
      }
    }
    return wanted.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  }

  /** Counts an answer. Answers for forgotten tracks are ignored: the object left while the model worked. */
  vote(request: CropRequest, answer: Answer, model: Attribute['model']): void {
    const found = this.#find(request);
    if (!found) return;
    const { route, pending } = found;
    pending.ballot.vote(answer, model, request.ptsUs);
    pending.askedUs = null;
    pending.looks = pending.ballot.settled ? 0 : pending.looks + 1;
    const rarer = 2 ** Math.max(0, pending.looks - route.settleVotes);
    pending.nextUs = request.ptsUs + Math.min(this.#lookUs * rarer, LONGEST_LOOK_SECONDS * 1e6);
  }

  /** The crop could not be looked at (no time, frame gone): asked again at the next chance. */
  skip(request: CropRequest): void {
    const found = this.#find(request);
    if (found) found.pending.askedUs = null;
  }

  /** The attributes as they stand; empty before the first vote. */
  attributesOf(trackId: TrackId): Attributes {
    const attributes: Attributes = {};
    for (const [route, { ballot }] of this.#tracks.get(trackId) ?? []) if (ballot.attribute) attributes[route.attribute] = ballot.attribute;
    return attributes;
  }

  /** The same objects with their attributes filled in. */
  decorate(objects: readonly TrackedObject[]): TrackedObject[] {
    return objects.map((object) => ({ ...object, attributes: this.attributesOf(object.trackId) }));
  }

  /** True when every route that was ever due for this track has settled; false before the first. */
  isSettled(trackId: TrackId): boolean {
    const ballots = [...(this.#tracks.get(trackId)?.values() ?? [])];
    return ballots.length > 0 && ballots.every(({ ballot }) => ballot.settled);
  }

  /** Call when a track is finished. */
  forget(trackId: TrackId): void {
    this.#tracks.delete(trackId);
  }

  #isDue(pending: Pending, ptsUs: number): boolean {
    if (pending.askedUs !== null && ptsUs - pending.askedUs < this.#answerUs && ptsUs >= pending.askedUs) return false;
    if (!pending.ballot.settled) return ptsUs >= pending.nextUs;
    const { refreshAtUs } = pending.ballot;
    return refreshAtUs !== null && ptsUs >= refreshAtUs;
  }

  #pendingOf(trackId: TrackId, route: Route, sinceUs: number): Pending {
    const routes = this.#tracks.get(trackId) ?? new Map<Route, Pending>();
    this.#tracks.set(trackId, routes);
    const pending = routes.get(route) ?? { ballot: new Ballot(route), askedUs: null, nextUs: sinceUs, looks: 0 };
    routes.set(route, pending);
    return pending;
  }

  #find(request: CropRequest): { route: Route; pending: Pending } | null {
    for (const [route, pending] of this.#tracks.get(request.trackId) ?? []) {
      if (route.attribute === request.attribute && route.model === request.model) return { route, pending };
    }
    return null;
  }
}

/** Somebody whose feet are lower in the picture stands in front. */
function isHidden(object: TrackedObject, others: readonly TrackedObject[]): boolean {
  const bottom = object.box.y + object.box.height;
  return others.some((other) => other !== object && other.box.y + other.box.height > bottom && boxCoverage(object.box, other.box) > HIDDEN_SHARE);
}
