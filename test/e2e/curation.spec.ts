import { resolve } from 'node:path';
import type { Dataset, Page as ListPage } from '@argus/contracts';
import { isBuilt } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { streetPictures } from '../../apps/gateway/test/street-pictures.js';
import { drawn, SetBench } from '../../apps/gateway/test/set-bench.js';
import { openAsOwner, settled, takeShots, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? whyNoWorker() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const shots = process.env['ARGUS_SHOTS'];

/** Real: gateway, worker and models, PostgreSQL, pictures of the shipped street, Chromium. The steps build on each other. */
describe.skipIf(problem)('somebody who chooses samples in a browser', () => {
  let bench: SetBench;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let set: Dataset;
  let half: string;

  beforeAll(async () => {
    bench = await SetBench.open({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    set = await bench.create('Streets');
    for (const [index, content] of streetPictures(10, 'fps=1').entries()) {
      const annotations = index === 0 ? Array.from({ length: 40 }, (_unused, at) => drawn('person', 20 + (at % 10) * 60, 60 + Math.floor(at / 10) * 110, 18, 40)) : [drawn('person', index === 3 ? 0 : 200 + 20 * index, 150, 50, 140), drawn('person', 420, 160, 50, 140)];
      const sha256 = await bench.put(set, content, { annotations, group: index < 5 ? 'Gate' : 'Yard', complete: index % 2 === 0 });
      if (index === 3) half = sha256;
    }
    await bench.worker();
    ({ browser, page, faults } = await openAsOwner(bench.gateway.setUpLink));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  });

  const open = async (tab: string): Promise<void> => void (await page.goto(`${bench.gateway.url}/datasets/${set.id}/${tab}`));

  it('says what is wanted, from a template', async () => {
    await open('pictures');
    await page.getByRole('button', { name: 'Describe…' }).click();
    await page.getByLabel('Begin with').selectOption({ label: 'People' });
    await page.getByLabel('Light').selectOption({ label: 'Day' });
    await expect.poll(() => page.getByLabel('Begin with').inputValue()).toBe('own');
    await page.getByLabel('Smallest object').fill('32');
    await page.getByLabel('Begin with').scrollIntoViewIfNeeded();
    await takeShots(page, 'goal');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Streets is saved').waitFor();
    expect((await bench.gateway.owner.call('getDataset', { params: { id: set.id } })).body.goal).toEqual({ labels: ['person'], leastPixels: 32, leastShare: null, ratio: { value: 0.4, tolerance: 2 }, light: 'day' });
  });

  it('reads the guide with one press, or F1, and on a form what the form is about', async () => {
    await open('pictures');
    await page.getByRole('button', { name: 'Guide' }).click();
    const guide = page.getByRole('dialog', { name: 'Choosing samples' });
    expect(await guide.textContent()).toContain('Ten streets with one picture each');
    await takeShots(page, 'guide');
    await settled(page);
    await page.keyboard.press('Escape');
    await guide.waitFor({ state: 'detached' });
    await page.keyboard.press('F1');
    await guide.waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
    await open('jobs');
    await page.getByRole('button', { name: 'New job' }).first().click();
    await page.getByLabel('What is to be done').selectOption({ label: 'Label with a model' });
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Label with a model' }).waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
  });

  it('sorts by value and filters by quality; the address keeps it', async () => {
    await open('pictures');
    await page.getByLabel('Order').selectOption({ label: 'Value for a minute' });
    await page.waitForURL(/sort=value/);
    await page.getByRole('heading', { name: 'Value for a minute' }).waitFor();
    const order = (await bench.samples(set, { sort: 'value' })).map(({ sha256 }) => sha256);
    await page.waitForFunction((count) => document.querySelectorAll('[role="option"]').length === count, order.length);
    const shown = await page.locator('[role="option"]').evaluateAll((tiles) => tiles.map((tile) => /samples\/([0-9a-f]{64})/.exec(tile.querySelector('img')?.getAttribute('src') ?? '')?.[1]));
    expect(shown).toEqual(order);
    await takeShots(page, 'sorted');
    await page.getByRole('button', { name: 'Quality' }).click();
    // While it is written the list is read anew, and what is written goes on.
    await page.getByRole('group', { name: 'Sharpness' }).getByLabel('From').pressSequentially('12', { delay: 400 });
    await page.waitForURL(/sharpnessFrom=12/);
    await page.getByLabel('Objects at the edge').selectOption({ label: 'Something is cut off' });
    await takeShots(page, 'quality');
    await settled(page);
    await page.keyboard.press('Escape');
    await page.getByRole('status').getByText('1 picture', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('truncated')).toBe('true');
    await page.locator('[role="option"]').first().dblclick();
    await page.getByText('Cut off at the edge').waitFor();
    await page.getByText('Work to label').waitFor();
    expect(page.url()).toContain(half);
    await takeShots(page, 'large');
    await settled(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('status').getByText('10 pictures').waitFor();
  });

  it('looks at the scenes, and is told to widen the sources', async () => {
    await open('statistics');
    await page.getByRole('button', { name: 'Look at the scenes' }).click();
    const scenes = page.getByTestId('scenes');
    await scenes.getByText(/of 1,000 scenes/).waitFor({ timeout: 60_000 });
    await scenes.getByText(/add other cameras, places or seasons|still shows something new/).waitFor();
    await scenes.getByText(/Widen sources|Collect more/).waitFor();
    await scenes.getByText('a demonstration', { exact: true }).waitFor();
    await scenes.getByText('Fewer than 10,000 boxes').waitFor();
    await takeShots(page, 'scenes');
  });

  it('cuts crops around neighbours into a new set, and is warned of pictures that are not complete', async () => {
    await open('jobs');
    await page.getByRole('button', { name: 'New job' }).first().click();
    await page.getByLabel('What is to be done').selectOption({ label: 'Export' });
    await page.getByText('5 pictures may have something without a label').waitFor();
    await page.getByLabel('Make those regions to ignore').waitFor();
    await takeShots(page, 'export');
    await page.getByLabel('What is to be done').selectOption({ label: 'Crops around neighbours' });
    await page.getByLabel('Width by height').fill('1.5');
    await takeShots(page, 'crops');
    await page.getByRole('button', { name: 'Begin' }).click();
    const row = page.locator('main').getByRole('listitem').filter({ hasText: 'Crops around neighbours' }).first();
    await row.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });
    await row.getByRole('button', { name: 'Show result' }).click();
    await row.getByRole('link', { name: 'To the new set' }).click();
    await page.getByRole('heading', { name: 'Streets (crops)' }).waitFor();
    const made = ((await bench.gateway.owner.call('listDatasets')).body as ListPage<Dataset>).items[0] as Dataset;
    expect(made.counts.annotations).toBe(40 + 9 * 2);
    await open('pictures');
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    if (shots) {
      await page.reload();
      await takeShots(page, 'zh-pictures');
      await page.goto(`${bench.gateway.url}/datasets/${set.id}/statistics`);
      await page.getByTestId('scenes').waitFor();
      await page.waitForTimeout(500);
      await takeShots(page, 'zh-scenes');
    }
    expect(faults).toEqual([]);
  });
});
