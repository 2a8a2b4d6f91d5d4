import type { BoxNormalized, OverlayObject } from '@argus/contracts';

interface AnalysedPicture {
  readonly ptsUs: number;
  readonly objects: readonly OverlayObject[];
}

/** An object as drawn on one picture. */
export interface ShownObject extends OverlayObject {
  /** 1: analysed on or around this picture; falls towards 0 as the last analysis ages. */
  readonly freshness: number;
  /** Where its feet were before, oldest first; the present place is last. */
  readonly trail: readonly { readonly x: number; readonly y: number }[];
}

const MAX_AGE_US = 1_000_000;
/** Between two sightings of the same object its place is known well enough for so long. */
const BRIDGE_US = 2_500_000;
const FADE_FROM_US = 300_000;
const TRAIL_US = 4_000_000;
const KEEP_US = 6_000_000;

/**
 * Boxes by media time. Analysis looks at a few pictures a second, video shows 25: between two analysed pictures a box moves
 * in a straight line from the one to the other. After the last analysis it stays for a second at most and fades: an old
 * box on a new picture would be a lie.
 */
export class OverlayTimeline {
  #pictures: AnalysedPicture[] = [];

  add(ptsUs: number, objects: readonly OverlayObject[]): void {
    const last = this.#pictures.at(-1);
    if (last && ptsUs < last.ptsUs) this.#pictures = [];
    this.#pictures.push({ ptsUs, objects });
    const oldest = ptsUs - KEEP_US;
    const old = this.#pictures.findIndex((picture) => picture.ptsUs >= oldest);
    if (old > 0) this.#pictures.splice(0, old);
  }

  /** What to draw on the picture with this pts. */
  at(ptsUs: number): ShownObject[] {
    const index = this.#pictures.findLastIndex((picture) => picture.ptsUs <= ptsUs);
    const before = this.#pictures[index];
    if (!before) return [];
    const after = this.#pictures[index + 1];
    const bridged = after && after.ptsUs - before.ptsUs <= BRIDGE_US ? after : undefined;
    return before.objects.map((object) => this.#shown(object, before.ptsUs, bridged, ptsUs)).filter((object) => object.freshness > 0);
  }

  clear(): void {
    this.#pictures = [];
  }

  #shown(object: OverlayObject, fromUs: number, after: AnalysedPicture | undefined, ptsUs: number): ShownObject {
    const later = after?.objects.find((one) => one.trackId === object.trackId);
    const box = after && later ? mix(object.box, later.box, (ptsUs - fromUs) / (after.ptsUs - fromUs)) : object.box;
    const ageUs = later ? 0 : ptsUs - fromUs;
    const freshness = ageUs <= FADE_FROM_US ? 1 : 1 - (ageUs - FADE_FROM_US) / (MAX_AGE_US - FADE_FROM_US);
    return { ...object, box, freshness, trail: [...this.#feetBefore(object.trackId, fromUs, ptsUs), feet(box)] };
  }

  #feetBefore(trackId: string, untilUs: number, ptsUs: number) {
    return this.#pictures
      .filter((picture) => picture.ptsUs <= untilUs && picture.ptsUs >= ptsUs - TRAIL_US)
      .flatMap((picture) => picture.objects.filter((object) => object.trackId === trackId).map((object) => feet(object.box)));
  }
}

const feet = (box: BoxNormalized) => ({ x: box.x + box.width / 2, y: box.y + box.height });

function mix(a: BoxNormalized, b: BoxNormalized, share: number): BoxNormalized {
  const between = (from: number, to: number) => from + (to - from) * share;
  return { x: between(a.x, b.x), y: between(a.y, b.y), width: between(a.width, b.width), height: between(a.height, b.height) };
}
