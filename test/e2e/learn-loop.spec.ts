import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Camera, Dataset, Page as ListPage } from '@argus/contracts';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, becomeOwner } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
/** What the rest of the world reads COCO with. */
const hasReader = spawnSync('python3', ['-c', 'import pycocotools']).status === 0;
if (!hasReader) console.log('not read by a third party: python3 has no pycocotools');

/** Real: the whole product with its four demo cameras, recording, worker and models, Chromium. The steps build on each other. */
describe.skipIf(problem)('from recordings to a labelled set in a browser', () => {
  let folder: string;
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'argus-loop-'));
    [product, browser] = await Promise.all([startProduct({ dataDir: join(folder, 'data'), demo: true }), launchBrowser()]);
    ({ page, faults } = await openPage(browser));
    await becomeOwner(page, product.setUpLink);
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
    rmSync(folder, { recursive: true, force: true });
  });

  const job = async (kind: string, fill: () => Promise<void>): Promise<void> => {
    await page.getByRole('button', { name: 'New job' }).first().click();
    await page.getByLabel('What is to be done').selectOption({ label: kind });
    await fill();
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.locator('main').getByRole('listitem').filter({ hasText: kind }).first().getByText('Done', { exact: true }).waitFor({ timeout: 90_000 });
  };

  it('writes a recipe and runs it', async () => {
    await page.goto(`${product.url}/harvest/new`);
    await page.getByLabel('Name', { exact: true }).fill('Streets');
    await page.getByLabel('Days', { exact: true }).selectOption({ label: 'All that is recorded' });
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 90_000 });
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

    await page.locator('main').getByRole('listitem').filter({ hasText: 'Export' }).first().getByRole('button', { name: 'Show result' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    const zip = join(folder, 'set.zip');
    await download.saveAs(zip);
    execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', zip, join(folder, 'set')]);
    const file = execFileSync('find', [join(folder, 'set'), '-name', '*.json'], { encoding: 'utf8' }).trim().split('\n')[0] as string;
    const coco = JSON.parse(readFileSync(file, 'utf8')) as { images: unknown[]; annotations: { bbox: number[] }[]; categories: { name: string }[] };
    expect(coco.images).toHaveLength(items[0]?.counts.samples ?? -1);
    expect(coco.annotations).toHaveLength(items[0]?.counts.annotations ?? -1);
    expect(coco.categories.map(({ name }) => name)).toContain('person');
    if (hasReader) {
      const read = execFileSync('python3', ['-c', 'import sys\nfrom pycocotools.coco import COCO\nset = COCO(sys.argv[1])\nprint("read", len(set.getImgIds()), len(set.getAnnIds()))', file], { encoding: 'utf8' });
      expect(read).toContain(`read ${coco.images.length} ${coco.annotations.length}`);
    }
    expect(faults).toEqual([]);
  });
});
