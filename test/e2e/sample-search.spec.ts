import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Camera, CameraId, Dataset } from '@argus/contracts';
import { isBuilt } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { scenePicture, TWO_TOWERS, writeTwoTowers, type Scene } from '../../libs/models/test/two-tower-package.js';
import { openAsOwner, settled, takeShotsOf, whyNoBrowser } from './browser.js';
import { SampleFeeder } from './painted-sample.js';

const problem = whyNoBrowser() ?? (isBuilt() ? whyNoWorker() : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const shots = process.env['ARGUS_SHOTS'];
const COLOURS = ['red', 'green', 'blue'] as const;

/** Real: gateway, worker, PostgreSQL, a package with two towers, Chromium. Pictures are put in as the worker puts them, the package is told of as the engine tells of it. */
describe.skipIf(problem)('somebody who looks for pictures of a set', () => {
  let gateway: RunningGateway;
  let worker: ChildProcess;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let feeder: SampleFeeder;
  let models: string;
  let set: Dataset;
  let cameraId: CameraId;

  beforeAll(async () => {
    models = mkdtempSync(join(tmpdir(), 'argus-search-e2e-'));
    await writeTwoTowers(join(models, 'two-towers'));
    gateway = await runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    worker = await startWorker(gateway, { ARGUS_MODELS_DIRS: [resolve('libs/models/packages'), models].join(delimiter), ARGUS_HARVEST_SLOTS: '0' });
    feeder = await SampleFeeder.open(gateway);
    ({ browser, page, faults } = await openAsOwner(gateway.setUpLink));
    cameraId = ((await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai' } })).body as Camera).id;
    set = (await gateway.owner.call('createDataset', { body: { name: '街道 Street' } })).body as Dataset;
    for (let index = 0; index < 36; index += 1) await add(index, { colour: COLOURS[index % 3] as Scene['colour'], isNight: index % 2 === 0, hasPerson: index % 4 < 2 });
    await feeder.changed(set.id, [cameraId]);
  }, 90_000);
  afterAll(async () => {
    await feeder?.close();
    await browser?.close();
    if (worker) await endWorker(worker, 'SIGTERM');
    await gateway?.stop();
    rmSync(models, { recursive: true });
  });

  async function add(index: number, scene: Scene): Promise<void> {
    const sha256 = await feeder.picture(scenePicture(scene, index, { width: 640, height: 360 }), scenePicture(scene, index, { width: 320, height: 180 }));
    await feeder.sample(set, sha256, { group: index % 5 === 0 ? 'Yard' : 'Gate', cameraId, wallAt: new Date(Date.UTC(2026, 10, 2, 1, index)).toISOString() });
    await gateway.dataSource.query('UPDATE dataset_samples SET name = $3 WHERE dataset_id = $1 AND sha256 = $2', [set.id, Buffer.from(sha256, 'hex'), [scene.colour, scene.isNight ? 'night' : 'day', ...(scene.hasPerson ? ['person'] : [])].join(' ')]);
  }
  /** Names of those that are seen first. */
  const first = async (count: number): Promise<string[]> => {
    const digests = await page.locator('[role="option"] img').evaluateAll((images) => images.map((image) => /samples\/([0-9a-f]{64})/.exec((image as HTMLImageElement).src)?.[1] ?? ''));
    const tiles = await page.locator('[role="option"]').evaluateAll((options) => options.map((option) => Number(option.id.replace('picture-', ''))));
    const shown = tiles.map((at, index) => ({ at, digest: digests[index] as string })).sort((a, b) => a.at - b.at).slice(0, count);
    return Promise.all(shown.map(async ({ digest }) => (await gateway.owner.call('getSample', { params: { id: set.id, sha256: digest } })).body.name as string));
  };
  const shot = async (name: string) => {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  };

  it('makes the pictures searchable where they are not, and sees those that are like one', async () => {
    await page.goto(`${gateway.url}/datasets/${set.id}/pictures`);
    await page.getByTestId('picture-grid').waitFor();
    expect(await page.getByRole('search').count()).toBe(0);
    await page.locator('#picture-3').click();
    await page.getByRole('button', { name: 'More like this' }).click();
    await page.getByText('These pictures cannot be searched yet').waitFor();
    await shot('search-no-vectors');
    await page.getByRole('button', { name: 'Make them searchable' }).click();
    await page.getByText('Most similar first').waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator('#picture-0').textContent()).toMatch(/^1\.00/);
    await page.getByText('36 pictures').waitFor();
    await shot('search-like');
    await page.getByRole('button', { name: 'End the search' }).click();
    await page.getByRole('heading', { name: 'Gate' }).waitFor();
    await page.goBack();
    await page.getByText('Most similar first').waitFor();
  });

  it('finds by words once a package understands them, with filters, and says what cannot be found yet', async () => {
    const summary = { ...TWO_TOWERS, labels: [], readsText: true, inputWidth: 8, inputHeight: 8, license: 'CC0-1.0', builtIn: false, state: 'unverified', problem: null };
    await gateway.dataSource.query('INSERT INTO models (id, version, summary, created_at, updated_at) VALUES ($1, $2, $3, now(), now())', [TWO_TOWERS.id, TWO_TOWERS.version, JSON.stringify(summary)]);
    await page.goto(`${gateway.url}/datasets/${set.id}/pictures`);
    const words = page.getByRole('textbox', { name: 'Find pictures by words' });
    await words.fill('a person at night');
    await words.press('Enter');
    await page.getByRole('button', { name: 'Make them searchable' }).click();
    await page.getByText('Most similar first').waitFor({ timeout: 60_000 });
    await expect.poll(async () => (await first(9)).every((name) => name.includes('night person'))).toBe(true);
    await shot('search-words');
    await words.fill('红');
    await words.press('Enter');
    await page.waitForURL(/text=%E7%BA%A2/);
    await expect.poll(async () => (await first(6)).every((name) => name.startsWith('red'))).toBe(true);
    await page.getByRole('button', { name: 'Group' }).click();
    await page.getByLabel('Yard').check();
    await settled(page);
    await page.keyboard.press('Escape');
    await page.getByText('8 pictures', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('36 pictures').waitFor();

    for (let index = 100; index < 103; index += 1) await add(index, { colour: 'blue', isNight: false, hasPerson: true });
    await feeder.changed(set.id, [cameraId]);
    await page.goto(`${gateway.url}/datasets/${set.id}/pictures?text=blue`);
    await page.getByText('3 pictures cannot be found yet').waitFor();
    await shot('search-missing');
    await page.getByRole('button', { name: 'Make them searchable' }).click();
    await page.getByText('39 pictures', { exact: true }).waitFor({ timeout: 60_000 });
  });

  it('is led by keys: / to the words, m to what is like a picture, also from the large view', async () => {
    await page.goto(`${gateway.url}/datasets/${set.id}/pictures`);
    await page.getByTestId('picture-grid').waitFor();
    await page.getByRole('textbox', { name: 'Find pictures by words' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('green');
    await page.keyboard.press('Enter');
    await page.getByText('Most similar first').waitFor();
    await expect.poll(async () => (await first(4)).every((name) => name.startsWith('green'))).toBe(true);
    await page.locator('#picture-0').dblclick();
    await page.getByRole('dialog').waitFor();
    await shot('search-large');
    await page.keyboard.press('m');
    await page.getByText('Like this picture').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const before = page.url();
    await expect.poll(() => page.locator('#picture-0').textContent()).toMatch(/^1\.00/);
    await page.locator('#picture-1').waitFor();
    await page.keyboard.press('ArrowRight');
    const next = (await page.locator('#picture-1 img').getAttribute('src'))?.split('/').at(-2) as string;
    await page.keyboard.press('m');
    await page.waitForURL((url) => url.searchParams.get('like') === next);
    expect(page.url()).not.toBe(before);
    expect(faults).toEqual([]);
  });

  it('takes a picture of somebody of their own', async () => {
    await page.goto(`${gateway.url}/datasets/${set.id}/pictures?text=red`);
    await page.getByText('Most similar first').waitFor();
    await page.getByLabel('Find by a picture of your own').last().setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: scenePicture({ colour: 'green', isNight: true, hasPerson: true }, 4711, { width: 900, height: 500 }) });
    await page.getByText('Like this picture').waitFor();
    await expect.poll(async () => (await first(3)).every((name) => name === 'green night person')).toBe(true);
    await page.getByLabel('Find by a picture of your own').last().setInputFiles({ name: 'words.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await page.getByText('words.txt is no picture').waitFor();
    await page.getByRole('button', { name: 'End the search' }).click();
    await page.getByRole('heading', { name: 'Gate' }).waitFor();
    expect(faults).toEqual([]);
  });

  it.skipIf(!shots)('is drawn in both themes, on a phone and in Chinese', async () => {
    const { items } = (await gateway.owner.call('listSamples', { params: { id: set.id }, query: { limit: '1' } })).body as { items: { sha256: string }[] };
    const places = [['words', 'text=person'], ['like', `like=${items[0]?.sha256}`], ['large', `text=person&view=${items[0]?.sha256}`]] as const;
    await takeShotsOf(browser, page, places.map(([name, search]) => [`search-${name}`, `${gateway.url}/datasets/${set.id}/pictures?${search}`]));
  });
});
