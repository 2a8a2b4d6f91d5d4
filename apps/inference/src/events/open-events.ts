import type { EventId } from '@argus/contracts';
import type { EventChange } from '@argus/pipeline';

/** Which events of one camera last. */
export class OpenEvents {
  readonly #open = new Set<EventId>();

  /** What is to be told: true, something lasts; false, nothing does any more. Both, where it began and was over at once; none, where nothing changed. */
  change(changes: readonly Pick<EventChange, 'event' | 'revised'>[]): boolean[] {
    const revised = changes.filter((change) => change.revised).map(({ event }) => event);
    if (revised.length === 0) return [];
    for (const { id, state } of revised) {
      if (state === 'ended') this.#open.delete(id);
      else this.#open.add(id);
    }
    return this.#open.size > 0 ? [true] : [true, false];
  }
}
