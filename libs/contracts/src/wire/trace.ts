import { z } from 'zod';

const SpanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/, 'expected 16 hex digits');
const TraceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/, 'expected 32 hex digits');

/** One piece of work. Times are wall milliseconds with fractions. */
export const TraceSpan = z.object({
  spanId: SpanId,
  /** null: the trace's first. */
  parentId: SpanId.nullable(),
  name: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type TraceSpan = z.infer<typeof TraceSpan>;

/** How the engine came to one revision of an event. The trace's id is the event's id without its dashes. */
export const EventTrace = z.object({
  /** W3C Trace Context; names the span that the gateway's own belong to. One that makes no sense is passed over. */
  traceparent: z.string().max(100),
  /** When it was given to the journal, wall milliseconds. */
  journalledMs: z.number(),
  spans: z.array(TraceSpan).max(32),
});
export type EventTrace = z.infer<typeof EventTrace>;

/** One analysed picture, whether or not an event came of it. */
export const FrameTrace = z.object({ traceId: TraceId, spans: z.array(TraceSpan).max(32) });
export type FrameTrace = z.infer<typeof FrameTrace>;
