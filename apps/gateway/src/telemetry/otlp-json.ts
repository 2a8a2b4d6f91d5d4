import type { TraceSpan } from '@argus/contracts';

/** Which process did the work. */
export type SpanService = 'argus-gateway' | 'argus-inference';

/** A span on its way out. */
export interface ExportedSpan extends TraceSpan {
  readonly traceId: string;
  readonly service: SpanService;
  /** It called somebody else's server; without it the span is work of our own. */
  readonly client?: boolean;
  /** What went wrong; null or absent: nothing. */
  readonly error?: string | null;
}

type AttributeValue = string | number | boolean;

const KIND = { internal: 1, client: 3 } as const;
const STATUS_ERROR = 2;
const NS_PER_MS = 1_000_000;

/** The body of an OTLP/HTTP request in JSON, as the protocol's mapping wants it: ids in hex, 64-bit numbers as text. */
export function otlpBody(spans: readonly ExportedSpan[], resource: Readonly<Record<string, string>>, version: string): string {
  const resourceSpans = (['argus-inference', 'argus-gateway'] as const).flatMap((service) => {
    const own = spans.filter((span) => span.service === service);
    if (own.length === 0) return [];
    const attributes = attributesOf({ ...resource, 'service.name': service, 'service.namespace': 'argus', 'service.version': version });
    return [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'argus', version }, spans: own.map(spanOf) }] }];
  });
  return JSON.stringify({ resourceSpans });
}

function spanOf(span: ExportedSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentId === null ? {} : { parentSpanId: span.parentId }),
    name: span.name,
    kind: span.client ? KIND.client : KIND.internal,
    startTimeUnixNano: unixNanos(span.startMs),
    endTimeUnixNano: unixNanos(Math.max(span.startMs, span.endMs)),
    attributes: attributesOf(span.attributes),
    ...(span.error ? { status: { code: STATUS_ERROR, message: span.error } } : {}),
  };
}

/** Whole milliseconds and their fraction apart: together they have more digits than a number. */
function unixNanos(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * BigInt(NS_PER_MS) + BigInt(Math.floor((ms - whole) * NS_PER_MS)));
}

const attributesOf = (attributes: Readonly<Record<string, AttributeValue>>) => Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: AttributeValue) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
