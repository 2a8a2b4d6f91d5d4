import type { Delivery } from '@argus/contracts';

/** A row of `deliveries` as pg gives it. */
export interface DeliveryRow {
  [column: string]: unknown;
  id: string;
  webhook_id: string;
  order_key: string;
  body: string;
  attempts: number;
  created_at: Date;
  last_attempt_at: Date | null;
  next_attempt_at: Date | null;
  delivered_at: Date | null;
}

const momentOrNull = (moment: Date | null): string | null => moment?.toISOString() ?? null;

export function deliveryOfRow(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    type: row.type,
    eventId: row.event_id,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    lastAttemptAt: momentOrNull(row.last_attempt_at),
    nextAttemptAt: momentOrNull(row.next_attempt_at),
    deliveredAt: momentOrNull(row.delivered_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    lastDurationMs: row.last_duration_ms,
  } as Delivery;
}
