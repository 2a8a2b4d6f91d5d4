import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Event, type Page, RunFile } from '@argus/contracts';
import { type Product, type WebhookReceiver, isBuilt, isSignatureValid, startProduct, startWebhookReceiver, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Rounds of kill -9; 3 in the everyday run, more with ARGUS_KILL_ROUNDS. */
const ROUNDS = Number(process.env['ARGUS_KILL_ROUNDS'] ?? 3);
const VICTIMS = ['gateway', 'inference', 'postgres'] as const;

/** Real: the whole product, embedded Postgres, four demo cameras, a webhook receiver over HTTP, kill -9. */
describe.skipIf(!isBuilt())('kill -9 in a loop while events flow', () => {
  let receiver: WebhookReceiver;
  let product: Product;
  let secret: string;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    product = await startProduct({ demo: true });
    const webhook = await product.api<{ secret: string }>('POST', '/webhooks', { name: 'receiver', url: receiver.url, events: ['event.confirmed'], allowPrivate: true });
    secret = webhook.secret;
  });

  afterAll(async () => {
    await product?.stop();
    await receiver?.close();
  });

  it('loses no confirmed event and makes none twice', async () => {
    await waitFor(() => receiver.received.length > 0, 60_000, () => `no event arrived; ${product.output()}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const victim of VICTIMS) await killAndAwaitReturn(product, victim);
    }
    const before = new Set(receiver.received.map((delivery) => delivery.deliveryId)).size;
    await waitFor(() => new Set(receiver.received.map((delivery) => delivery.deliveryId)).size > before, 60_000, () => `events stopped after the kills; ${product.output()}`);

    const rows = await allConfirmed(product);
    const wanted = new Set(rows.map((event) => event.id));
    expect(wanted.size).toBe(rows.length);
    await waitFor(() => [...wanted].every((id) => deliveredIds(receiver).has(id)), 90_000, () => `${[...wanted].filter((id) => !deliveredIds(receiver).has(id)).length} of ${wanted.size} confirmed events were not delivered`);
    expect(receiver.received.every((delivery) => isSignatureValid(delivery, secret))).toBe(true);

    // And the other way round: nothing was announced that the table does not know.
    const known = new Set((await allConfirmed(product)).map((event) => event.id as string));
    expect([...deliveredIds(receiver)].filter((id) => !known.has(id))).toEqual([]);
  }, 900_000);

  const deliveredIds = (from: WebhookReceiver) => new Set(from.received.flatMap(({ payload }) => ('event' in payload ? [payload.event.id as string] : [])));
});

async function killAndAwaitReturn(product: Product, name: string): Promise<void> {
  const pid = await product.pidOf(name);
  process.kill(pid, 'SIGKILL');
  await waitFor(
    async () => {
      const { processes } = RunFile.parse(JSON.parse(await readFile(join(product.dataDir, 'run.json'), 'utf8')));
      const entry = processes.find((candidate) => candidate.name === name);
      return entry?.state === 'up' && entry.pid !== pid;
    },
    60_000,
    () => `${name} did not come back after kill -9; ${product.output()}`,
  );
  // Long enough for events to be in every stage of their way when the next one dies.
  await new Promise((wake) => setTimeout(wake, 4000));
}

/** Every event that was ever confirmed, by walking the pages. */
async function allConfirmed(product: Product): Promise<Event[]> {
  const events: Event[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Event> = await product.api('GET', `/events?state=confirmed,ended&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return events;
}
