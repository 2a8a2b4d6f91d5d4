import { z } from 'zod';
import { CameraId, DeliveryId, RuleId, WebhookId } from '../ids.js';

export const WEBHOOK_EVENT_TYPES = ['event.provisional', 'event.confirmed', 'event.ended'] as const;
export const WebhookEventType = z.enum(WEBHOOK_EVENT_TYPES);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Every part that is given must match; an absent part matches everything. */
export const WebhookFilter = z.object({
  cameraIds: z.array(CameraId).max(5000).optional(),
  ruleIds: z.array(RuleId).max(5000).optional(),
  labels: z.array(z.string().min(1).max(60)).max(200).optional(),
});
export type WebhookFilter = z.infer<typeof WebhookFilter>;

export const WebhookSettings = z.object({
  name: z.string().trim().min(1).max(120),
  url: z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }).max(2048),
  events: z.array(WebhookEventType).min(1).default(['event.confirmed']),
  filter: WebhookFilter.default({}),
  enabled: z.boolean().default(true),
  /** Allow addresses of the own network (10.0.0.0/8, 192.168.0.0/16, loopback, …). */
  allowPrivate: z.boolean().default(false),
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;

export const Webhook = WebhookSettings.extend({
  id: WebhookId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Webhook = z.infer<typeof Webhook>;
/** The only time the signing secret is shown. */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });

export const DELIVERY_STATES = ['pending', 'delivered', 'retrying', 'dead'] as const;
export const DeliveryState = z.enum(DELIVERY_STATES);

export const Delivery = z.object({
  id: DeliveryId,
  webhookId: WebhookId,
  type: z.union([WebhookEventType, z.literal('webhook.test')]),
  eventId: z.uuid().nullable(),
  state: DeliveryState,
  attempts: z.number().int(),
  createdAt: z.iso.datetime(),
  lastAttemptAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  /** HTTP status of the last answer; null when there was none. */
  lastStatus: z.number().int().nullable(),
  lastError: z.string().nullable(),
  lastDurationMs: z.number().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;
