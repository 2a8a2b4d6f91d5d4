import type { Camera, Dataset, Page as ListPage } from '@argus/contracts';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, whyNoBrowser } from './browser.js';
import { beginJob, expectCocoOf, harvestAll } from './learn-steps.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: the whole product with its four demo cameras, recording, worker and models, Chromium. The steps build on each other. */
describe.skipIf(problem)('from recordings to a labelled set in a browser', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    product = await startProduct({ demo: true });
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    await waitFor(async () => {
      const timelines = await Promise.all(items.map(({ id }) => product.api<{ cameras: { spans?: unknown[] }[] }>('GET', `/timeline?camera=${id}&from=${new Date(Date.now() - 600_000).toISOString()}&to=${new Date().toISOString()}&buckets=10`)));
      return timelines.every((timeline) => JSON.stringify(timeline).includes('"startAt"') || JSON.stringify(timeline.cameras[0]).length > 300);
    }, 90_000);
    // Two files or three of each.
    await page.waitForTimeout(20_000);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const job = async (kind: string, fill: () => Promise<unknown>): Promise<void> => {
    await page.getByRole('button', { name: 'New job' }).first().click();
    await page.getByLabel('What is to be done').selectOption({ label: kind });
    await beginJob(page, kind, fill);
  };

  it('writes a recipe and runs it', async () => {
    await page.goto(`${product.url}/harvest/new`);
    await harvestAll(page, 'Streets');
    await page.locator('a[href^="/datasets/"]').first().click();
    await page.waitForURL('**/datasets/*');
    await page.getByText('Street east').first().waitFor();
  });

  it('chooses twenty pictures that differ, labels them, and exports what others read', async () => {
    await page.getByRole('link', { name: 'Jobs' }).click();
    await job('Choose pictures that differ', () => page.getByLabel('How many').fill('20'));
    await job('Label with a model', async () => {
      await page.getByLabel('Only these labels').fill('person');
      await page.keyboard.press('Enter');
    });
    await job('Export', async () => {
      await page.getByLabel('Format').selectOption({ label: 'COCO' });
      // Nobody has looked at them yet: that is said, and they come along only because that is wanted.
      await page.getByText(/Nobody has looked at any of the .* labels of this set/).waitFor();
      await page.getByLabel('Include labels that only a model has made').click();
    });
    const { items } = await product.api<ListPage<Dataset>>('GET', '/datasets');
    expect(items[0]?.counts.labels['person']).toBeGreaterThan(20);
    await expectCocoOf(page, items[0], product.dataDir);
    expect(faults).toEqual([]);
  });
});
