import type { SizePixels, TrackedObject } from '@argus/contracts';

/** A later picture must be this much better; what is gained by less is not worth another JPEG. */
const BETTER = 1.25;
const SHORTEST_GAP_US = 500_000;

/** Remembers the best picture of an event and tells when the present one beats it. */
export class PictureChoice {
  #best = 0;
  #lastUs = -Infinity;

  /** True when this picture should be taken. The first always is. */
  isBetter(object: TrackedObject, frame: SizePixels, elapsedUs: number): boolean {
    const quality = qualityOf(object, frame);
    const first = this.#lastUs === -Infinity;
    if (!first && (!object.observed || quality < this.#best * BETTER || elapsedUs - this.#lastUs < SHORTEST_GAP_US)) return false;
    this.#best = Math.max(quality, Number.EPSILON);
    this.#lastUs = elapsedUs;
    return true;
  }
}

/** Sure, large, and not cut by the picture's rim. */
function qualityOf({ box, score }: TrackedObject, frame: SizePixels): number {
  const rim = 2;
  const cut = box.x < rim || box.y < rim || box.x + box.width > frame.width - rim || box.y + box.height > frame.height - rim;
  return score * Math.sqrt((box.width * box.height) / (frame.width * frame.height)) * (cut ? 0.6 : 1);
}
