import { z } from 'zod';
import { WebhookEventType } from '../admin/webhook.js';
import { Event } from '../live/event.js';

/** Names of the headers of a delivery. The signature is `sha256=` + hex HMAC-SHA256 of `timestamp + "." + body`. */
export const WEBHOOK_HEADERS = { timestamp: 'argus-timestamp', delivery: 'argus-delivery', signature: 'argus-signature' } as const;

/** Body of a delivery, version 1. Fields may be added; none is renamed or removed within a version. */
export const WebhookPayload = z.discriminatedUnion('type', [
  z.object({ type: WebhookEventType, version: z.literal(1), event: Event }),
  z.object({ type: z.literal('webhook.test'), version: z.literal(1), message: z.string() }),
]);
export type WebhookPayload = z.infer<typeof WebhookPayload>;
