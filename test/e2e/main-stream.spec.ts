import type { Camera } from '@argus/contracts';
import { type Product, type RtspCameras, isBuilt, makeClip, startProduct, startRtspCameras, whyNoClips } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, becomeOwner } from './browser.js';

const problem = whyNoBrowser() ?? whyNoClips() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: the whole product, embedded Postgres, an RTSP camera with two streams, Chromium. */
describe.skipIf(problem)('a camera with a small stream for analysis in a browser', () => {
  let product: Product;
  let cameras: RtspCameras;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    const otherSize = makeClip({ width: 384, height: 288, fps: 10, seconds: 79 });
    [product, cameras, browser] = await Promise.all([startProduct(), startRtspCameras({ otherSize, cameras: [{ path: 'large' }, { path: 'small', clip: 'otherSize' }] }), launchBrowser()]);
    ({ page, faults } = await openPage(browser));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await cameras?.kill();
  });

  const connections = async (path: string): Promise<number> => (await cameras.counts())[path]?.connections ?? 0;

  it('shows the small one on a wall and the large one in full screen, both with boxes', async () => {
    const names = ['Gate', 'Yard'];
    for (const name of names) await product.api<Camera>('POST', '/cameras', { name, url: cameras.url('large'), analysisUrl: cameras.url('small'), labels: ['person'] });
    await becomeOwner(page, product.setUpLink);
    await page.locator('[data-testid=live-tile][data-state=live]').nth(1).waitFor({ timeout: 60_000 });
    expect(await connections('large')).toBe(0);

    await page.getByRole('figure', { name: 'Gate' }).dblclick();
    // The small one is there until the large one is.
    await page.locator('[data-testid=live-tile-main][data-state=live]').waitFor({ timeout: 30_000 });
    expect(await connections('large')).toBe(1);
    await page.locator('[data-testid=live-tile-main]:not([data-boxes="0"])').waitFor({ timeout: 30_000 });

    await cameras.fault('large', 'refuse');
    await page.getByText(/The main stream does not come .*: this is the stream for analysis\./).waitFor({ timeout: 30_000 });
    await page.locator('[data-testid=live-tile][data-state=live]').waitFor();
    await cameras.fault('large', 'none');
    await page.locator('[data-testid=live-tile-main][data-state=live]').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await page.locator('[data-testid=live-tile][data-state=live]').nth(1).waitFor({ timeout: 30_000 });
    expect(faults).toEqual([]);
  });

  it('says on the system page what the recorder and the main stream do', async () => {
    const { items } = await product.api<{ items: Camera[] }>('GET', '/cameras');
    const gate = items.find(({ name }) => name === 'Gate') as Camera;
    await product.api('PUT', `/cameras/${gate.id}`, { ...gate, recording: { ...gate.recording, mode: 'continuous' } });
    await page.goto(`${product.url}/system`);
    await page.getByRole('row', { name: /Gate/ }).getByText('main stream: online').waitFor({ timeout: 30_000 });
    await cameras.fault('large', 'refuse');
    await page.getByRole('row', { name: /Gate/ }).getByText('Not recording').waitFor({ timeout: 30_000 });
    expect(faults).toEqual([]);
  });
});
