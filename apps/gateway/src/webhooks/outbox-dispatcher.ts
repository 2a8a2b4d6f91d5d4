import type { WebhookPayload, DeliveryId, Event, WebhookEventType } from '@argus/contracts';
import { WebhookEntity } from '@argus/database';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { wants } from './webhook-match.js';

interface OutboxRow {
  readonly id: string;
  readonly type: WebhookEventType;
  readonly event_id: string;
  readonly order_key: string;
  readonly event: Event;
  readonly revision: number;
  readonly created_at: Date;
}

/** An outbox row that became deliveries. */
export interface DispatchedRow {
  readonly eventId: string;
  readonly type: WebhookEventType;
  readonly revision: number;
  readonly createdAt: Date;
  /** Subscribers that it was for. */
  readonly deliveries: number;
}

const BATCH = 200;

/**
 * Turns outbox rows into one delivery per subscriber, in the order of their ids. Rows and deliveries change in one transaction, and a
 * subscriber has at most one delivery per row, so a dispatcher that dies half-way loses nothing and doubles nothing.
 */
export class OutboxDispatcher {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Ids of the webhooks that got something to send; call again while `more`. */
  async dispatch(): Promise<{ webhookIds: ReadonlySet<string>; rows: readonly DispatchedRow[]; more: boolean }> {
    return this.dataSource.transaction(async (manager) => {
      const rows = (await manager.query(`SELECT id, type, event_id, order_key, event, revision, created_at FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT ${BATCH} FOR UPDATE`)) as OutboxRow[];
      const webhookIds = new Set<string>();
      if (rows.length === 0) return { webhookIds, rows: [], more: false };
      const dispatched: DispatchedRow[] = [];
      const webhooks = await manager.find(WebhookEntity);
      const now = isoTime(this.clock.nowMs());
      for (const row of rows) {
        const subscribers = webhooks.filter((candidate) => wants(candidate, row.type, row.event));
        dispatched.push({ eventId: row.event_id, type: row.type, revision: row.revision, createdAt: row.created_at, deliveries: subscribers.length });
        for (const webhook of subscribers) {
          const body = JSON.stringify({ type: row.type, version: 1, event: row.event } satisfies WebhookPayload);
          await manager.query(INSERT, [newId<DeliveryId>(), webhook.id, row.id, row.type, row.event_id, row.order_key, body, now]);
          webhookIds.add(webhook.id);
        }
      }
      await manager.query('UPDATE outbox SET dispatched_at = $1 WHERE id = ANY($2::bigint[])', [now, rows.map((row) => row.id)]);
      return { webhookIds, rows: dispatched, more: rows.length === BATCH };
    });
  }
}

const INSERT = `
  INSERT INTO deliveries (id, webhook_id, outbox_id, type, event_id, order_key, body, state, attempts, created_at, next_attempt_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, $8, $8) ON CONFLICT (webhook_id, outbox_id) DO NOTHING`;
