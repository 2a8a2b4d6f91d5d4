export const RATES = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

const FASTEST = 16;

/** The wall time that all players of a page show. It moves only when it is told how much time went by. */
export class PlaybackClock {
  #positionMs: number;
  #rate = 1;
  #playing = false;
  /** Seeks so far: players look at it, as after a seek they may not just run on. */
  #jumps = 0;

  constructor(positionMs: number) {
    this.#positionMs = positionMs;
  }

  get positionMs(): number {
    return this.#positionMs;
  }

  /** Wall milliseconds a millisecond; below zero: backwards. */
  get rate(): number {
    return this.#rate;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get jumps(): number {
    return this.#jumps;
  }

  play(rate: number = this.#rate): void {
    this.#rate = rate;
    this.#playing = true;
  }

  /** What plays next plays forwards again. */
  pause(): void {
    this.#playing = false;
    this.#rate = Math.abs(this.#rate);
  }

  setRate(rate: number): void {
    this.#rate = rate;
  }

  seek(positionMs: number): void {
    this.#positionMs = positionMs;
    this.#jumps += 1;
  }

  /** As the keys L and J of film cutters: first 1x, each further press twice as fast; against the present direction: 1x in the other. */
  shuttle(direction: 1 | -1): void {
    const along = this.#playing && Math.sign(this.#rate) === direction;
    this.play(along ? direction * Math.min(FASTEST, Math.max(1, Math.abs(this.#rate) * 2)) : direction);
  }

  /** `held`: a player still waits for its picture, so time stands. What is to come is not there yet: at `latestMs` it stops. */
  advance(elapsedMs: number, held: boolean, latestMs: number): void {
    if (!this.#playing || held) return;
    this.#positionMs += elapsedMs * this.#rate;
    if (this.#positionMs < latestMs) return;
    this.#positionMs = latestMs;
    this.pause();
  }
}
