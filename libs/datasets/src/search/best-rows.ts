/** A row and how like it is. */
export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/** Of two the one that comes later in the order: less like, or of equals the one that lies further back. */
const isBehind = (score: number, row: number, other: number, otherRow: number): boolean => score < other || (score === other && row > otherRow);

/** The best of many rows, in a heap whose top is the last of them. `after`: only what comes behind this place in the order. */
export class BestRows {
  readonly #scores: Float64Array;
  readonly #rows: Float64Array;
  #size = 0;

  constructor(
    private readonly most: number,
    private readonly after: ScoredRow | null,
  ) {
    this.#scores = new Float64Array(most);
    this.#rows = new Float64Array(most);
  }

  /** What is below it need not be offered. */
  get least(): number {
    return this.#size < this.most ? -Infinity : (this.#scores[0] as number);
  }

  offer(row: number, score: number): void {
    const { after } = this;
    if (after !== null && !isBehind(score, row, after.score, after.row)) return;
    if (this.#size < this.most) {
      this.#size += 1;
      this.#rise(this.#size - 1, row, score);
    } else if (isBehind(this.#scores[0] as number, this.#rows[0] as number, score, row)) this.#sink(row, score);
  }

  /** Best first. */
  sorted(): ScoredRow[] {
    return Array.from({ length: this.#size }, (_unused, at) => ({ row: this.#rows[at] as number, score: this.#scores[at] as number })).sort((a, b) => b.score - a.score || a.row - b.row);
  }

  #rise(from: number, row: number, score: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBehind(score, row, this.#scores[above] as number, this.#rows[above] as number)) break;
      this.#move(above, at);
      at = above;
    }
    this.#put(at, row, score);
  }

  #sink(row: number, score: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && isBehind(this.#scores[below + 1] as number, this.#rows[below + 1] as number, this.#scores[below] as number, this.#rows[below] as number)) below += 1;
      if (!isBehind(this.#scores[below] as number, this.#rows[below] as number, score, row)) break;
      this.#move(below, at);
      at = below;
    }
    this.#put(at, row, score);
  }

  #move(from: number, to: number): void {
    this.#scores[to] = this.#scores[from] as number;
    this.#rows[to] = this.#rows[from] as number;
  }

  #put(at: number, row: number, score: number): void {
    this.#scores[at] = score;
    this.#rows[at] = row;
  }
}
