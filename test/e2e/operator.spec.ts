import type { Camera, Event, Page as ListPage } from '@argus/contracts';
import { type Product, type RtspCameras, isBuilt, startProduct, startRtspCameras, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectOverlays, launchBrowser, openPage, signIn, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const PASSWORD = 'correct horse battery staple';

/** Real: the whole product, embedded Postgres, an RTSP camera, Chromium. The steps build on each other. */
describe.skipIf(problem)('an operator in a browser', () => {
  let product: Product;
  let cameras: RtspCameras;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [product, cameras, browser] = await Promise.all([startProduct(), startRtspCameras({ cameras: [{ path: 'gate', user: { user: 'viewer', password: 'pässword', scheme: 'digest' } }] }), launchBrowser()]);
    ({ page, faults } = await openPage(browser));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await cameras?.kill();
  });

  it('makes the first account by the one-time link, which then is used up', async () => {
    await page.goto(product.setUpLink);
    await page.getByLabel('Name').fill('owner');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.waitForURL('**/live');
    const again = await fetch(`${product.url}/api/v1/auth/set-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: product.url },
      body: JSON.stringify({ token: new URL(product.setUpLink).searchParams.get('token'), name: 'intruder', password: PASSWORD }),
    });
    expect(again.status).toBeGreaterThanOrEqual(400);
  });

  it('is told why a connection fails, then sees the picture', async () => {
    await page.goto(`${product.url}/cameras`);
    await page.getByRole('link', { name: 'Add camera' }).first().click();
    await page.getByLabel('Stream URL').fill(cameras.url('gate').replace(/:[^:@/]+@/, ':wrong@'));
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('alert').getByText('Wrong name or password').waitFor({ timeout: 30_000 });
    await page.getByLabel('Stream URL').fill(cameras.url('gate'));
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/Connected in/).waitFor({ timeout: 30_000 });
    await page.getByAltText('Picture of the tested stream').waitFor();
  });

  it('draws an area on that picture and saves the camera', async () => {
    await page.getByLabel('Name', { exact: true }).fill('North gate');
    await page.getByRole('button', { name: 'Draw area' }).click();
    const picture = page.getByRole('application', { name: 'Picture with zones' });
    const box = await picture.boundingBox();
    if (!box) throw new Error('the picture is not shown');
    for (const [x, y] of [[0.05, 0.2], [0.95, 0.2], [0.95, 0.95], [0.05, 0.95]] as const) {
      await picture.click({ position: { x: box.width * x, y: box.height * y } });
      // Two quick clicks are a double click, which ends the drawing.
      await page.waitForTimeout(600);
    }
    await page.getByRole('button', { name: 'Finish area' }).click();
    await page.getByLabel('Name of the Area').fill('Yard');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.waitForURL(/cameras\/[0-9a-f-]{36}$/);
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    expect(items).toHaveLength(1);
    expect(items[0]?.zones).toMatchObject([{ name: 'Yard', kind: 'area' }]);
    expect(items[0]?.zones[0]?.points).toHaveLength(4);
    expect(JSON.stringify(items)).not.toContain(encodeURIComponent('pässword'));
  });

  it('makes a rule for that area', async () => {
    await page.goto(`${product.url}/rules`);
    await page.getByRole('link', { name: 'Add rule' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Somebody in the yard');
    await page.getByLabel('Zone', { exact: true }).selectOption('Yard');
    await page.getByLabel('When it').selectOption('inside');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Somebody in the yard').first().waitFor();
  });

  it('sees boxes that move with the persons on the live wall', async () => {
    const overlays = collectOverlays(page);
    await page.goto(`${product.url}/live`);
    const tile = page.getByTestId('live-tile').first();
    await waitFor(async () => (await tile.getAttribute('data-state')) === 'live' && Number(await tile.getAttribute('data-boxes')) > 0, 45_000, () => `no boxes on the wall; ${product.output()}`);
    await waitFor(() => furthestMove(overlays) > 0.02, 30_000, () => `no box moved over ${overlays.length} overlays`);
  });

  it('sees the event, with its picture, confirmed', async () => {
    await page.goto(`${product.url}/events`);
    const card = page.locator('[data-event]').first();
    await card.waitFor({ timeout: 60_000 });
    await card.click();
    await page.waitForURL(/events\/[0-9a-f-]{36}/);
    await waitFor(async () => {
      const { items } = await product.api<ListPage<Event>>('GET', '/events?state=confirmed,ended&limit=1');
      return items[0]?.ruleName === 'Somebody in the yard' && items[0].snapshotKey !== null;
    }, 30_000, () => 'no confirmed event with a picture');
    await waitFor(() => page.locator('img').evaluateAll((images) => images.some((image) => (image as HTMLImageElement).naturalWidth > 100)), 15_000, () => 'no picture of the event is shown');
  });

  it('signs out, and the session is worth nothing any more', async () => {
    const cookies = await page.context().cookies();
    await page.getByRole('button', { name: 'Account and settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in**');
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${product.url}/api/v1/cameras`, { headers: { cookie } });
    expect(answer.status).toBe(401);
    expect(faults).toEqual([]);
  });

  it('may look but not change without the right: the buttons are away and the same calls get 403', async () => {
    await product.api('POST', '/users', { name: 'guard', password: PASSWORD, role: 'viewer' });
    const guard = await signIn(browser, `${product.url}/sign-in`, 'guard', PASSWORD);
    await guard.page.goto(`${product.url}/cameras`);
    await guard.page.getByText('North gate').first().waitFor();
    expect(await guard.page.getByRole('link', { name: 'Add camera' }).count()).toBe(0);
    const answers = await guard.page.evaluate(async () => {
      const send = async (method: string, path: string, body?: unknown) =>
        (await fetch(`/api/v1${path}`, { method, headers: { 'content-type': 'application/json' }, body: body === undefined ? null : JSON.stringify(body) })).status;
      const { items } = (await (await fetch('/api/v1/cameras')).json()) as { items: { id: string }[] };
      return {
        camera: await send('POST', '/cameras', { name: 'x', url: 'rtsp://127.0.0.1/x' }),
        remove: await send('DELETE', `/cameras/${items[0]?.id}`),
        rule: await send('POST', '/rules', { name: 'x', condition: { kind: 'count', comparison: 'over', threshold: 1 } }),
        webhook: await send('POST', '/webhooks', { name: 'x', url: 'https://example.com/' }),
        users: await send('GET', '/users'),
        audit: await send('GET', '/audit'),
      };
    });
    expect(answers).toEqual({ camera: 403, remove: 403, rule: 403, webhook: 403, users: 403, audit: 403 });
    expect(guard.faults).toEqual([]);
  });
});

/** How far the box of any one track has come, as a share of the picture. */
function furthestMove(overlays: ReturnType<typeof collectOverlays>): number {
  const starts = new Map<string, { x: number; y: number }>();
  let furthest = 0;
  for (const { trackId, box } of overlays.flatMap((overlay) => overlay.objects)) {
    const start = starts.get(trackId) ?? box;
    starts.set(trackId, start);
    furthest = Math.max(furthest, Math.hypot(box.x - start.x, box.y - start.y));
  }
  return furthest;
}
