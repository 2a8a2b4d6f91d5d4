import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import type { SecretBox } from '@argus/database';
import type { EventTracing } from '../telemetry/event-tracing.js';
import type { Resolve } from './address-policy.js';
import type { Claim, DeliveryStore } from './delivery-store.js';
import { sendWebhook, type AttemptResult } from './webhook-request.js';
import { deliveryHeaders } from './webhook-signature.js';

export interface DeliveryRunnerOptions {
  readonly store: DeliveryStore;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after every recorded attempt. */
  readonly onAttempt?: (claim: Claim, result: AttemptResult) => void;
  readonly resolve?: Resolve;
  /** Traces each attempt; its receiver is told where in which trace it is. */
  readonly tracing?: Pick<EventTracing, 'beginAttempt' | 'attempted'>;
}

/** Requests to one receiver at once. More would hurt small receivers; one would let a slow answer delay every track. */
const LANES = 8;
/** A round ends after this, so that webhooks take turns; the sweep starts the next one. */
const ROUND_MS = 60_000;
/** How often an idle lane looks again while others of its round still work. */
const LOOK_AGAIN_MS = 200;

interface Round {
  readonly endMs: number;
  /** Lanes that ask for work or do it, as opposed to waiting. */
  busy: number;
  /** They never reject. */
  readonly lanes: Promise<void>[];
  /** The first that a lane stumbled over: rows could not be read or written. */
  failure: unknown;
}

/** Sends what is due, for one webhook at a time per call; the order of a track is kept by `DeliveryStore.claim`. */
export class DeliveryRunner {
  #stopping = false;

  constructor(private readonly options: DeliveryRunnerOptions) {}

  /** Resolves when nothing of this webhook is due any more, or its round is over; rejects when the database fails. */
  async deliver(webhookId: string): Promise<void> {
    const round: Round = { endMs: performance.now() + ROUND_MS, busy: 0, lanes: [], failure: null };
    this.#addLane(webhookId, round);
    for (let index = 0; index < round.lanes.length; index += 1) await round.lanes[index];
    if (round.failure !== null) throw round.failure;
  }

  /** One attempt and its record. `final`: a failure is not tried again. */
  async attempt(claim: Claim, final = false): Promise<AttemptResult> {
    const { tracing, clock } = this.options;
    const trace = tracing?.beginAttempt(claim) ?? null;
    const startMs = clock.nowMs();
    const result = await this.#send(claim, trace?.traceparent);
    if (trace) tracing?.attempted(claim, trace.spanId, startMs, result);
    if (result.error === null) await this.options.store.recordSuccess(claim, result);
    else await this.options.store.recordFailure(claim, result, final);
    this.options.onAttempt?.(claim, result);
    return result;
  }

  stop(): void {
    this.#stopping = true;
  }

  #addLane(webhookId: string, round: Round): void {
    if (round.lanes.length < LANES) round.lanes.push(this.#lane(webhookId, round).catch((error: unknown) => void (round.failure ??= error)));
  }

  async #lane(webhookId: string, round: Round): Promise<void> {
    while (!this.#stopping && performance.now() < round.endMs) {
      round.busy += 1;
      try {
        const claim = await this.options.store.claim(webhookId);
        if (claim) {
          // Where one thing was due there may be more: lanes are opened as they find work.
          this.#addLane(webhookId, round);
          await this.attempt(claim);
          continue;
        }
      } finally {
        round.busy -= 1;
      }
      if (round.busy === 0) return;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async #send(claim: Claim, traceparent: string | undefined): Promise<AttemptResult> {
    let headers: Record<string, string>;
    try {
      const secret = this.options.secrets.open(claim.sealedSecret, `webhooks:${claim.webhookId}`);
      headers = { ...deliveryHeaders(claim, secret, this.options.clock.nowMs()), ...(traceparent === undefined ? {} : { traceparent }) };
    } catch (error) {
      this.options.log.error('the secret of a webhook cannot be opened', { webhookId: claim.webhookId, error: messageOf(error) });
      return { status: null, error: messageOf(error), durationMs: 0 };
    }
    return sendWebhook({ url: claim.url, allowPrivate: claim.allowPrivate, headers, body: claim.body }, { resolve: this.options.resolve });
  }
}
