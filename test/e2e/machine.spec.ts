import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Camera, Page as ListPage, PipelineView, SavedTuning, SystemStatus } from '@argus/contracts';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, signIn, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const PASSWORD = 'correct horse battery staple';
const DETECTOR = 'nanodet-g-416';
const CANDIDATE = 'nanodet-next';

/** Real: the whole product with its demo cameras, a second detector package (the first one under another name), Chromium. The steps build on each other. */
describe.skipIf(problem)('an administrator of the machine in a browser', () => {
  let dataDir: string;
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'argus-machine-'));
    addCandidate(dataDir);
    product = await startProduct({ dataDir, demo: true });
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const pipeline = async (): Promise<PipelineView> => (await product.api<ListPage<PipelineView>>('GET', '/pipelines')).items[0] as PipelineView;
  const system = () => product.api<SystemStatus>('GET', '/system');

  it('gives a camera a priority and a weight', async () => {
    await page.goto(`${product.url}/cameras`);
    await page.getByRole('link', { name: 'Street north' }).click();
    await page.getByText('Scheduling').click();
    await page.getByLabel('Priority').selectOption('critical');
    await page.getByLabel('Weight').fill('2');
    await page.getByLabel('Stream for analysis').fill('not an address');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.getByRole('alert').getByText(/expected a URL/).first().waitFor();
    await page.getByLabel('Stream for analysis').fill('');
    await page.getByRole('button', { name: 'Save camera' }).click();
    await page.waitForURL('**/cameras');
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    expect(items.find((camera) => camera.name === 'Street north')).toMatchObject({ priority: 'critical', weight: 2, analysisUrl: null });
  });

  it('sees each camera on the system page, worst first, and finds one', async () => {
    await waitFor(async () => (await system()).cameras.every((camera) => camera.stats?.lastInferenceAt), 60_000, () => product.output());
    await page.goto(`${product.url}/system`);
    const table = page.getByRole('table', { name: 'Cameras' });
    await table.getByText('Street north').waitFor();
    expect(await table.getByRole('row').count()).toBe(5);
    await page.getByRole('searchbox', { name: 'Find a camera' }).fill('west');
    await table.getByText('Street north').waitFor({ state: 'detached' });
    expect(await table.getByRole('row').count()).toBe(2);
    await page.getByRole('table', { name: 'Models at work' }).getByText(DETECTOR).waitFor();
    await page.getByRole('table', { name: 'Devices' }).getByText('cpu').first().waitFor();
  });

  it('is never told that all is well while one camera is not analysed', async () => {
    const engine = page.getByRole('region', { name: 'Engine' });
    await engine.getByText('Analysing').waitFor({ timeout: 60_000 });
    const { id } = await product.api<PipelineView>('POST', '/pipelines', { name: 'Blind', detector: 'not-there' });
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    const camera = items.find((one) => one.name === 'Street west') as Camera;
    await product.api('PUT', `/cameras/${camera.id}`, { ...camera, pipelineId: id });
    await engine.getByText('Some cameras not analysed').waitFor({ timeout: 60_000 });
    await engine.getByRole('link', { name: 'Street west' }).waitFor();
    await page.getByRole('table', { name: 'Cameras' }).getByText('The detector “not-there” is not installed').waitFor();
    await product.api('PUT', `/cameras/${camera.id}`, camera);
    await engine.getByText('Analysing').waitFor({ timeout: 60_000 });
  });

  it('sets what waits and tiles, and is told what tiles cost', async () => {
    await page.goto(`${product.url}/cameras/pipelines`);
    await page.getByRole('link', { name: new RegExp(DETECTOR) }).first().click();
    await page.getByLabel('Oldest result').fill('2000');
    await page.getByRole('switch', { name: 'Tiles for small objects' }).click();
    await page.getByText('Each picture costs 7 runs of the detector').waitFor();
    await page.getByRole('switch', { name: 'Also the whole picture' }).click();
    await page.getByText('Each picture costs 6 runs of the detector').waitFor();
    await page.getByRole('switch', { name: 'Tiles for small objects' }).click();
    // Buttons of the trial act on what is stored, so they wait for it.
    expect(await page.getByRole('button', { name: 'Start trial' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save pipeline' }).click();
    await waitFor(async () => (await pipeline()).flow.stalenessMs === 2000, 10_000);
    expect((await pipeline()).tiling).toBeNull();
  });

  it('tries another detector, sees how far they agree, promotes it and goes back', async () => {
    // Trials wait while the machine is overloaded, and nobody knows what else runs on this one: one camera, once a second.
    const { items } = await product.api<ListPage<Camera>>('GET', '/cameras');
    for (const camera of items) await product.api('PUT', `/cameras/${camera.id}`, { ...camera, enabled: camera.name === 'Street north', analysisFps: 1 });
    await waitFor(async () => (await system()).compute.load?.shedding === 'none', 60_000, () => 'the machine is overloaded by one picture a second');
    await page.getByLabel('Candidate').selectOption(CANDIDATE);
    await page.getByLabel('Share in shadow').fill('100');
    await page.getByRole('button', { name: 'Start trial' }).click();
    await page.getByText('No picture has been seen by both yet').waitFor();
    // The same network under another name finds the same things.
    await page.getByTestId('rollout-figures').waitFor({ timeout: 90_000 });
    await waitFor(async () => ((await system()).compute.rollouts[0]?.agreement ?? 0) > 0.99, 60_000, () => product.output());
    await page.getByRole('button', { name: `Promote ${CANDIDATE}` }).click();
    await waitFor(async () => (await pipeline()).detector === CANDIDATE, 10_000);
    expect(await pipeline()).toMatchObject({ rollout: null, previousDetector: DETECTOR });
    await waitFor(async () => (await system()).compute.runs.some((run) => run.model === CANDIDATE && run.pictures > 0), 60_000, () => product.output());
    await page.getByRole('button', { name: `Roll back to ${DETECTOR}` }).click();
    await waitFor(async () => (await pipeline()).detector === DETECTOR, 10_000);
  });

  it('pins rates, and resets to automatic', async () => {
    await page.goto(`${product.url}/system`);
    await page.getByRole('link', { name: 'Tuning' }).click();
    await page.getByText('Automatic', { exact: true }).waitFor();
    await page.getByLabel('Low').fill('2');
    await page.getByRole('button', { name: 'Add hours' }).click();
    await page.getByLabel('Time zone of these hours').fill('Mars/Olympus');
    await page.getByRole('button', { name: 'Save tuning' }).click();
    await page.getByRole('alert').getByText(/expected an IANA time zone/).first().waitFor();
    await page.getByLabel('Time zone of these hours').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Save tuning' }).click();
    await page.getByText('Partly pinned').waitFor();
    expect(await product.api<SavedTuning>('GET', '/tuning')).toMatchObject({ targetFps: { low: 2 }, hours: [{ from: '22:00', to: '06:00' }], timeZone: 'Europe/Berlin' });
    await page.getByRole('button', { name: 'Reset to automatic' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset to automatic' }).click();
    await page.getByText('Automatic', { exact: true }).waitFor();
    expect(await product.api<SavedTuning>('GET', '/tuning')).toMatchObject({ targetFps: { low: null }, hours: [] });
    expect(faults).toEqual([]);
  });

  it('lets nobody but administrators change the tuning', async () => {
    await product.api('POST', '/users', { name: 'operator', password: PASSWORD, role: 'operator' });
    const other = await signIn(browser, `${product.url}/sign-in`, 'operator', PASSWORD);
    await other.page.goto(`${product.url}/system/tuning`);
    await other.page.getByText('Automatic', { exact: true }).waitFor();
    expect(await other.page.getByRole('button', { name: 'Save tuning' }).count()).toBe(0);
    const status = await other.page.evaluate(async () => (await fetch('/api/v1/tuning', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })).status);
    expect(status).toBe(403);
    expect(other.faults).toEqual([]);
  });
});

/** The shipped detector again, as a package of its own id in the models folder. */
function addCandidate(dataDir: string): void {
  const folder = join(dataDir, 'models', CANDIDATE);
  cpSync(resolve('libs/models/packages', DETECTOR), folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { id: string };
  writeFileSync(path, JSON.stringify({ ...manifest, id: CANDIDATE }, null, 2));
}
