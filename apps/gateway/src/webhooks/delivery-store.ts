import type { Delivery, DeliveryId, EventId, WebhookId } from '@argus/contracts';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { deliveryOfRow, type DeliveryRow } from './delivery-row.js';
import { retryDelayMs } from './retry-schedule.js';
import { ATTEMPT_TIMEOUT_MS, type AttemptResult } from './webhook-request.js';

/** A delivery that this process may attempt now, with what its webhook says at this moment. */
export interface Claim {
  readonly id: DeliveryId;
  readonly webhookId: WebhookId;
  readonly orderKey: string;
  readonly type: string;
  /** null: a test. */
  readonly eventId: EventId | null;
  readonly createdAt: Date;
  readonly body: string;
  /** This attempt included. */
  readonly attempts: number;
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly sealedSecret: string;
}

/** Longer than any attempt: until then nobody else touches a claimed delivery, after that its process is dead. */
const LEASE_MS = ATTEMPT_TIMEOUT_MS + 5000;
const OPEN = `state IN ('pending', 'retrying')`;

/** Only the oldest open delivery of an order key may be attempted: an `ended` never overtakes its `confirmed`. */
const CLAIM = `
  WITH due AS (
    SELECT d.id FROM deliveries d
    WHERE d.webhook_id = $1 AND d.${OPEN} AND d.next_attempt_at <= $2
      AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.webhook_id = d.webhook_id AND e.order_key = d.order_key AND e.${OPEN} AND e.outbox_id < d.outbox_id)
    ORDER BY d.next_attempt_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  UPDATE deliveries SET attempts = attempts + 1, last_attempt_at = $2, next_attempt_at = $3
  FROM due, webhooks w
  WHERE deliveries.id = due.id AND deliveries.${OPEN} AND deliveries.next_attempt_at <= $2 AND w.id = deliveries.webhook_id AND w.enabled
  RETURNING deliveries.id, webhook_id AS "webhookId", order_key AS "orderKey", type, event_id AS "eventId", deliveries.created_at AS "createdAt", body, attempts, w.url, w.allow_private AS "allowPrivate", w.sealed_secret AS "sealedSecret"`;

/** The delivery rows: what is to be sent, in which order, when next. Every method is one transaction. */
export class DeliveryStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** null: nothing of this webhook is due, or it is paused. */
  async claim(webhookId: string): Promise<Claim | null> {
    const now = this.clock.nowMs();
    const [claims] = (await this.dataSource.query(CLAIM, [webhookId, isoTime(now), isoTime(now + LEASE_MS)])) as [Claim[], number];
    return claims[0] ?? null;
  }

  async recordSuccess(claim: Claim, result: AttemptResult): Promise<void> {
    const now = this.#now();
    await this.dataSource.transaction(async (manager) => {
      await this.#recordAttempt(manager, claim, result);
      await manager.query(
        `UPDATE deliveries SET state = 'delivered', delivered_at = $2, next_attempt_at = NULL, last_status = $3, last_error = NULL, last_duration_ms = $4 WHERE id = $1`,
        [claim.id, now, result.status, result.durationMs],
      );
      // The receiver is back: what waits for its turn after earlier failures need not wait any longer.
      if (claim.attempts > 1) await this.#bringForward(manager, claim.webhookId);
    });
  }

  /** `final`: no further attempt, whatever the schedule says. */
  async recordFailure(claim: Claim, result: AttemptResult, final = false): Promise<void> {
    const delayMs = final ? null : retryDelayMs(claim.attempts);
    const next = delayMs === null ? null : isoTime(this.clock.nowMs() + delayMs);
    await this.dataSource.transaction(async (manager) => {
      await this.#recordAttempt(manager, claim, result);
      await manager.query(
        `UPDATE deliveries SET state = $2, next_attempt_at = $3, last_status = $4, last_error = $5, last_duration_ms = $6 WHERE id = $1`,
        [claim.id, next === null ? 'dead' : 'retrying', next, result.status, result.error, result.durationMs],
      );
      // Those behind it in its order wait as long; looking at them sooner would be in vain.
      if (next !== null) await manager.query(`UPDATE deliveries SET next_attempt_at = $3 WHERE webhook_id = $1 AND order_key = $2 AND ${OPEN} AND next_attempt_at < $3`, [claim.webhookId, claim.orderKey, next]);
    });
  }

  /** Webhooks with something due that are not paused. */
  async dueWebhooks(): Promise<string[]> {
    const rows = (await this.dataSource.query(`SELECT id FROM webhooks w WHERE enabled AND EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.${OPEN} AND d.next_attempt_at <= $1)`, [this.#now()])) as { id: string }[];
    return rows.map((row) => row.id);
  }

  /** The address was corrected, or the webhook switched on again: try at once. */
  async retryNow(webhookId: string): Promise<void> {
    await this.dataSource.transaction((manager) => this.#bringForward(manager, webhookId));
  }

  /** A test delivery, claimed already by whoever asked for it. */
  async addTest(webhook: { id: WebhookId; url: string; allowPrivate: boolean; sealedSecret: string }, body: string): Promise<Claim> {
    const id = newId<DeliveryId>();
    const now = this.clock.nowMs();
    await this.dataSource.query(
      `INSERT INTO deliveries (id, webhook_id, type, order_key, body, state, attempts, created_at, last_attempt_at, next_attempt_at) VALUES ($1::uuid, $2, 'webhook.test', $1::uuid::text, $3, 'pending', 1, $4, $4, $5)`,
      [id, webhook.id, body, isoTime(now), isoTime(now + LEASE_MS)],
    );
    const { id: webhookId, url, allowPrivate, sealedSecret } = webhook;
    return { id, webhookId, orderKey: id, type: 'webhook.test', eventId: null, createdAt: new Date(now), body, attempts: 1, url, allowPrivate, sealedSecret };
  }

  /** Same id, same body, a fresh day of attempts. null: there is no such delivery. */
  async replay(id: DeliveryId): Promise<Delivery | null> {
    const [rows] = (await this.dataSource.query(
      `UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt_at = $2, delivered_at = NULL WHERE id = $1 RETURNING *`,
      [id, this.#now()],
    )) as [DeliveryRow[], number];
    return rows[0] ? deliveryOfRow(rows[0]) : null;
  }

  async find(id: DeliveryId): Promise<Delivery | null> {
    const rows = (await this.dataSource.query('SELECT * FROM deliveries WHERE id = $1', [id])) as DeliveryRow[];
    return rows[0] ? deliveryOfRow(rows[0]) : null;
  }

  /** Forgets what is long done: announced outbox rows after a week, finished deliveries after 30 days. */
  async forgetOld(): Promise<void> {
    const now = this.clock.nowMs();
    await this.dataSource.query('DELETE FROM outbox WHERE dispatched_at < $1', [isoTime(now - 7 * 86_400_000)]);
    await this.dataSource.query(`DELETE FROM deliveries WHERE state IN ('delivered', 'dead') AND created_at < $1`, [isoTime(now - 30 * 86_400_000)]);
  }

  async #bringForward(manager: EntityManager, webhookId: string): Promise<void> {
    // What is in flight keeps its lease.
    await manager.query(
      `UPDATE deliveries SET next_attempt_at = $2 WHERE webhook_id = $1 AND ${OPEN} AND next_attempt_at > $2 AND (last_attempt_at IS NULL OR last_attempt_at < $3)`,
      [webhookId, this.#now(), isoTime(this.clock.nowMs() - LEASE_MS)],
    );
  }

  async #recordAttempt(manager: EntityManager, claim: Claim, result: AttemptResult): Promise<void> {
    await manager.query(
      `INSERT INTO delivery_attempts (delivery_id, at, status, error, duration_ms) SELECT id, $2, $3, $4, $5 FROM deliveries WHERE id = $1`,
      [claim.id, this.#now(), result.status, result.error, result.durationMs],
    );
  }

  #now(): string {
    return isoTime(this.clock.nowMs());
  }
}
