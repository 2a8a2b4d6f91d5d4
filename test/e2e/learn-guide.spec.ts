import { resolve } from 'node:path';
import type { Dataset, DatasetVersion, LearnGuide, Page as ListPage, SampleSummary } from '@argus/contracts';
import { type Product, isBuilt, startProduct } from '@argus/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, openPage, whyNoBrowser } from './browser.js';
import { beginJob, expectCocoOf, harvestAll } from './learn-steps.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const PASSWORD = 'correct horse battery staple';
const STREET = `file://${resolve(import.meta.dirname, '../../demo/street.mp4')}?loop=true&pace=realtime`;

/** Real: the whole product without any camera, its models and worker, Chromium. Nothing is opened but what the guide offers; the steps build on each other. */
describe.skipIf(problem)('the first steps, from an empty installation', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    product = await startProduct();
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const bar = () => page.getByRole('region', { name: 'First steps with training data' }).last();
  const lit = () => page.locator('[data-guide-lit]');
  const states = async () => Object.fromEntries((await product.api<LearnGuide>('GET', '/learn-guide')).steps.map(({ id, state }) => [id, state]));
  /** The step that is followed is seen to be done, and the next one opened. */
  const next = async (step: string): Promise<void> => {
    await bar().getByText('This has been done.').waitFor({ timeout: 60_000 });
    await bar().getByRole('button', { name: `Next: ${step}` }).click();
  };
  /** A panel covers the page of a phone, and not what the guide says of it. */
  const seenOnPhone = async (panel: Locator): Promise<void> => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(async () => {
      const [above, below] = [await panel.boundingBox(), await bar().boundingBox()];
      return above && below && [above.y, Math.round(above.y + above.height - below.y), Math.round(below.y + below.height)];
    }).toEqual([0, 0, 844]);
    await page.setViewportSize({ width: 1440, height: 900 });
  };
  const set = async (): Promise<Dataset> => (await product.api<ListPage<Dataset>>('GET', '/datasets')).items[0] as Dataset;

  it('begin where there is nothing, and say that recording comes first', async () => {
    await page.getByRole('link', { name: 'Samples' }).click();
    const steps = page.getByRole('list', { name: 'First steps with training data' });
    await expect.poll(() => steps.getByRole('listitem').count()).toBe(7);
    expect(await states()).toEqual({ record: 'ready', harvest: 'waiting', choose: 'waiting', label: 'waiting', review: 'waiting', seal: 'waiting', export: 'waiting' });
    expect(await steps.getByRole('button').count()).toBe(1);
    await steps.getByRole('button', { name: 'Show me: Cameras record' }).press('Enter');
    await page.waitForURL('**/cameras/new');
    await expect.poll(() => lit().getAttribute('data-guide')).toBe('record');
    await page.getByLabel('Stream URL').fill(STREET);
    await page.getByLabel('Name', { exact: true }).fill('Street');
    await bar().getByRole('button', { name: 'Go there' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
    await page.getByLabel('What is recorded').selectOption({ label: 'Everything' });
    await page.getByRole('button', { name: 'Save camera' }).click();
    await bar().getByText('This has been done.').waitFor({ timeout: 90_000 });
  });

  it('lead to a recipe, whose run takes pictures', async () => {
    // Some files more, so that there is something to choose from.
    await page.waitForTimeout(20_000);
    await next('Write a recipe and harvest');
    await page.waitForURL('**/harvest/new');
    await expect.poll(() => lit().textContent()).toContain('Save and run');
    await harvestAll(page, 'Street by the guide');
    expect((await set()).counts.samples).toBeGreaterThan(1);
  });

  it('choose pictures, and let a model label them', async () => {
    await next('Look at the pictures, choose diverse ones');
    await page.getByText('Choose pictures that differ').first().waitFor();
    await seenOnPhone(page.getByRole('complementary', { name: 'New job' }));
    await expect.poll(() => lit().textContent()).toContain('Begin');
    await beginJob(page, 'Choose pictures that differ', () => page.getByLabel('How many').fill('5'));
    const { items } = await product.api<ListPage<SampleSummary>>('GET', `/datasets/${(await set()).id}/samples?limit=500`);
    expect(items.filter(({ focus }) => focus).length).toBeGreaterThan(1);
    await next('Label with a model');
    await beginJob(page, 'Label with a model', () => page.getByLabel('What is to be done').getByRole('option', { name: 'Label with a model', selected: true }).waitFor({ state: 'attached' }));
    expect((await set()).counts.labels['person']).toBeGreaterThan(0);
  });

  it('have them reviewed, sealed and exported, and are then done', async () => {
    await next('Review');
    await page.waitForURL('**/pictures');
    await page.getByTestId('picture-grid').getByRole('option').first().click();
    await page.keyboard.press('Control+a');
    await expect.poll(() => lit().getAttribute('data-guide')).toBe('review');
    await lit().click();
    // Somebody has looked at what the model said: it comes along from now on.
    await expect.poll(async () => (await set())?.unreviewed).toBe(0);
    await next('Seal a version');
    await lit().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Seal', exact: true }).click();
    await next('Export');
    await beginJob(page, 'Export', () => page.getByLabel('Format').selectOption({ label: 'COCO' }));
    await bar().getByText('This has been done.').waitFor({ timeout: 60_000 });
    await expectCocoOf(page, await set(), product.dataDir);
    const versions = await product.api<DatasetVersion[]>('GET', `/datasets/${(await set()).id}/versions`);
    expect(versions).toHaveLength(1);
    expect(versions[0]?.counts.complete).toBe(versions[0]?.counts.samples);
    await bar().getByRole('link', { name: 'All steps' }).click();
    await page.getByText('All seven steps have been done here').waitFor();
    expect(new Set(Object.values(await states()))).toEqual(new Set(['done']));
  });

  it('are hidden and brought back', async () => {
    await page.getByRole('button', { name: 'Hide on data pages' }).click();
    await page.getByRole('link', { name: 'Samples' }).click();
    await page.getByRole('list', { name: 'Sample sets' }).waitFor();
    expect(await page.getByRole('link', { name: 'First steps' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Account and settings' }).click();
    await page.getByRole('menuitem', { name: 'First steps with training data' }).click();
    await page.getByRole('button', { name: 'Show on data pages' }).click();
    await page.getByRole('link', { name: 'Samples' }).click();
    await page.getByRole('link', { name: 'First steps' }).click();
    await page.waitForURL('**/guide');
    expect(faults).toEqual([]);
  });

  it('have no button for what somebody may not do, and say which right is missing', async () => {
    const { key } = await product.api<{ key: string }>('POST', '/api-keys', { name: 'reader', permissions: ['dataset.read'], cameraScope: [] });
    const guide = (await (await fetch(`${product.url}/api/v1/learn-guide`, { headers: { authorization: `Bearer ${key}` } })).json()) as LearnGuide;
    // Who sees no camera sees none of all that.
    expect(guide.steps.map(({ state }) => state)).toEqual(['ready', ...Array<string>(6).fill('waiting')]);
    expect(guide.steps.map(({ missing }) => missing)).toEqual([['camera.write'], ['harvest.read', 'harvest.run'], ['dataset.write'], ['dataset.write'], ['dataset.write'], ['dataset.write'], ['dataset.write', 'dataset.export']]);
    await product.api('POST', '/users', { name: 'annotator', password: PASSWORD, role: 'annotator' });
    const other = await openPage(browser);
    await other.page.goto(`${product.url}/sign-in?next=/guide`);
    await other.page.getByLabel('Name').fill('annotator');
    await other.page.getByLabel('Password').fill(PASSWORD);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    const record = other.page.locator('[data-step="record"]');
    await record.getByText('camera.write').waitFor();
    expect(await record.getByRole('button').count()).toBe(0);
    expect(await other.page.locator('[data-step="seal"]').getByRole('button').count()).toBe(1);
  });
});
