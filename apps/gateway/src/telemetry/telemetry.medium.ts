import type { EngineConfig, EventTrace, TraceSpan } from '@argus/contracts';
import { newId, newSpanId, newTraceId, parseTraceparent, rootSpanIdOf, silentLogger, spanIdOf, traceIdOf, traceparentOf } from '@argus/kernel';
import { endedEvent, sampleEvent, startOtlpCollector, startWebhookReceiver, waitFor, type CollectedSpan, type OtlpCollector, type WebhookReceiver } from '@argus/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { SpanExporter } from './span-exporter.js';

/** Real: gateway, PostgreSQL, engine socket, a webhook's receiver, a collector over HTTP that knows the protocol. */
const KEY = 'collector-key';
let collector: OtlpCollector;
let receiver: WebhookReceiver;
beforeEach(async () => {
  [collector, receiver] = [await startOtlpCollector(), await startWebhookReceiver()];
});
afterEach(() => Promise.all([collector.close(), receiver.close()]));

const traceOf = (eventId: string, revision: number): EventTrace => {
  const now = Date.now();
  const [frame, event] = [revision === 1 ? rootSpanIdOf(eventId) : spanIdOf(eventId, revision, 'top'), spanIdOf(eventId, revision, 'event')];
  const span = (name: string, spanId: string, parentId: string | null, startMs: number, endMs: number): TraceSpan => ({ name, spanId, parentId, startMs, endMs, attributes: { 'argus.note': 'x' } });
  const spans = [span('frame', frame, revision === 1 ? null : rootSpanIdOf(eventId), now - 50.25, now - 10), span('inference', newSpanId(), frame, now - 40, now - 12.5), span('event confirmed', event, frame, now - 10, now)];
  return { traceparent: traceparentOf(traceIdOf(eventId), event), journalledMs: now, spans };
};
const named = (spans: readonly CollectedSpan[], name: string): CollectedSpan[] => spans.filter((span) => span.name === name);

describe('a gateway with a collector', () => {
  let gateway: RunningGateway;
  const configs: EngineConfig[] = [];

  it('completes an event\'s trace from the journal to its receiver, who is told where he is in it', async () => {
    gateway = await runGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${KEY}`, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test', ARGUS_TRACE_FRAMES: '0.5' });
    await gateway.owner.call('createWebhook', { body: { name: 'Here', url: receiver.url, events: ['event.confirmed', 'event.ended'], allowPrivate: true } });
    const engine = await connectEngine(gateway, (message) => (message.type === 'config' ? (configs.push(message.config), null) : null));
    await waitFor(() => configs.length > 0, 20_000);
    expect(configs.at(-1)?.tracing).toEqual({ frames: 0.5 });
    const [event, bootId] = [sampleEvent(), newId()];
    receiver.answer(503);
    engine.send({ type: 'event', entry: 'a', bootId, event, trace: traceOf(event.id, event.revision) });
    await waitFor(() => receiver.received.length === 1, 20_000);
    receiver.answer(200);
    const ended = endedEvent(event);
    engine.send({ type: 'event', entry: 'b', bootId, event: ended, trace: traceOf(event.id, ended.revision) });
    engine.send({ type: 'event', entry: 'b', bootId, event: ended, trace: traceOf(event.id, ended.revision) });
    engine.send({ type: 'traces', traces: [{ traceId: newTraceId(), spans: [{ name: 'frame', spanId: newSpanId(), parentId: null, startMs: Date.now() - 5, endMs: Date.now(), attributes: {} }] }] });
    await waitFor(() => named(collector.spans, 'webhook delivery').length >= 3, 30_000);
    expect(collector.refused).toEqual([]);
    expect(collector.headers['authorization']).toBe(`Bearer ${KEY}`);

    const spans = collector.spans.filter((span) => span.traceId === traceIdOf(event.id));
    expect(collector.spans.length - spans.length).toBe(1);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spans.length);
    expect(spans.filter((span) => span.parentId === null).map((span) => span.name)).toEqual(['frame']);
    for (const span of spans) {
      const parent = span.parentId === null ? null : byId.get(span.parentId);
      expect([span.name, parent]).not.toEqual([span.name, undefined]);
      if (parent) expect([span.name, span.startNs >= parent.startNs]).toEqual([span.name, true]);
    }
    const parentName = (span: CollectedSpan) => byId.get(span.parentId ?? '')?.name;
    for (const [name, parent, count] of [['inference', 'frame', 2], ['journal', 'event confirmed', 2], ['commit', 'event confirmed', 2], ['outbox', 'commit', 2], ['webhook delivery', 'outbox', 3]] as const) {
      expect(named(spans, name).map(parentName)).toEqual(Array.from({ length: count }, () => parent));
    }
    expect(new Set(named(spans, 'journal').map(({ service }) => service))).toEqual(new Set(['argus-inference']));
    expect(new Set(named(spans, 'commit').map(({ service }) => service))).toEqual(new Set(['argus-gateway']));
    // A failed attempt is a span of its own with its error; each attempt tells its receiver its own id.
    const deliveries = named(spans, 'webhook delivery');
    expect(deliveries.map(({ error, kind, attributes }) => [error !== null, kind, attributes['http.response.status_code']])).toEqual([[true, 3, 503], [false, 3, 200], [false, 3, 200]]);
    expect(receiver.received.map(({ traceparent }) => parseTraceparent(traceparent))).toEqual(deliveries.map(({ traceId, spanId }) => ({ traceId, spanId, sampled: true })));
    engine.close();
    await gateway.stop();
  });

  it('is told nothing, and tells receivers nothing, when no collector is named', async () => {
    gateway = await runGateway();
    await gateway.owner.call('createWebhook', { body: { name: 'Here', url: receiver.url, events: ['event.confirmed'], allowPrivate: true } });
    const engine = await connectEngine(gateway, () => null);
    const event = sampleEvent();
    engine.send({ type: 'event', entry: 'a', bootId: newId(), event, trace: traceOf(event.id, 1) });
    await waitFor(() => receiver.received.length === 1, 20_000);
    expect(receiver.received[0]?.traceparent).toBe('');
    await waitFor(() => engine.configs.length > 0, 20_000);
    expect(engine.configs.at(-1)).not.toHaveProperty('tracing');
    expect(collector.spans).toEqual([]);
    engine.close();
    await gateway.stop();
  });
});

describe('an event', () => {
  it('is committed all the same when its trace makes no sense', async () => {
    const gateway = await runGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const engine = await connectEngine(gateway, () => null);
    const event = sampleEvent();
    engine.send({ type: 'event', entry: 'a', bootId: newId(), event, trace: { traceparent: 'nonsense', spans: null } as unknown as EventTrace });
    await waitFor(async () => (await gateway.owner.call('getEvent', { params: { id: event.id } })).status === 200, 20_000);
    await waitFor(() => collector.spans.some(({ name, traceId }) => name === 'commit' && traceId === traceIdOf(event.id)), 20_000);
    engine.close();
    await gateway.stop();
  });
});

describe('SpanExporter', () => {
  const settingsFor = (endpoint: string) => ({ endpoint, headers: {}, timeoutMs: 1000, resource: {}, frames: 0 });
  const span = () => ({ service: 'argus-gateway' as const, traceId: newTraceId(), spanId: newSpanId(), parentId: null, name: 'one', startMs: 1_800_000_000_000.125, endMs: 1_800_000_000_000.5, attributes: { text: 'a', whole: 7, part: 0.5, yes: true } });

  it('keeps times and attributes', async () => {
    const exporter = new SpanExporter(settingsFor(`${collector.url}/v1/traces`), silentLogger);
    exporter.add([span()]);
    await exporter.close();
    expect(collector.spans[0]).toMatchObject({ startNs: 1_800_000_000_000_125_000n, endNs: 1_800_000_000_000_500_000n, attributes: { text: 'a', whole: 7, part: 0.5, yes: true } });
    expect(exporter.counts).toEqual({ exported: 1, failed: 0, dropped: 0 });
  });

  it('tries again what a collector could not take, and gives up what it refuses', async () => {
    const exporter = new SpanExporter(settingsFor(`${collector.url}/v1/traces`), silentLogger);
    collector.answer(503);
    exporter.add([span()]);
    await new Promise((wake) => setTimeout(wake, 1300));
    collector.answer(200);
    await waitFor(() => exporter.counts.exported === 1, 20_000);
    collector.answer(401);
    exporter.add([span(), span()]);
    await waitFor(() => exporter.counts.failed === 2, 20_000);
    await exporter.close();
    expect(collector.spans).toHaveLength(1);
  });

  it('bounds what waits, and does nothing when it is off', async () => {
    const exporter = new SpanExporter(settingsFor('http://127.0.0.1:9/v1/traces'), silentLogger);
    exporter.add(Array.from({ length: 10_000 }, span));
    expect(exporter.counts.dropped).toBe(10_000 - 8192);
    await exporter.close();
    expect(exporter.counts).toEqual({ exported: 0, failed: 512, dropped: 10_000 - 512 });
    const off = new SpanExporter(null, silentLogger);
    off.add([span()]);
    await off.close();
    expect([off.enabled, off.counts]).toEqual([false, { exported: 0, failed: 0, dropped: 0 }]);
  });
});
