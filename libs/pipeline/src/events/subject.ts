import type { PathPoint, PointNormalized, SizePixels, TrackedObject } from '@argus/contracts';
import { Trail, anchorOf } from '@argus/geometry';
import type { Moment } from './open-event.js';

/** What the engine remembers of one track for all rules. */
export class Subject {
  readonly #trail = new Trail<PathPoint>();
  readonly #first: PointNormalized;
  object: TrackedObject;
  anchor: PointNormalized;
  bestScore = 0;
  /** Farthest from where it was first seen, in widths of its box. */
  travelled = 0;
  /** When it was last in an update. */
  last: Moment;
  /** Updates in a row without it. */
  absences = 0;

  constructor(object: TrackedObject, frame: SizePixels, at: Moment) {
    this.object = object;
    this.anchor = this.#first = anchorOf(object.box, frame);
    this.last = at;
    this.see(object, frame, at);
  }

  see(object: TrackedObject, frame: SizePixels, at: Moment): void {
    this.object = object;
    this.anchor = anchorOf(object.box, frame);
    this.last = at;
    this.absences = 0;
    if (!object.observed) return;
    this.bestScore = Math.max(this.bestScore, object.score);
    const moved = Math.hypot((this.anchor.x - this.#first.x) * frame.width, (this.anchor.y - this.#first.y) * frame.height);
    this.travelled = Math.max(this.travelled, moved / Math.max(1, object.box.width));
    this.#trail.add({ ...this.anchor, ptsUs: Math.round(at.ptsUs) });
  }

  path(): PathPoint[] {
    return this.#trail.points();
  }
}
