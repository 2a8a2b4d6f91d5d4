import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt, startOtlpCollector, startProduct, startWebhookReceiver, waitFor, type CollectedSpan, type OtlpCollector, type Product, type WebhookReceiver } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../checkout.js';

if (!isBuilt()) console.warn('skipped: the whole product has to be built (npm run build)');

const STAGES = ['decode', 'gate', 'scale', 'queue', 'batch', 'inference', 'post', 'track'];

/** Real: the whole built product with a camera, a model, a rule and a webhook; its receiver and a collector of traces over HTTP; the command line. */
describe.skipIf(!isBuilt())('the product, watched', () => {
  let [collector, receiver]: [OtlpCollector, WebhookReceiver] = [] as never;
  let product: Product;
  let folder: string;
  const camera = 'Street 门口';

  const argus = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(CHECKOUT, 'apps/cli/bin/argus.mjs'), ...words, '--data', product.dataDir], { cwd: folder, timeout: 90_000 }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }));
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-profile-'));
    [collector, receiver] = await Promise.all([startOtlpCollector(), startWebhookReceiver()]);
    product = await startProduct({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ARGUS_TRACE_FRAMES: '0.2' } });
    await product.api('POST', '/webhooks', { name: 'Here', url: receiver.url, events: ['event.confirmed', 'event.ended'], allowPrivate: true });
    await product.api('POST', '/cameras', { name: camera, url: `file://${join(CHECKOUT, 'demo/street.mp4')}?loop=true&pace=realtime`, labels: ['person'] });
    await product.api('POST', '/rules', { name: 'Somebody', labels: ['person'], condition: { kind: 'count', comparison: 'over', threshold: 0, holdSeconds: 0 }, cooldownSeconds: 0 });
  });
  afterAll(async () => {
    await product?.stop();
    await Promise.all([collector?.close(), receiver?.close(), rm(folder, { recursive: true, force: true })]);
  });

  it('tells one trace from the picture to the webhook', async () => {
    const delivered = await waitFor(() => receiver.received.find(({ payload, status }) => payload.type === 'event.confirmed' && status === 200), 90_000);
    const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(delivered.traceparent) ?? [];
    if (delivered.payload.type === 'webhook.test') throw new Error('expected an event');
    expect(traceId).toBe(delivered.payload.event.id.replaceAll('-', ''));
    const own = () => collector.spans.filter((span) => span.traceId === traceId);
    await waitFor(() => own().some((span) => span.spanId === spanId), 30_000);
    expect(collector.refused).toEqual([]);
    const spans = own();
    const byId = new Map(spans.map((span) => [span.spanId, span]));

    // From the delivery that the receiver was told of, up to the picture.
    const way: CollectedSpan[] = [];
    for (let span = byId.get(spanId ?? ''); span; span = byId.get(span.parentId ?? '')) way.unshift(span);
    console.log(way.map(({ name, startNs, endNs }) => `${name} +${Number(startNs - (way[0]?.startNs ?? 0n)) / 1e6} ms, ${Number(endNs - startNs) / 1e6} ms`).join('; '));
    const names = way.map(({ name }) => name);
    expect(names.slice(-4)).toEqual(['event confirmed', 'commit', 'outbox', 'webhook delivery']);
    expect(names[0]).toBe('frame');
    expect(way[0]?.parentId).toBeNull();
    for (const [index, span] of way.entries()) if (index > 0) expect([span.name, span.startNs >= (way[index - 1] as CollectedSpan).startNs]).toEqual([span.name, true]);
    expect(way.map(({ service }) => service).at(0)).toBe('argus-inference');
    expect(way.map(({ service }) => service).at(-1)).toBe('argus-gateway');

    // The picture's own stages, one after the other.
    const stages = STAGES.map((name) => spans.find((span) => span.name === name && span.parentId === way[0]?.spanId));
    expect(stages.map((span) => span?.name)).toEqual(STAGES);
    for (const [index, span] of stages.entries()) if (index > 0) expect(span!.startNs).toBeGreaterThanOrEqual(stages[index - 1]!.startNs);
    const event = way.find(({ name }) => name.startsWith('event '))!;
    expect(event.startNs).toBeGreaterThanOrEqual(stages.at(-1)!.endNs - 1_000_000n);
    const journal = spans.find((span) => span.name === 'journal' && span.parentId === event.spanId)!;
    expect([journal.startNs >= event.startNs, way.find(({ name }) => name === 'commit')!.startNs >= journal.startNs]).toEqual([true, true]);

    // No span hangs in the air, and none of another event is among them.
    expect(spans.filter(({ parentId }) => parentId === null)).toHaveLength(1);
    expect(spans.filter(({ parentId }) => parentId !== null && !byId.has(parentId)).map(({ name }) => name)).toEqual([]);
  });

  it('traces some pictures without an event', async () => {
    const alone = await waitFor(() => {
      const names = new Map<string, string[]>();
      for (const { traceId, name } of collector.spans) names.set(traceId, [...(names.get(traceId) ?? []), name]);
      return [...names.values()].find((own) => own.includes('frame') && !own.some((name) => /event|commit/.test(name)));
    }, 60_000);
    expect(alone).toEqual(expect.arrayContaining(['frame', ...STAGES, 'publish']));
  });

  it('argus profile writes a trace and says how long the stages took', async () => {
    const { code, out, err } = await argus('profile', camera, '--seconds', '3', '--out', 'trace.json');
    expect([code, err]).toEqual([0, `Recording camera "${camera}" for 3 s …\n`]);
    for (const stage of [...STAGES, 'publish']) expect(out).toMatch(new RegExp(`^${stage} +[1-9]`, 'm'));
    expect(out).toContain('https://ui.perfetto.dev');
    const trace = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8')) as { traceEvents: { ph: string }[]; otherData: { subject: string } };
    expect(trace.otherData.subject).toBe(`camera "${camera}"`);
    expect(trace.traceEvents.filter(({ ph }) => ph === 'X').length).toBeGreaterThan(STAGES.length);
    const ofModel = await argus('profile', 'nanodet-g-416', '--seconds', '2', '--json', '--out', 'model.json');
    expect([ofModel.code, JSON.parse(ofModel.out)]).toEqual([0, expect.objectContaining({ subject: 'model "nanodet-g-416"', stages: [expect.objectContaining({ stage: 'batch' }), expect.objectContaining({ stage: 'inference' }), expect.objectContaining({ stage: 'post' })] })]);
  });

  it('argus profile says what it does not know', async () => {
    const { code, err } = await argus('profile', 'Nowhere');
    expect([code, err]).toEqual([1, expect.stringContaining('no camera is named "Nowhere" and no model has this id')]);
  });
});
