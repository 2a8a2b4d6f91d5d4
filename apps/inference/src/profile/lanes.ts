/** Tracks for slices that overlap: a track holds one slice at a time, or viewers would draw one inside the other. */
export class Lanes {
  readonly #ends = new Map<string, number[]>();

  /** The first free track of this kind; slices have to come in the order of their beginnings. */
  take(kind: string, start: number, end: number): number {
    const ends = this.#ends.get(kind) ?? [];
    this.#ends.set(kind, ends);
    const free = ends.findIndex((last) => last <= start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = end;
    return lane;
  }

  count(kind: string): number {
    return this.#ends.get(kind)?.length ?? 0;
  }
}
