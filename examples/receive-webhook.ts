/**
 * @title Receive and verify a signed webhook
 * @title:zh 接收并验证带签名的 Webhook
 * @summary Makes a webhook that leads here, asks for a test delivery, checks its signature and its age, prints it, and removes the webhook again. With --stay it goes on with real events.
 * @summary:zh 建立指向本程序的 Webhook，请求一次测试投递，验证签名与时间并打印，然后删除该 Webhook。加 --stay 则继续接收真实事件。
 * @keywords webhook, signature, HMAC, security, 签名, 推送, 业务系统
 * @needs webhook.read, webhook.write
 * @run node examples/receive-webhook.ts [--stay] [--port 8080]
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createApiClient } from '@argus/api-client';
import { WEBHOOK_HEADERS, WebhookPayload } from '@argus/contracts';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const { values } = parseArgs({ options: { stay: { type: 'boolean' }, port: { type: 'string', default: '0' } } });
const MOST_SECONDS_OFF = 300;

/** Of the raw bytes, in constant time; what is old may be a repeat by somebody else. */
function isFromArgus(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const timestamp = String(headers[WEBHOOK_HEADERS.timestamp] ?? '');
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= MOST_SECONDS_OFF)) return false;
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`);
  const given = Buffer.from(String(headers[WEBHOOK_HEADERS.signature] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

let secret = '';
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (!isFromArgus(request.headers, body, secret)) return void response.writeHead(401).end();
  // Answer first and work afterwards; a delivery may come twice, with the same id.
  response.writeHead(204).end();
  const payload = WebhookPayload.parse(JSON.parse(body.toString()));
  console.log(`verified ${String(request.headers[WEBHOOK_HEADERS.delivery])}: ${payload.type === 'webhook.test' ? payload.message : `${payload.type} ${payload.event.label} at ${payload.event.cameraName}`}`);
}).listen(Number(values.port));
await once(server, 'listening');

const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/argus`;
const webhook = await client.call('createWebhook', { body: { name: `Example ${process.pid}`, url, events: ['event.confirmed'], allowPrivate: true } });
secret = webhook.secret;
const stop = async (): Promise<void> => {
  await client.call('deleteWebhook', { params: { id: webhook.id } });
  server.close();
};
const delivery = await client.call('testWebhook', { params: { id: webhook.id } });
console.log(`test delivery: ${delivery.state}`);
const forged = await fetch(url, { method: 'POST', body: '{"type":"webhook.test"}' });
console.log(`without a signature: ${forged.status}`);
if (values.stay) process.once('SIGINT', () => void stop());
else await stop();
