import { createServer } from 'node:http';
import { z } from 'zod';

/** A span as a collector understood it. */
export interface CollectedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly error: string | null;
}

/** A real HTTP server on loopback that takes OTLP/HTTP with JSON at `/v1/traces`, and refuses what does not follow the protocol. */
export interface OtlpCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Headers of the last request. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was wrong with requests that were refused. */
  readonly refused: readonly string[];
  /** Status answered from now on; 200 at first. */
  answer(status: number): void;
  close(): Promise<void>;
}

const Id = (digits: number) => z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${digits}}$`));
/** 64-bit numbers come as decimal text in the protocol's JSON. */
const Nanos = z.string().regex(/^[1-9]\d{15,19}$/).transform(BigInt);
const Value = z.union([z.strictObject({ stringValue: z.string() }), z.strictObject({ boolValue: z.boolean() }), z.strictObject({ intValue: z.string().regex(/^-?\d+$/).transform(Number) }), z.strictObject({ doubleValue: z.number() })]);
const Attributes = z.array(z.strictObject({ key: z.string().min(1), value: Value })).transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] as string | number | boolean])));
const Span = z.strictObject({
  traceId: Id(32),
  spanId: Id(16),
  parentSpanId: Id(16).optional(),
  name: z.string().min(1),
  kind: z.number().int().min(1).max(5),
  startTimeUnixNano: Nanos,
  endTimeUnixNano: Nanos,
  attributes: Attributes,
  status: z.strictObject({ code: z.number().int().min(0).max(2), message: z.string().optional() }).optional(),
});
const Request = z.strictObject({ resourceSpans: z.array(z.strictObject({ resource: z.strictObject({ attributes: Attributes }), scopeSpans: z.array(z.strictObject({ scope: z.strictObject({ name: z.string(), version: z.string() }), spans: z.array(Span) })) })) });

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const refused: string[] = [];
  let status = 200;
  let headers: OtlpCollector['headers'] = {};
  const take = (body: string): void => {
    for (const { resource, scopeSpans } of Request.parse(JSON.parse(body)).resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const { traceId, spanId, parentSpanId = null, name, startTimeUnixNano: startNs, endTimeUnixNano: endNs, kind, attributes } = span;
        if (endNs < startNs) throw new Error(`span ${name} ends before it begins`);
        spans.push({ service: String(resource.attributes['service.name']), traceId, spanId, parentId: parentSpanId, name, startNs, endNs, kind, attributes, error: span.status?.code === 2 ? (span.status.message ?? '') : null });
      }
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      ({ headers } = request);
      let answer = status;
      try {
        if (request.method !== 'POST' || request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') throw new Error(`unexpected ${request.method} ${request.url} ${request.headers['content-type']}`);
        if (status === 200) take(Buffer.concat(chunks).toString('utf8'));
      } catch (error) {
        refused.push(String(error));
        answer = 400;
      }
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('collector has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    get headers() {
      return headers;
    },
    refused,
    answer: (next) => (status = next),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
