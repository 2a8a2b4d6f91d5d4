import type { Camera, Page as ListPage, Timeline } from '@argus/contracts';
import { type Product, waitFor } from '@argus/testing';
import type { Page } from 'playwright-core';

/** One of the demo's cameras records everything, and is looked at three times a second; the others are off. Comes back once some seconds are there. */
export async function recordOnly(product: Product, name: string): Promise<Camera> {
  const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
  const camera = items.find((one) => one.name === name) as Camera;
  for (const one of items) {
    const mine = one.id === camera.id;
    await product.api('PUT', `/cameras/${one.id}`, { ...one, enabled: mine, analysisFps: 3, recording: { ...one.recording, mode: mine ? 'continuous' : 'off' } });
  }
  await waitFor(async () => (await newestSeconds(product, camera)) > 8, 60_000, () => `nothing is recorded; ${product.output()}`);
  return camera;
}

/** What there is of the last ten minutes. */
export async function lastFootage(product: Product, camera: Camera): Promise<Timeline['cameras'][number]> {
  const range = `from=${new Date(Date.now() - 600_000).toISOString()}&to=${new Date().toISOString()}`;
  const { cameras } = await product.api<Timeline>('GET', `/timeline?camera=${camera.id}&${range}&buckets=1`);
  return cameras[0] as Timeline['cameras'][number];
}

async function newestSeconds(product: Product, camera: Camera): Promise<number> {
  const last = (await lastFootage(product, camera)).spans.at(-1);
  return last ? (Date.parse(last.endAt) - Date.parse(last.startAt)) / 1000 : 0;
}

/** What the page says is played, and what the video element shows, read at once: milliseconds since 1970. */
export const placesOf = (page: Page) =>
  page.evaluate(() => {
    const element = document.querySelector<HTMLVideoElement>('[data-testid="footage"]');
    const moment = document.querySelector<HTMLTimeElement>('[data-testid="timeline-moment"]');
    return { video: (element?.currentTime ?? 0) * 1000, page: Date.parse(moment?.dateTime ?? ''), ready: (element?.readyState ?? 0) >= 2 && !element?.seeking };
  });

/** Waits for the video to be at a moment, and tells where it is then. */
export async function settledAt(page: Page, atMs: number, closeMs: number): Promise<{ video: number; page: number }> {
  await waitFor(async () => {
    const { video: ms, ready } = await placesOf(page);
    return ready && Math.abs(ms - atMs) < closeMs;
  }, 30_000, () => 'the video did not come to the moment');
  return placesOf(page);
}
