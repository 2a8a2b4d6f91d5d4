import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { WEBHOOK_HEADERS, WebhookPayload } from '@argus/contracts';

export interface ReceivedDelivery {
  readonly deliveryId: string;
  readonly timestamp: string;
  readonly signature: string;
  /** W3C Trace Context; empty when none came. */
  readonly traceparent: string;
  readonly body: string;
  readonly payload: WebhookPayload;
  readonly status: number;
}

/** A real HTTP server on loopback that a webhook can be pointed at. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedDelivery[];
  /** Status answered from now on; 200 at first. */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedDelivery[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const header = (name: string) => String(request.headers[name] ?? '');
      received.push({
        deliveryId: header(WEBHOOK_HEADERS.delivery),
        timestamp: header(WEBHOOK_HEADERS.timestamp),
        signature: header(WEBHOOK_HEADERS.signature),
        traceparent: header('traceparent'),
        body,
        payload: WebhookPayload.parse(JSON.parse(body)),
        status,
      });
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    answer: (next) => (status = next),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** What a receiver has to do before it believes a delivery. */
export function isSignatureValid(delivery: ReceivedDelivery, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(`${delivery.timestamp}.${delivery.body}`).digest('hex')}`);
  const given = Buffer.from(delivery.signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
