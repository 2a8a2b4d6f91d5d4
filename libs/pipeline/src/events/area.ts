import type { Camera, PointNormalized, TrackId, Zone } from '@argus/contracts';
import { signedDistanceToPolygon } from '@argus/geometry';

type Corners = readonly PointNormalized[];

/** Corners this close to the picture's rim were meant to be on it. */
const RIM = 0.004;

/** A drawn area, or the whole picture. */
export class Area {
  readonly #corners: Corners | null;
  readonly #band: number;

  /** @param corners null: the whole picture. @param hysteresis half width of the band round the edges that decides nothing. */
  constructor(corners: Corners | null, hysteresis: number) {
    this.#corners = corners;
    const span = (axis: 'x' | 'y') => Math.max(...(corners ?? []).map((p) => p[axis])) - Math.min(...(corners ?? []).map((p) => p[axis]));
    // A band wider than the area would make it unreachable.
    this.#band = corners ? Math.min(hysteresis, span('x') / 4, span('y') / 4) : 0;
  }

  /** Clearly in, clearly out, or null in the band between. Edges along the picture's rim have no band: nothing comes from beyond. */
  sideOf(point: PointNormalized): 'in' | 'out' | null {
    if (!this.#corners) return 'in';
    const inside = { x: Math.min(1 - RIM / 2, Math.max(RIM / 2, point.x)), y: Math.min(1 - RIM / 2, Math.max(RIM / 2, point.y)) };
    const distance = signedDistanceToPolygon(inside, this.#corners, isNotOnRim);
    if (Math.abs(distance) < this.#band) return null;
    return distance > 0 ? 'in' : 'out';
  }
}

/** Remembers per track on which side of the edge it last clearly was. */
export class AreaMemory {
  readonly #sides = new Map<TrackId, 'in' | 'out'>();

  constructor(private readonly area: Area) {}

  /** `before` is null for an object that was never clearly on a side. */
  look(trackId: TrackId, anchor: PointNormalized): { readonly before: 'in' | 'out' | null; readonly now: 'in' | 'out' | null } {
    const before = this.#sides.get(trackId) ?? null;
    const now = this.area.sideOf(anchor) ?? before;
    if (now) this.#sides.set(trackId, now);
    return { before, now };
  }

  forget(trackId: TrackId): void {
    this.#sides.delete(trackId);
  }
}

/** The zone of this name and kind on the camera; null when it has none. */
export function findZone(camera: Camera, name: string, kind: Zone['kind']): Zone | null {
  return camera.zones.find((zone) => zone.name === name && zone.kind === kind) ?? null;
}

function isNotOnRim(a: PointNormalized, b: PointNormalized): boolean {
  const both = (test: (p: PointNormalized) => boolean) => test(a) && test(b);
  return !(both((p) => p.x <= RIM) || both((p) => p.x >= 1 - RIM) || both((p) => p.y <= RIM) || both((p) => p.y >= 1 - RIM));
}
