import { messageOf, type Logger } from '@argus/kernel';
import type { Journal } from './journal.js';
import type { JournalMessage } from './journal-entry.js';

/** Entries on their way to the gateway without an ack; bounds memory on both sides during a long replay. */
const WINDOW = 128;

export interface JournalSenderOptions {
  readonly journal: Journal;
  readonly send: (message: JournalMessage) => void;
  /** All entries of earlier boots have been sent on this connection. */
  readonly onReplayed: () => void;
  readonly log: Logger;
}

/**
 * Sends the journal in order on every connection, from its oldest entry on: what was sent on a broken connection and not
 * acknowledged is sent again. The gateway drops revisions that it has.
 */
export class JournalSender {
  #connected = false;
  #connection = 0;
  #cursor: string | null = null;
  #running = false;
  #wanted = false;
  #replayed = false;
  readonly #inFlight = new Set<string>();

  constructor(private readonly options: JournalSenderOptions) {
    options.journal.onDurable = () => this.#wake();
  }

  connected(): void {
    this.#connected = true;
    this.#connection += 1;
    this.#cursor = null;
    this.#replayed = false;
    this.#inFlight.clear();
    this.#wake();
  }

  disconnected(): void {
    this.#connected = false;
  }

  acknowledged(entries: readonly string[]): void {
    for (const entry of entries) this.#inFlight.delete(entry);
    this.options.journal.remove(entries).catch((error: unknown) => this.options.log.warn('journal entries could not be removed, they will be sent again', { error: messageOf(error) }));
    this.#wake();
  }

  #wake(): void {
    this.#wanted = this.#connected;
    if (this.#running || !this.#wanted) return;
    this.#running = true;
    this.#sendAll()
      .catch((error: unknown) => this.options.log.error('journal could not be read', { error: messageOf(error) }))
      .finally(() => {
        this.#running = false;
        // Something may have been appended between the last look and here.
        if (this.#wanted) this.#wake();
      });
  }

  async #sendAll(): Promise<void> {
    while (this.#connected) {
      const connection = this.#connection;
      this.#wanted = false;
      const name = this.options.journal.nextAfter(this.#cursor);
      if (!this.#replayed && (name === null || this.options.journal.isOfThisBoot(name))) {
        this.#replayed = true;
        this.options.onReplayed();
      }
      if (name === null || this.#inFlight.size >= WINDOW) return;
      const message = await this.options.journal.read(name);
      if (connection !== this.#connection || !this.#connected) continue;
      this.#cursor = name;
      if (message === null) continue;
      this.#inFlight.add(name);
      this.options.send(message);
    }
  }
}
