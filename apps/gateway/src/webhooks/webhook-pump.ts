import { messageOf, type Logger } from '@argus/kernel';
import type { DeliveryStore } from './delivery-store.js';
import type { DispatchedRow, OutboxDispatcher } from './outbox-dispatcher.js';

export interface WebhookPumpOptions {
  readonly dispatcher: OutboxDispatcher;
  readonly store: DeliveryStore;
  readonly wake: (webhookId: string) => Promise<void>;
  readonly log: Logger;
  /** Called after their commit. */
  readonly onDispatched?: (rows: readonly DispatchedRow[]) => void;
}

/** Due retries, rows of a killed gateway and wake-ups that were lost are found this late. */
const SWEEP_MS = 1000;
const FORGET_MS = 3_600_000;

/**
 * Moves things on: outbox rows become deliveries at once after their commit (`poke`) and at the latest with the next sweep; webhooks
 * with something due are woken. All state is in the rows, so it may be killed at any point.
 */
export class WebhookPump {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #failing = false;
  #forgotAt = -Infinity;
  #stopped = false;

  constructor(private readonly options: WebhookPumpOptions) {}

  start(): void {
    this.#schedule();
    this.poke();
  }

  /** Something was committed: look at once. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#move();
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.options.log.warn('webhook deliveries wait, trying again every second', { error: messageOf(error) });
        this.#failing = true;
      }
    } while (this.#again && !this.#stopped);
    this.#running = null;
  }

  async #move(): Promise<void> {
    for (let more = true; more && !this.#stopped; ) {
      const dispatched = await this.options.dispatcher.dispatch();
      if (dispatched.rows.length > 0) this.options.onDispatched?.(dispatched.rows);
      for (const id of dispatched.webhookIds) await this.options.wake(id);
      more = dispatched.more;
    }
    for (const id of await this.options.store.dueWebhooks()) await this.options.wake(id);
    if (performance.now() - this.#forgotAt > FORGET_MS) {
      this.#forgotAt = performance.now();
      await this.options.store.forgetOld();
    }
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.poke();
      if (!this.#stopped) this.#schedule();
    }, SWEEP_MS);
  }
}
