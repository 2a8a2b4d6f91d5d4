/** A player that is silent for longer looks anew. */
const LOOK_MS = 600_000;
const MOST = 1000;

/** Who looks at which footage now. */
export class FootageLooks {
  /** When each was last seen, oldest first. */
  readonly #lastMs = new Map<string, number>();

  /** Whether it was not under way before. */
  begin(look: string, nowMs: number): boolean {
    const lastMs = this.#lastMs.get(look);
    this.#lastMs.delete(look);
    this.#lastMs.set(look, nowMs);
    if (this.#lastMs.size > MOST) this.#lastMs.delete(this.#lastMs.keys().next().value as string);
    return lastMs === undefined || nowMs - lastMs > LOOK_MS;
  }
}
