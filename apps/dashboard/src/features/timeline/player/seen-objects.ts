import { ApiError } from '@argus/api-client';
import type { FootageObjects, OverlayObject } from '@argus/contracts';
import { client } from '../../../app/client.js';
import { OverlayTimeline, type ShownObject } from '../../live/player/overlay-timeline.js';

/** Asked for in pieces; kept: some of them. */
const BLOCK_MS = 60_000;
const MOST_BLOCKS = 12;
const RETRY_MS = 10_000;
/** What a picture's boxes need: paths behind them, and the next sighting ahead. */
const BEHIND_MS = 4000;
const AHEAD_MS = 2500;

interface Seen {
  readonly ms: number;
  readonly objects: readonly OverlayObject[];
}

interface Block {
  readonly pictures: readonly Seen[] | null;
  readonly askedMs: number;
}

/** What was tracked in one camera's footage, for drawing over it. */
export class SeenObjects {
  readonly #cameraId: string;
  readonly #blocks = new Map<number, Block>();
  readonly #abort = new AbortController();
  #refused = false;

  constructor(cameraId: string) {
    this.#cameraId = cameraId;
  }

  /** As on the live wall: boxes move between two analysed pictures, and fade after the last. */
  at(ms: number): ShownObject[] {
    const first = Math.floor((ms - BEHIND_MS) / BLOCK_MS);
    const last = Math.floor((ms + AHEAD_MS) / BLOCK_MS);
    const timeline = new OverlayTimeline();
    for (let block = first; block <= last; block += 1) {
      for (const seen of this.#block(block)) if (seen.ms >= ms - BEHIND_MS && seen.ms <= ms + AHEAD_MS) timeline.add(seen.ms * 1000, seen.objects);
    }
    return timeline.at(ms * 1000);
  }

  close(): void {
    this.#abort.abort();
  }

  #block(index: number): readonly Seen[] {
    const known = this.#blocks.get(index);
    const nowMs = Date.now();
    // The newest minute grows.
    const old = known !== undefined && nowMs - known.askedMs > RETRY_MS && (known.pictures === null || known.askedMs < (index + 1) * BLOCK_MS + RETRY_MS);
    if ((!known || old) && !this.#refused) void this.#ask(index, known, nowMs);
    return known?.pictures ?? [];
  }

  async #ask(index: number, known: Block | undefined, nowMs: number): Promise<void> {
    this.#blocks.delete(index);
    this.#blocks.set(index, { pictures: known?.pictures ?? null, askedMs: nowMs });
    for (const oldest of this.#blocks.keys()) if (this.#blocks.size > MOST_BLOCKS) this.#blocks.delete(oldest);
    const iso = (ms: number) => new Date(ms).toISOString();
    try {
      const { pictures } = await client.call('getFootageObjects', { params: { id: this.#cameraId }, query: { from: iso(index * BLOCK_MS), to: iso((index + 1) * BLOCK_MS) }, signal: this.#abort.signal });
      this.#blocks.set(index, { pictures: pictures.map(seenOf), askedMs: nowMs });
    } catch (error) {
      // No such route, or not for this account: it will not be otherwise in a minute. Anything else is asked again.
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) this.#refused = error.code !== 'footage.none';
      else if (!(error instanceof ApiError) && !this.#abort.signal.aborted) throw error;
    }
  }
}

function seenOf({ at, objects }: FootageObjects['pictures'][number]): Seen {
  return { ms: Date.parse(at), objects: objects.map(({ attributes, ...object }) => ({ ...object, observed: true, attributes: Object.entries(attributes).map(([name, { label, score }]) => ({ name, label, score })) })) };
}
