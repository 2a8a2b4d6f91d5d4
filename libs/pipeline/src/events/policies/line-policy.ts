import type { PointNormalized, RuleCondition, TrackId } from '@argus/contracts';
import { type CrossingDirection, crossingPosition, signedDistanceToLine } from '@argus/geometry';
import type { Look, ObjectPolicy, Verdict } from './policy.js';

type LineCondition = Extract<RuleCondition, { kind: 'line' }>;

interface Crossing {
  /** Last point that was seen. */
  point: PointNormalized;
  /** Side on which the object last clearly was; null before the first time. */
  side: 'left' | 'right' | null;
  /** Whether its last step over the endless line went through the drawn part. */
  throughLine: boolean;
}

/**
 * Crossing a line. The side changes only once the anchor is `hysteresis` past the line, so walking along it or shaking on it makes
 * one crossing or none. Only observed positions count; a step over several missed pictures is still one step.
 */
export class LinePolicy implements ObjectPolicy {
  readonly nature = 'moment';
  readonly #tracks = new Map<TrackId, Crossing>();

  constructor(
    private readonly condition: LineCondition,
    private readonly ends: readonly [PointNormalized, PointNormalized],
    private readonly hysteresis: number,
  ) {}

  judge(look: Look): Verdict {
    const direction = look.object.observed ? this.#step(look.object.trackId, look.anchor) : null;
    const wanted = direction !== null && (this.condition.direction === 'any' || this.condition.direction === direction);
    return { trigger: wanted ? direction : null, holds: true };
  }

  forget(trackId: TrackId): void {
    this.#tracks.delete(trackId);
  }

  #step(trackId: TrackId, point: PointNormalized): CrossingDirection | null {
    const [a, b] = this.ends;
    const distance = signedDistanceToLine(point, a, b);
    const clear = Math.abs(distance) >= this.hysteresis && distance !== 0;
    const side = clear ? (distance > 0 ? 'right' : 'left') : null;
    const known = this.#tracks.get(trackId);
    if (!known) {
      this.#tracks.set(trackId, { point, side, throughLine: false });
      return null;
    }
    const before = signedDistanceToLine(known.point, a, b);
    if (before > 0 !== distance > 0) {
      const along = crossingPosition(known.point, point, a, b);
      known.throughLine = along >= 0 && along <= 1;
    }
    known.point = point;
    const changed = side !== null && known.side !== null && side !== known.side;
    if (side !== null) known.side = side;
    if (!changed || !known.throughLine) return null;
    return side === 'right' ? 'left-to-right' : 'right-to-left';
  }
}
