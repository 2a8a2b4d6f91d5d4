import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why there is no browser test here; null when there can be one. */
export function whyNoBrowser(): string | null {
  return existsSync(CHROMIUM) ? null : `${CHROMIUM} is not there; install it with: apt-get install chromium`;
}

export function launchBrowser(): Promise<Browser> {
  // No background services: the tests run where only the own machine can be reached.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A page in English and UTC with its own cookies; whatever goes wrong in it is kept in `faults`. */
export async function openPage(browser: Browser): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, faults };
}

/** Makes the first account of a server by its one-time link. */
export async function becomeOwner(page: Page, link: string, password = 'correct horse battery staple'): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Name').fill('owner');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/live');
}

/** A browser in which the first account of a server is made, by its one-time link. */
export async function openAsOwner(link: string, password?: string): Promise<{ browser: Browser; page: Page; faults: string[] }> {
  const browser = await launchBrowser();
  const opened = await openPage(browser);
  await becomeOwner(opened.page, link, password);
  return { browser, ...opened };
}

/** A page of its own for somebody who has an account already. */
export async function signIn(browser: Browser, url: string, name: string, password: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(browser);
  await opened.page.goto(url);
  await opened.page.getByLabel('Name').fill(name);
  await opened.page.getByLabel('Password').fill(password);
  await opened.page.getByRole('button', { name: 'Sign in' }).click();
  await opened.page.waitForURL('**/live');
  return opened;
}

/** What a designer looks at, where ARGUS_SHOTS names a folder for it: on a phone and on a desk, in both themes. `high`: a long page in one picture. */
export async function takeShots(page: Page, name: string, high?: number): Promise<void> {
  const folder = process.env['ARGUS_SHOTS'];
  if (!folder) return;
  for (const [width, height] of [[390, 844], [1440, 900]] as const) for (const theme of ['light', 'dark']) {
    await page.setViewportSize({ width, height: high ?? height });
    await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme);
    // Colours glide.
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The same of pages as they are opened, by whom `page` belongs to; in Chinese too. */
export async function takeShotsOf(browser: Browser, page: Page, places: readonly (readonly [name: string, url: string])[]): Promise<void> {
  for (const locale of ['en-US', 'zh-CN']) {
    const context = await browser.newContext({ locale, storageState: await page.context().storageState() });
    const other = await context.newPage();
    for (const [name, url] of places) {
      await other.goto(url);
      await other.waitForLoadState('networkidle').catch(() => undefined);
      await takeShots(other, `${name}-${locale}`);
    }
    await context.close();
  }
}

/** Two pictures on: what was just drawn has its keys. A window hears of Escape a task after it is in the page. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Overlay messages of the live views of a page, as they arrive. */
export function collectOverlays(page: Page): { ptsUs: number; objects: { trackId: string; box: { x: number; y: number } }[] }[] {
  const overlays: ReturnType<typeof collectOverlays> = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string' || !payload.startsWith('{')) return;
      const message = JSON.parse(payload) as { type: string } & (typeof overlays)[number];
      if (message.type === 'overlay') overlays.push(message);
    }),
  );
  return overlays;
}
