import type { Camera, EventView, Page as ListPage } from '@argus/contracts';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, whyNoBrowser } from './browser.js';
import { lastFootage, placesOf, recordOnly, settledAt } from './footage-page.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const BEFORE_EVENT_MS = 3000;
const CLOSE_MS = 500;
/** A picture is sought to in its middle; what the element gives back is rounded. */
const SAME_MS = 5;

/** Real: the whole product, its demo camera (H.264, recorded as it comes), Chromium's own decoder. The steps build on each other. */
describe.skipIf(problem)('somebody who looks for what happened', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let camera: Camera;
  let event: EventView;

  beforeAll(async () => {
    product = await startProduct({ demo: true });
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const footage = () => lastFootage(product, camera);
  const video = () => page.getByTestId('footage').first();
  const places = () => placesOf(page);
  const settled = (atMs: number, closeMs = CLOSE_MS) => settledAt(page, atMs, closeMs);

  it('is told that no camera records, and where to turn it on', async () => {
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    for (const one of items) await product.api('PUT', `/cameras/${one.id}`, { ...one, recording: { ...one.recording, mode: 'off' } });
    await page.goto(`${product.url}/timeline`);
    await page.getByText('No camera records yet').waitFor();
    await page.getByRole('link', { name: /Turn on recording for/ }).click();
    await page.waitForURL(/cameras\/[0-9a-f-]{36}$/);
    await page.getByText('Recording', { exact: true }).first().waitFor();
  });

  it('opens an event with footage, and lands on the timeline three seconds before it', async () => {
    camera = await recordOnly(product, 'Street north');
    // A count keeps the picture of its first moment; others take a better one later.
    const rule = await product.api<{ id: string }>('POST', '/rules', { name: 'Somebody is there', labels: ['person'], condition: { kind: 'count', zone: null, comparison: 'over', threshold: 0, holdSeconds: 0 } });
    event = await waitFor(
      async () => {
        const { items: events } = await product.api<ListPage<EventView>>('GET', `/events?rule=${rule.id}`);
        const last = (await footage()).spans.at(-1);
        return events.find((one) => one.snapshotKey !== null && Date.parse(last?.endAt ?? '') > Date.parse(one.startedAt) + 15_000);
      },
      120_000,
      () => `no event with footage around it; ${product.output()}`,
    );
    await page.goto(`${product.url}/events/${event.id}`);
    await page.getByRole('link', { name: 'Show footage', exact: true }).click();
    await page.waitForURL('**/timeline?**');
    const wanted = Date.parse(event.startedAt) - BEFORE_EVENT_MS;
    const { video: ms, page: said } = await settled(wanted);
    expect(Math.abs(said - wanted)).toBeLessThan(1);
    expect(Math.abs(ms - wanted)).toBeLessThan(CLOSE_MS);
    expect(await video().getAttribute('data-phase')).toBe('shown');
  });

  it('plays on through the event, the picture never far from what the page says', async () => {
    await page.getByRole('button', { name: 'Play (Space)' }).click();
    const end = Date.parse(event.startedAt) + 2000;
    await waitFor(async () => {
      const { video: ms, page: said, ready } = await places();
      if (ready) expect(Math.abs(ms - said)).toBeLessThan(CLOSE_MS);
      return ms > end;
    }, 60_000, () => 'it does not play');
    await page.getByRole('button', { name: 'Pause (Space)' }).click();
  });

  it('finds the picture of the event where the timeline says that it is', async () => {
    const found = await closestToSnapshot();
    expect(Math.abs(found.ms - Date.parse(event.startedAt))).toBeLessThan(CLOSE_MS);
  });

  /** Steps picture by picture over two seconds before and after the event, and compares each with the stored one. */
  async function closestToSnapshot(): Promise<{ ms: number; difference: number; steps: number }> {
    const startMs = Date.parse(event.startedAt);
    await page.goto(`${product.url}/timeline?camera=${camera.id}&t=${new Date(startMs - 2000).toISOString()}`);
    await settled(startMs - 2000);
    const best = { ms: 0, difference: Infinity, steps: 0 };
    for (let before = 0; ; ) {
      const { video: ms } = await settled((await places()).page, SAME_MS);
      expect(ms).toBeGreaterThan(before);
      before = ms;
      const difference = await page.evaluate(differenceTo, `/api/v1/events/${event.id}/snapshot.jpg`);
      if (difference < best.difference) Object.assign(best, { ms, difference });
      best.steps += 1;
      if (ms > startMs + 2000) return best;
      await page.keyboard.press('.');
      await waitFor(async () => (await places()).page > ms + SAME_MS, 10_000, () => 'it does not step');
    }
  }

  it('steps back to the very picture it came from', async () => {
    const { video: ms } = await places();
    const shown: number[] = [];
    for (const key of ['.', '.', ',', ',']) {
      const before = (await places()).page;
      await page.keyboard.press(key);
      await waitFor(async () => (await places()).page !== before, 10_000, () => `no step by ${key}`);
      shown.push((await settled((await places()).page, SAME_MS)).video);
    }
    expect(shown[0]).toBeGreaterThan(ms);
    expect(shown[1]).toBeGreaterThan(shown[0] as number);
    expect(shown[2]).toBe(shown[0]);
    expect(Math.abs((shown[3] as number) - ms)).toBeLessThan(100);
  });

  it('saves the picture, and selects a range and downloads its footage', async () => {
    const [picture] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Shift+S')]);
    expect(picture.suggestedFilename()).toMatch(/^Street north_\d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.jpg$/);
    await page.keyboard.press('i');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('o');
    const link = page.getByRole('link', { name: 'Download clip' });
    const [clip] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(clip.suggestedFilename()).toMatch(/^Street-north.*\.mp4$/);
    await page.keyboard.press('Escape');
    await link.waitFor({ state: 'detached' });
  });

  it('is told where there is no footage, and jumps to where there is', async () => {
    const first = (await footage()).spans[0];
    await page.goto(`${product.url}/timeline?camera=${camera.id}&t=${new Date(Date.parse(first?.startAt ?? '') - 20_000).toISOString()}`);
    await page.getByText('No footage', { exact: true }).waitFor();
    await page.getByText(/^before .*\d\d:\d\d:\d\d$/).waitFor();
    await page.getByRole('button', { name: 'Next footage', exact: true }).click();
    await settled(Date.parse(first?.startAt ?? ''));
    expect(faults).toEqual([]);
  });

  it('gets it with the masks in it once the camera has some, without the right to the original', async () => {
    const { key } = await product.api<{ key: string }>('POST', '/api-keys', { name: 'viewer', permissions: ['recording.view'], cameraScope: null });
    const current = await product.api<Camera>('GET', `/cameras/${camera.id}`);
    const polygon = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }];
    await product.api('PUT', `/cameras/${camera.id}`, { ...current, privacyMasks: [{ name: 'Left', enabled: true, polygon }] });
    const fromMs = Date.parse(event.startedAt);
    const url = `${product.url}/api/v1/cameras/${camera.id}/footage.mp4?from=${new Date(fromMs).toISOString()}&to=${new Date(fromMs + 2000).toISOString()}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    expect([response.status, response.headers.get('argus-masked')]).toEqual([200, 'true']);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
    await product.api('PUT', `/cameras/${camera.id}`, current);
    expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(403);
  });

  it('sees nothing of it without the right', async () => {
    await page.route('**/api/v1/auth', async (route) => {
      const answer = await route.fetch();
      const state = (await answer.json()) as { account: { permissions: string[] } };
      state.account.permissions = state.account.permissions.filter((name) => name !== 'recording.view');
      await route.fulfill({ response: answer, json: state });
    });
    await page.goto(`${product.url}/timeline`);
    await page.getByText('You may not see footage').waitFor();
    expect(await page.getByRole('link', { name: 'Timeline' }).count()).toBe(0);
    await page.goto(`${product.url}/events/${event.id}`);
    await page.getByText('Detector').first().waitFor();
    expect(await page.getByRole('link', { name: 'Show footage', exact: true }).count()).toBe(0);
  });
});

/** Mean difference of the video's picture and a stored one, both made small; runs in the page. */
async function differenceTo(url: string): Promise<number> {
  const [width, height] = [160, 120];
  const pixels = (image: CanvasImageSource) => {
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(image, 0, 0, width, height);
    return context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  };
  const video = document.querySelector<HTMLVideoElement>('[data-testid="footage"]');
  if (!video) return Infinity;
  const stored = pixels(await createImageBitmap(await (await fetch(url)).blob()));
  const shown = pixels(video);
  return shown.reduce((sum, value, index) => sum + Math.abs(value - (stored[index] ?? 0)), 0) / shown.length;
}
