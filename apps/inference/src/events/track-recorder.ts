import type { Track } from '@argus/contracts';
import type { Logger } from '@argus/kernel';
import type { Journal } from '../journal/journal.js';

const FLUSH_MS = 1000;
const MOST_PER_ENTRY = 100;

/** Gathers finished tracks of all cameras for a second, so that a busy street does not cost an fsync per passer-by. */
export class TrackRecorder {
  #tracks: Track[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly journal: Pick<Journal, 'append'>,
    private readonly log: Logger,
  ) {}

  add(tracks: readonly Track[]): void {
    if (tracks.length === 0) return;
    this.#tracks.push(...tracks);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#tracks.splice(0);
    for (let from = 0; from < waiting.length; from += MOST_PER_ENTRY) {
      const tracks = waiting.slice(from, from + MOST_PER_ENTRY);
      await this.journal.append((entry) => ({ type: 'tracks', entry, tracks })).catch((error: unknown) => this.log.error('finished tracks are lost: the journal did not take them', { tracks: tracks.length, error }));
    }
  }
}
