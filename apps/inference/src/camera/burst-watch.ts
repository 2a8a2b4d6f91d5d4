/** When a picture was filmed (media time) and when its packet came. */
interface Arrival {
  readonly ptsUs: number;
  readonly arrivedMs: number;
}

/** Tells pictures that the network held up from those that come at their own pace: they arrive faster than they were filmed. */
export class BurstWatch {
  #last: Arrival | null = null;

  /** To be asked once for each picture, in order: it came together with the one before. */
  holds({ ptsUs, arrivedMs }: Arrival): boolean {
    const last = this.#last;
    this.#last = { ptsUs, arrivedMs };
    return last !== null && (arrivedMs - last.arrivedMs) * 2 < (ptsUs - last.ptsUs) / 1000;
  }
}
