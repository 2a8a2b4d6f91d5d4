import type { ClaimedPart, HarvestStore, SegmentOutcome } from './harvest-store.js';
import type { PictureShelf } from './picture-shelf.js';

/** Pictures that wait together take no more memory, and are no more work to do again. */
const MOST_BYTES = 32 * 2 ** 20;

/** What became of segments whose pictures are made durable at once; then come the rows, segment by segment. */
export class HeldOutcomes {
  #held: SegmentOutcome[] = [];
  #bytes = 0;
  #sinceMs = 0;

  constructor(
    private readonly part: ClaimedPart,
    private readonly rules: Buffer,
    private readonly store: Pick<HarvestStore, 'commit'>,
    private readonly shelf: PictureShelf,
  ) {}

  async add(outcome: SegmentOutcome): Promise<void> {
    const now = performance.now();
    if (this.#held.length === 0) this.#sinceMs = now;
    this.#held.push(outcome);
    this.#bytes += outcome.samples.reduce((sum, { bytes }) => sum + bytes, 0);
    if (now - this.#sinceMs >= this.shelf.holdMs || this.#bytes >= MOST_BYTES) await this.commit();
  }

  async commit(): Promise<void> {
    // Before the rows that name them: a row never names what is not there.
    if (this.#held.some(({ samples }) => samples.length > 0)) await this.shelf.commit();
    for (const outcome of this.#held) await this.store.commit(this.part, outcome, this.rules);
    this.#held = [];
    this.#bytes = 0;
  }
}
