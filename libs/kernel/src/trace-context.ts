import { createHash, randomBytes } from 'node:crypto';

/** Where in which trace something belongs (W3C Trace Context). */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A trace id made of a UUID: whoever knows the event finds its trace. */
export const traceIdOf = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

/** The same parts give the same id in every process and after every restart, so that links need not be stored. */
export const spanIdOf = (...parts: readonly (string | number)[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);

/** The first span of an event's trace: known without having seen it. */
export const rootSpanIdOf = (eventId: string): string => spanIdOf(eventId, 'root');

export const traceparentOf = (traceId: string, spanId: string): string => `00-${traceId}-${spanId}-01`;

/** null: not a traceparent of version 00. */
export function parseTraceparent(text: string): TraceContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  return traceId && spanId && flags ? { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 } : null;
}
