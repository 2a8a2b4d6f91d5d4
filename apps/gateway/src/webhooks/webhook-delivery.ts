import type { SecretBox } from '@argus/database';
import { WakeUpQueue } from '@argus/jobs';
import type { Clock, Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import type { EventTracing } from '../telemetry/event-tracing.js';
import type { Resolve } from './address-policy.js';
import { DeliveryRunner } from './delivery-runner.js';
import { DeliveryStore, type Claim } from './delivery-store.js';
import { OutboxDispatcher } from './outbox-dispatcher.js';
import { WebhookPump } from './webhook-pump.js';
import { WebhookService } from './webhook-service.js';
import type { AttemptResult } from './webhook-request.js';

/** Webhooks served at once. A job mostly waits for its receiver, so this is about fairness, not about cores. */
const CONCURRENCY = 32;

export interface WebhookDeliveryOptions {
  readonly dataSource: DataSource;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onAttempt?: (claim: Claim, result: AttemptResult) => void;
  readonly tracing?: EventTracing;
  readonly resolve?: Resolve;
  readonly queueName?: string;
}

/** The webhook part put together: outbox -> deliveries -> wake-ups -> requests. */
export class WebhookDelivery {
  readonly service: WebhookService;
  readonly #runner: DeliveryRunner;
  readonly #queue: WakeUpQueue;
  readonly #pump: WebhookPump;

  constructor(options: WebhookDeliveryOptions) {
    const { dataSource, secrets, clock, log, resolve, tracing } = options;
    const store = new DeliveryStore(dataSource, clock);
    this.#runner = new DeliveryRunner({ store, secrets, clock, log, resolve, tracing, onAttempt: options.onAttempt });
    this.#queue = new WakeUpQueue({ databaseUrl: options.databaseUrl, redisUrl: options.redisUrl, log, name: options.queueName ?? 'webhook-deliveries', work: (id) => this.#runner.deliver(id), concurrency: CONCURRENCY });
    this.#pump = new WebhookPump({ dispatcher: new OutboxDispatcher(dataSource, clock), store, wake: (id) => this.#queue.wake(id), log, onDispatched: (rows) => tracing?.dispatched(rows, clock.nowMs()) });
    this.service = new WebhookService({ dataSource, secrets, clock, store, runner: this.#runner, poke: () => this.#pump.poke(), resolve });
  }

  async start(): Promise<void> {
    await this.#queue.open();
    this.#pump.start();
  }

  /** Events were committed: their outbox rows go out now instead of with the next sweep. */
  poke(): void {
    this.#pump.poke();
  }

  /** Waits for requests in flight, which take ten seconds at most. */
  async stop(): Promise<void> {
    this.#runner.stop();
    await this.#pump.stop();
    await this.#queue.close();
  }
}
