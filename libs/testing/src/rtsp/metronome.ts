import type { RtspCamera } from './rtsp-camera.js';

/** Pictures that are due within so many milliseconds of each other are sent by one turn. */
const SHORTEST_MS = 4;

/** One timer for all cameras of a process: with one for each client, timers cost more than sending does. */
export class Metronome {
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly cameras: ReadonlyMap<string, RtspCamera>) {}

  /** Something has changed: somebody plays a camera that nobody played, or a clock runs faster now. */
  poke(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#turn();
  }

  #turn(): void {
    let waitMs = Infinity;
    for (const camera of this.cameras.values()) if (camera.watched) waitMs = Math.min(waitMs, camera.tick());
    this.#timer = waitMs === Infinity ? null : setTimeout(() => this.#turn(), Math.max(SHORTEST_MS, waitMs));
  }
}
