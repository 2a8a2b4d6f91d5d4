import { createHmac, randomBytes } from 'node:crypto';
import { WEBHOOK_HEADERS } from '@argus/contracts';

/** 256 random bits as the receiver keeps them. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64url')}`;

/** Headers of one attempt. The timestamp (Unix seconds) is that of the attempt, so that a receiver can refuse what is old. */
export function deliveryHeaders(delivery: { id: string; body: string }, secret: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Argus-Webhook/1',
    [WEBHOOK_HEADERS.timestamp]: timestamp,
    [WEBHOOK_HEADERS.delivery]: delivery.id,
    [WEBHOOK_HEADERS.signature]: `sha256=${createHmac('sha256', secret).update(`${timestamp}.${delivery.body}`).digest('hex')}`,
  };
}
