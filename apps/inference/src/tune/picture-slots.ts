import { rmSync } from 'node:fs';
import type { ModelManifest } from '@argus/contracts';
import type { ModelPackage, PictureRequest } from '@argus/models';
import { PixelRing, ringDirectory, ringPath, slotOffset } from '../ring/pixel-ring.js';

const MOST_SLOTS = 64;

/** The golden pictures of a package in a ring like that of an ingest child, so that sessions read what they would read in the engine. */
export class PictureSlots {
  readonly #path: string;
  readonly #ring: PixelRing;
  readonly #requests: PictureRequest[] = [];
  #next = 0;

  /** `serial`: of the rings of this process. Throws RangeError where there is no room for a single picture. */
  constructor(pkg: Pick<ModelPackage, 'manifest' | 'golden'>, serial: number) {
    this.#path = ringPath(ringDirectory(), process.pid, serial);
    this.#ring = new PixelRing(this.#path);
    const pictures = pkg.golden.flatMap(({ pixels, count }) => Array.from({ length: count }, (_, index) => pixels.subarray((index * pixels.length) / count, ((index + 1) * pixels.length) / count)));
    for (let index = 0; index < MOST_SLOTS; index += 1) {
      const slot = this.#ring.put(pictures[index % pictures.length] as Uint8Array);
      if (slot === null) break;
      this.#requests.push({ pixels: { kind: 'file', path: this.#path, offset: slotOffset(slot) }, view: viewOf(pkg.manifest) });
    }
    if (this.#requests.length > 0) return;
    this.close();
    throw new RangeError(`no room for one picture in ${ringDirectory()}`);
  }

  next(): PictureRequest {
    const request = this.#requests[this.#next] as PictureRequest;
    this.#next = (this.#next + 1) % this.#requests.length;
    return request;
  }

  close(): void {
    this.#ring.close();
    rmSync(this.#path, { force: true });
  }
}

/** A golden picture fills the input as it is. */
function viewOf({ task, input: { width, height }, thresholds }: ModelManifest): PictureRequest['view'] {
  return task === 'detect' ? { placement: { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }, frame: { width, height }, minScore: thresholds.score } : null;
}
