import { existsSync } from 'node:fs';
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
