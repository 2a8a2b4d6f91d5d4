import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';

/** Less than half of the time between two pictures. */
const AT_ONCE_US = 15_000;

/**
 * The native parser of pictures that come over RTP gives no time to the first of them. To what follows it gives its own time or, where the first one came in few
 * packets, that of the picture before: then the second one has the time of the first, which is 0. For pictures alone that is of no matter, for sound beside them it is.
 */
export class ParserLag {
  /** Pictures come with the time of the one before. */
  found = false;
  #state: 'new' | 'first had none' | 'known' = 'new';

  /** Each picture, in their order. */
  see({ pts }: Packet, { timeBase: { num, den } }: Stream): void {
    const hasTime = pts !== AV_NOPTS_VALUE;
    // The first one comes a second time, from the backlog; it still has none.
    if (this.#state === 'known' || (this.#state === 'first had none' && !hasTime)) return;
    this.found = this.#state === 'first had none' && (Number(pts) * num * 1e6) / den < AT_ONCE_US;
    this.#state = this.#state === 'new' && !hasTime ? 'first had none' : 'known';
  }
}
