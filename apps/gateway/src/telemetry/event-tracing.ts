import type { EventTrace, EventView, FrameTrace } from '@argus/contracts';
import { newSpanId, parseTraceparent, rootSpanIdOf, spanIdOf, traceIdOf, traceparentOf } from '@argus/kernel';
import type { CommittedBatch } from '../engine/event-intake.js';
import type { DispatchedRow } from '../webhooks/outbox-dispatcher.js';
import type { Claim } from '../webhooks/delivery-store.js';
import type { AttemptResult } from '../webhooks/webhook-request.js';
import type { ExportedSpan } from './otlp-json.js';
import type { SpanExporter } from './span-exporter.js';

const commitSpanId = (eventId: string, revision: number): string => spanIdOf(eventId, revision, 'commit');
const outboxSpanId = (eventId: string, type: string): string => spanIdOf(eventId, type, 'outbox');
const own = (traceId: string, span: Omit<ExportedSpan, 'traceId' | 'service'>): ExportedSpan => ({ ...span, traceId, service: 'argus-gateway' });

/**
 * The gateway's part of an event's trace: journal, commit, outbox, delivery. Ids come from the event's own, so that the links
 * hold over restarts without a column for them.
 */
export class EventTracing {
  constructor(private readonly exporter: Pick<SpanExporter, 'enabled' | 'add'>) {}

  /** Duplicates and late revisions are not among `changed` and leave no span. */
  committed({ items, changed, beganMs, endedMs }: CommittedBatch): void {
    if (!this.exporter.enabled) return;
    const traces = new Map(items.flatMap((item) => (item.kind === 'event' && item.trace ? [[keyOf(item.revision.event), { trace: item.trace, receivedMs: item.receivedMs }] as const] : [])));
    for (const event of changed) this.exporter.add(commitSpans(event, traces.get(keyOf(event)), beganMs, endedMs));
  }

  /** Pictures without an event, as the engine chose them. */
  frames(traces: readonly FrameTrace[]): void {
    if (this.exporter.enabled) this.exporter.add(traces.flatMap(({ traceId, spans }) => spans.map((span) => ({ ...span, traceId, service: 'argus-inference' as const }))));
  }

  dispatched(rows: readonly DispatchedRow[], endedMs: number): void {
    if (!this.exporter.enabled) return;
    this.exporter.add(
      rows.map(({ eventId, type, revision, createdAt, deliveries }) =>
        own(traceIdOf(eventId), { spanId: outboxSpanId(eventId, type), parentId: commitSpanId(eventId, revision), name: 'outbox', startMs: createdAt.getTime(), endMs: endedMs, attributes: { 'argus.event.type': type, 'argus.deliveries': deliveries } }),
      ),
    );
  }

  /** The context that one attempt sends to its receiver; null: traces are off, or the delivery is a test. */
  beginAttempt(claim: Pick<Claim, 'eventId' | 'type'>): { readonly traceparent: string; readonly spanId: string } | null {
    if (!this.exporter.enabled || claim.eventId === null) return null;
    const spanId = newSpanId();
    return { spanId, traceparent: traceparentOf(traceIdOf(claim.eventId), spanId) };
  }

  attempted(claim: Pick<Claim, 'id' | 'webhookId' | 'eventId' | 'type' | 'attempts'>, spanId: string, startMs: number, result: AttemptResult): void {
    if (claim.eventId === null) return;
    const attributes = { 'argus.webhook.id': claim.webhookId, 'argus.delivery.id': claim.id, 'argus.event.type': claim.type, 'argus.attempt': claim.attempts, 'http.request.method': 'POST', ...(result.status === null ? {} : { 'http.response.status_code': result.status }) };
    this.exporter.add([own(traceIdOf(claim.eventId), { spanId, parentId: outboxSpanId(claim.eventId, claim.type), name: 'webhook delivery', startMs, endMs: startMs + result.durationMs, attributes, client: true, error: result.error })]);
  }
}

const keyOf = ({ id, revision }: { id: string; revision: number }): string => `${id} ${revision}`;

function commitSpans(event: EventView, traced: { trace: EventTrace; receivedMs: number } | undefined, beganMs: number, endedMs: number): ExportedSpan[] {
  const traceId = traceIdOf(event.id);
  const context = traced ? parseTraceparent(traced.trace.traceparent) : null;
  const parentId = context?.spanId ?? rootSpanIdOf(event.id);
  const attributes = { 'argus.event.id': event.id, 'argus.event.state': event.state, 'argus.event.revision': event.revision };
  const commit = own(traceId, { spanId: commitSpanId(event.id, event.revision), parentId, name: 'commit', startMs: beganMs, endMs: endedMs, attributes });
  if (!traced) return [commit];
  const { journalledMs, spans } = traced.trace;
  const journal: ExportedSpan = { traceId, service: 'argus-inference', spanId: spanIdOf(event.id, event.revision, 'journal'), parentId, name: 'journal', startMs: journalledMs, endMs: traced.receivedMs, attributes: {} };
  return [...spans.map((span) => ({ ...span, traceId, service: 'argus-inference' as const })), journal, commit];
}
