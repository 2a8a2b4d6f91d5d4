import type { EventTrace, EventView, RecordingSegment, Track } from '@argus/contracts';
import { Backoff, messageOf, type Logger } from '@argus/kernel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventRevision, EventStore } from '../events/event-store.js';

/** One journal entry of the engine that waits to be written, or the order to end what older boots left open. */
export type IntakeItem =
  | { readonly kind: 'event'; readonly entry: string; readonly revision: EventRevision; readonly receivedMs: number; readonly trace?: EventTrace | undefined }
  | { readonly kind: 'tracks'; readonly entry: string; readonly tracks: readonly Track[] }
  | { readonly kind: 'segment'; readonly entry: string; readonly segment: RecordingSegment }
  | { readonly kind: 'end-orphans'; readonly bootId: string };

/** What one transaction made of what came. Times are wall milliseconds. */
export interface CommittedBatch {
  readonly items: readonly IntakeItem[];
  readonly changed: readonly EventView[];
  readonly beganMs: number;
  readonly endedMs: number;
}

export interface EventIntakeOptions {
  readonly store: Pick<EventStore, 'save' | 'endOrphans'>;
  readonly log: Logger;
  /** Called after commit. */
  readonly onCommitted: (batch: CommittedBatch) => void;
}

/** Entries of one transaction at most: a replay of thousands after an outage costs few commits, a single event no wait. */
const BATCH = 100;

/**
 * Writes what the engine reports, in the order in which it came, and acknowledges after the commit. While the database is away it
 * tries again and the line waits; entries that the database refuses for what they hold are left unacknowledged, so that they stay
 * in the engine's journal, and never hold up the others.
 */
export class EventIntake {
  readonly #line: IntakeItem[] = [];
  readonly #backoff = new Backoff({ firstMs: 100, maxMs: 5000 });
  #ack: (entries: string[]) => void = () => undefined;
  #working = false;
  #stopped = false;

  constructor(private readonly options: EventIntakeOptions) {}

  get waiting(): number {
    return this.#line.length;
  }

  /** A new connection: what waits of an old one is dropped, its journal sends it again. */
  restart(ack: (entries: string[]) => void): void {
    this.#line.length = 0;
    this.#ack = ack;
  }

  add(item: IntakeItem): void {
    this.#line.push(item);
    if (!this.#working) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
    this.#line.length = 0;
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#line.length > 0 && !this.#stopped) {
      const first = this.#line[0] as IntakeItem;
      const batch = first.kind === 'end-orphans' ? [first] : this.#nextEntries();
      const acknowledge = this.#ack;
      if (await this.#write(batch, acknowledge)) this.#line.splice(0, this.#line[0] === first ? batch.length : 0);
    }
    this.#working = false;
  }

  #nextEntries(): IntakeItem[] {
    const order = this.#line.findIndex((item) => item.kind === 'end-orphans');
    return this.#line.slice(0, Math.min(BATCH, order === -1 ? BATCH : order));
  }

  /** False: the database is away, try the same again. */
  async #write(batch: readonly IntakeItem[], acknowledge: (entries: string[]) => void): Promise<boolean> {
    try {
      const beganMs = Date.now();
      const changed = await this.#commit(batch);
      this.#backoff.reset();
      acknowledge(batch.flatMap((item) => (item.kind === 'end-orphans' ? [] : [item.entry])));
      if (changed.length > 0) this.options.onCommitted({ items: batch, changed, beganMs, endedMs: Date.now() });
      return true;
    } catch (error) {
      if (isRefusal(error) && batch.length > 1) {
        // One by one, so that the sound ones get in; while the database is away each is tried until it answers.
        for (const item of batch) while (!(await this.#write([item], acknowledge)) && !this.#stopped && this.#ack === acknowledge);
        return true;
      }
      if (isRefusal(error)) {
        this.options.log.error('the database refused an entry; it stays in the journal of the engine', { item: batch[0]?.kind, error: messageOf(error) });
        return true;
      }
      this.options.log.warn('events cannot be written, trying again', { waiting: this.#line.length, error: messageOf(error) });
      await sleep(this.#backoff.nextMs());
      return false;
    }
  }

  async #commit(batch: readonly IntakeItem[]): Promise<readonly EventView[]> {
    const first = batch[0];
    if (first?.kind === 'end-orphans') return this.options.store.endOrphans(first.bootId);
    const revisions = batch.flatMap((item) => (item.kind === 'event' ? [item.revision] : []));
    const tracks = batch.flatMap((item) => (item.kind === 'tracks' ? item.tracks : []));
    const segments = batch.flatMap((item) => (item.kind === 'segment' ? [item.segment] : []));
    return this.options.store.save(revisions, tracks, segments);
  }
}

/** SQLSTATE classes 22 and 23: the data is at fault, trying again cannot help. Anything else may pass. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}
