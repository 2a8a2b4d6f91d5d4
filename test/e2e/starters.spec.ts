import { join } from 'node:path';
import type { Event } from '@argus/contracts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StarterSite, type RunningStarter } from '../../apps/gateway/test/starter-site.js';
import { streetPictures } from '../../apps/gateway/test/street-pictures.js';
import { launchBrowser, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser();
if (problem) console.log(`skipped: ${problem}`);
const shots = process.env['ARGUS_SHOTS'];
const HOSTILE = '<img src=x onerror="document.title=\'taken\'"> & 门口 <script>document.title="taken"</script>';
const HOUR_MS = 3_600_000;

/** Real: the starters that have a page, a gateway with PostgreSQL, pictures of the shipped street, Chromium. The engine is a small client of its protocol. */
describe.skipIf(problem)('the starters in a browser', () => {
  let site: StarterSite;
  let browser: Browser;
  let pictures: Buffer[];

  beforeAll(async () => {
    [site, browser] = await Promise.all([StarterSite.open(), launchBrowser()]);
    pictures = streetPictures(6, 'fps=1,crop=240:320');
    const names = ['Gate', 'Loading bay', '仓库 Storehouse', 'Reception', 'Car park, level 2'];
    // A day as it might be: some more by day, each camera differently.
    for (const [at, name] of names.entries()) for (let hour = 23; hour >= 0; hour -= 1) {
      const startedAt = new Date(Date.now() - hour * HOUR_MS - 400_000 * (at + 1)).toISOString();
      for (let count = (hour * 7 + at * 3) % 4; count > 0; count -= 1) await site.happen(name, { startedAt, ruleName: at % 2 === 0 ? 'Somebody in the yard' : 'Too long at the door' }, hour < 3 ? pictures[(at + count) % 6] : undefined);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(url: string, size: { width: number; height: number }): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
    const context = await browser.newContext({ viewport: size, locale: 'en-US', timezoneId: 'Asia/Kathmandu' });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    // What the policy of the page refuses is told here.
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(url);
    return { context, page, faults };
  }

  /** Wide and narrow, light and dark, in both languages. */
  async function shot(page: Page, name: string): Promise<void> {
    if (!shots) return;
    const size = page.viewportSize();
    for (const [width, height] of [[1440, 900], [390, 844]] as const) for (const scheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: width === 390 });
    }
    if (size) await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: 'light' });
  }

  const fitsNarrow = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  it('monitor-board shows the day by camera and hour, and an event as it happens', async () => {
    const { key } = await site.gateway.withKey(['event.read']);
    const board = await site.start('monitor-board', ['--port', '0'], { ARGUS_API_KEY: key as string });
    const { context, page, faults } = await open(board.url, { width: 1440, height: 900 });
    await page.getByText('Live', { exact: true }).waitFor();
    const hours = page.getByRole('table');
    await hours.getByRole('rowheader', { name: 'Loading bay' }).waitFor();
    expect(await hours.getByRole('row').count()).toBe(6);
    const newest = page.getByRole('list').getByRole('listitem').first();
    await site.happen(HOSTILE, { ruleName: 'Gate left open' }, pictures[0]);
    await newest.getByText('Gate left open').waitFor();
    expect(await newest.getByText(HOSTILE).count()).toBe(1);
    await expect.poll(() => newest.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(240);
    // The last hour of that camera has one.
    expect(await hours.getByRole('row').filter({ has: page.getByRole('rowheader', { name: HOSTILE }) }).getByRole('cell').nth(23).textContent()).toBe('1');
    await shot(page, 'board');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '现场动态' }).waitFor();
    await shot(page, 'board-zh');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fitsNarrow(page)).toBe(true);
    expect([await page.title(), faults]).toEqual(['现场动态', []]);
    await board.end();
    await page.getByText('与 Argus 断开').waitFor();
    await context.close();
  });

  describe('phone-app', () => {
    let app: RunningStarter;
    let context: BrowserContext;
    let page: Page;
    let faults: string[];
    let event: Event;

    beforeAll(async () => {
      const { key } = await site.gateway.withKey(['event.read', 'event.acknowledge']);
      app = await site.start('phone-app', ['--port', '0'], { ARGUS_API_KEY: key as string });
      ({ context, page, faults } = await open(app.url, { width: 390, height: 844 }));
    });
    afterAll(() => context?.close());

    it('can be installed', async () => {
      const devtools = await context.newCDPSession(page);
      const { errors, data } = await devtools.send('Page.getAppManifest');
      expect([errors, JSON.parse(data ?? '{}')]).toEqual([[], expect.objectContaining({ name: 'Argus events', display: 'standalone', start_url: '/' })]);
      expect((await devtools.send('Page.getInstallabilityErrors')).installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
      expect(await page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active?.scriptURL))).toBe(`${app.url}/service-worker.js`);
      await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    });

    it('lists an event as it happens, shows it closer up, and marks it as seen', async () => {
      event = await site.happen(HOSTILE, { ruleName: 'Gate left open' }, pictures[0]);
      const row = page.getByRole('listitem').filter({ has: page.locator(`[href$="${event.id}"]`) });
      await row.getByText(HOSTILE).waitFor();
      expect(await row.getByText('Gate left open').count()).toBe(1);
      await expect.poll(() => row.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(240);
      expect(await fitsNarrow(page)).toBe(true);
      await shot(page, 'phone-list');
      await row.getByRole('link').click();
      await page.waitForURL(`**/#/event/${event.id}`);
      await expect.poll(() => page.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(240);
      await page.getByRole('definition').filter({ hasText: HOSTILE }).waitFor();
      await shot(page, 'phone-event');
      await page.getByRole('button', { name: 'Mark as seen' }).click();
      await page.getByRole('term').filter({ hasText: 'Seen by' }).waitFor();
      expect(await page.getByRole('button', { name: 'Mark as seen' }).count()).toBe(0);
      expect((await site.gateway.owner.call('getEvent', { params: { id: event.id } })).body).toMatchObject({ acknowledgedAt: expect.any(String) });
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByRole('term').filter({ hasText: '查看人' }).waitFor();
      await shot(page, 'phone-event-zh');
      await page.getByRole('link', { name: '返回列表' }).click();
      await page.getByRole('button', { name: '未查看' }).click();
      await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(0);
      expect(await row.count()).toBe(0);
      await shot(page, 'phone-list-zh');
      await page.getByRole('button', { name: 'English' }).click();
      expect([await page.title(), faults]).toEqual(['Events', []]);
    });

    it('opens without a network, keeps no footage, and has its list again with it', async () => {
      await context.setOffline(true);
      await page.reload();
      await page.getByRole('heading', { name: 'Events' }).waitFor();
      await page.getByText('No connection.').waitFor();
      expect(await page.getByText('Loading…').count()).toBe(0);
      expect(await page.getByRole('listitem').count()).toBe(0);
      await shot(page, 'phone-offline');
      const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
      expect(kept.sort()).toEqual(['/', '/app.css', '/app.js', '/icon.svg', '/manifest.webmanifest', '/texts.js', '/views.js']);
      await context.setOffline(false);
      await page.getByRole('listitem').first().waitFor();
      expect(await page.getByText('No connection.').isVisible()).toBe(false);
    });
  });
});
