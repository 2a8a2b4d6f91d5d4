import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isBuilt } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { openAsOwner, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: gateway, PostgreSQL, the built dashboard, Chromium. That the programs work is shown by apps/gateway/src/examples.medium.ts. */
describe.skipIf(problem)('example programs in a browser', () => {
  let gateway: RunningGateway;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    gateway = await runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    ({ browser, page, faults } = await openAsOwner(gateway.setUpLink));
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it('are found by a word in either language, shown as they are, and copied', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: gateway.url });
    await page.getByRole('button', { name: 'Account and settings' }).click();
    await page.getByRole('menuitem', { name: 'Example programs' }).click();
    const found = page.getByRole('list', { name: 'Example programs' }).getByRole('listitem');
    await expect.poll(() => found.count()).toBeGreaterThanOrEqual(8);
    await page.getByRole('searchbox', { name: 'Search examples' }).fill('签名 测试投递');
    await expect.poll(() => found.count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Search examples' }).fill('webhook sign test delivery');
    await page.getByText('1 example', { exact: true }).waitFor();
    await found.getByRole('link').click();
    await page.waitForURL('**/examples/receive-webhook?find=webhook*');
    const panel = page.getByRole('complementary', { name: 'Receive and verify a signed webhook' });
    await panel.getByText('node examples/receive-webhook.ts', { exact: false }).first().waitFor();
    await panel.getByRole('button', { name: 'Copy source' }).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toBe(readFileSync(resolve('examples/receive-webhook.ts'), 'utf8'));
    // An address that somebody was sent.
    await page.reload();
    await panel.waitFor();
    await page.getByRole('searchbox', { name: 'Search examples' }).fill('nothing of that kind');
    await page.getByText('No example has').waitFor();
    expect(faults).toEqual([]);
  });
});
