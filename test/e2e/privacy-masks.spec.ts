import type { Camera } from '@argus/contracts';
import { type Product, type RtspCameras, isBuilt, startProduct, startRtspCameras } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, becomeOwner } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Notes in each frame of the animation whether anything can be seen where the mask is, and how the tile calls itself, as `state:what`. Runs in the page. */
function watchTile(): void {
  const notes: string[] = [];
  Object.assign(window, { notes });
  const look = () => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=live-tile]');
    if (canvas) {
      const scale = Math.min(canvas.width / 768, canvas.height / 576);
      const [left, top] = [(canvas.width - 768 * scale) / 2, (canvas.height - 576 * scale) / 2];
      const pixels = canvas.getContext('2d')?.getImageData(left + 768 * scale * 0.3, top + 576 * scale * 0.3, 768 * scale * 0.4, 576 * scale * 0.4).data ?? new Uint8ClampedArray(4);
      let [count, sum, squares, opaque] = [0, 0, 0, 0];
      for (let at = 0; at < pixels.length; at += 4) {
        const value = pixels[at] as number;
        [count, sum, squares, opaque] = [count + 1, sum + value, squares + value * value, opaque + (pixels[at + 3] as number)];
      }
      const what = opaque === 0 ? 'empty' : squares / count - (sum / count) ** 2 < 5 ? 'covered' : 'picture';
      const note = `${canvas.dataset['state']}:${what}`;
      if (notes.at(-1) !== note) notes.push(note);
    }
    requestAnimationFrame(look);
  };
  look();
}

/** Real: the whole product, embedded Postgres, an RTSP camera, two Chromium windows. */
describe.skipIf(problem)('privacy masks in a browser', () => {
  let product: Product;
  let cameras: RtspCameras;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [product, cameras, browser] = await Promise.all([startProduct(), startRtspCameras({ cameras: [{ path: 'gate' }] }), launchBrowser()]);
    ({ page, faults } = await openPage(browser));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await cameras?.kill();
  });

  it('are drawn and saved, and whoever watches meanwhile sees nothing below them from then on', async () => {
    // Nothing that the street has: boxes would be drawn over the mask.
    const camera = await product.api<Camera>('POST', '/cameras', { name: 'Gate', url: cameras.url('gate'), labels: ['zebra'] });
    await becomeOwner(page, product.setUpLink);
    const other = await browser.newContext({ storageState: await page.context().storageState(), viewport: { width: 1280, height: 800 } });
    const live = await other.newPage();
    await live.goto(`${product.url}/live`);
    await live.locator('[data-testid=live-tile][data-state=live]').waitFor({ timeout: 60_000 });
    await live.evaluate(watchTile);
    // From here on: the first pictures are painted some time after the tile is live.
    await expect.poll(() => live.evaluate('notes.at(-1)'), { timeout: 30_000 }).toBe('live:picture');
    await live.evaluate('notes.splice(0, notes.length - 1)');

    await page.goto(`${product.url}/cameras/${camera.id}`);
    await page.getByRole('button', { name: 'Privacy masks' }).click();
    const picture = page.getByRole('application', { name: 'Picture with privacy masks' });
    await page.getByRole('button', { name: 'Draw mask' }).click();
    const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
    for (const [x, y] of [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]] as const) await picture.click({ position: { x: x * width, y: y * height } });
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of the mask').fill('Yard');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.waitForURL('**/cameras');

    await expect.poll(() => live.evaluate('notes.at(-1)'), { timeout: 20_000 }).toBe('live:covered');
    await live.waitForTimeout(5000);
    const notes = (await live.evaluate('notes')) as string[];
    expect(notes[0]).toBe('live:picture');
    // Once the picture went, there was none without the mask any more.
    expect(notes.slice(1).filter((note) => note.endsWith(':picture'))).toEqual([]);
    expect(notes.filter((note) => note.endsWith(':empty')).length).toBeGreaterThan(0);
    expect((await product.api<Camera>('GET', `/cameras/${camera.id}`)).privacyMasks).toMatchObject([{ name: 'Yard', enabled: true }]);
    expect(faults).toEqual([]);
  });
});
