import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf, redactCredentials } from '@argus/kernel';
import { requireAllowedAddresses, systemResolve, type Address, type Resolve } from './address-policy.js';

export interface WebhookRequest {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of one attempt. `status` is null when there was no answer; `error` is null when the receiver took it. */
export interface AttemptResult {
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

export interface WebhookRequestOptions {
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export const ATTEMPT_TIMEOUT_MS = 10_000;
/** Of an answer only the status counts; a few KB are read so that the receiver can finish politely. */
const ANSWER_LIMIT_BYTES = 8 * 1024;

/** Sends one delivery. Never throws: every failure is a result. Only 2xx is success; redirects are not followed. */
export async function sendWebhook(webhook: WebhookRequest, options: WebhookRequestOptions = {}): Promise<AttemptResult> {
  const started = performance.now();
  const timeoutMs = options.timeoutMs ?? ATTEMPT_TIMEOUT_MS;
  const deadline = AbortSignal.timeout(timeoutMs);
  let status: number | null = null;
  let error: string | null = null;
  try {
    const url = new URL(webhook.url);
    const addresses = await abortable(requireAllowedAddresses(url, webhook.allowPrivate, options.resolve ?? systemResolve), deadline);
    status = await post(url, addresses, webhook, deadline);
    error = status >= 200 && status < 300 ? null : refusalOf(status);
  } catch (thrown) {
    error = deadline.aborted ? `no complete answer within ${timeoutMs / 1000} s` : redactCredentials(messageOf(thrown) || 'the connection failed');
  }
  return { status, error, durationMs: Math.round((performance.now() - started) * 10) / 10 };
}

function refusalOf(status: number): string {
  return status >= 300 && status < 400 ? `answered ${status}: redirects are not followed, enter the final address` : `answered ${status}, expected 2xx`;
}

/** The connection goes to one of `addresses` whatever the name resolves to by now; the name stays in Host and in the TLS handshake. */
function post(url: URL, addresses: readonly Address[], webhook: WebhookRequest, deadline: AbortSignal): Promise<number> {
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request: ClientRequest = open(url, {
      method: 'POST',
      agent: false,
      signal: deadline,
      headers: { ...webhook.headers, 'content-length': Buffer.byteLength(webhook.body) },
      lookup: (_host, options, answer) => (options.all ? answer(null, [...addresses]) : answer(null, addresses[0]?.address ?? '', addresses[0]?.family)),
    });
    request.once('error', reject);
    request.once('response', (response) => drain(response, () => resolve(response.statusCode ?? 0)));
    request.end(webhook.body);
  });
}

function drain(response: IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_LIMIT_BYTES) response.destroy();
  });
  // The status line has come, so the receiver has decided; how its body ends does not matter.
  response.on('error', () => undefined);
  response.once('close', done);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
