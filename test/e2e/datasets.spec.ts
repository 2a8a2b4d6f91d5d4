import { join, resolve } from 'node:path';
import type { Camera, CameraId, Dataset, Page as ListPage, SampleSummary } from '@argus/contracts';
import { isBuilt, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { openAsOwner, settled, signIn, takeShotsOf, whyNoBrowser } from './browser.js';
import { paintJpeg, SampleFeeder } from './painted-sample.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const shots = process.env['ARGUS_SHOTS'];

/** Real: gateway, PostgreSQL, pictures in the sample store, Chromium. Rows are put in as the worker puts them. */
describe.skipIf(problem)('somebody who looks after sample sets in a browser', () => {
  let gateway: RunningGateway;
  let browser: Browser;
  let feeder: SampleFeeder;
  let page: Page;
  let faults: string[];
  let set: Dataset;
  const digests: string[] = [];

  beforeAll(async () => {
    gateway = await runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    feeder = await SampleFeeder.open(gateway);
    ({ browser, page, faults } = await openAsOwner(gateway.setUpLink));
  });
  afterAll(async () => {
    await feeder?.close();
    await browser?.close();
    await gateway?.stop();
  });

  const camera = async (name: string): Promise<CameraId> => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai' } })).body as Camera).id;
  /** 48 pictures of three cameras over four days; the last camera has none on the second day. */
  const fill = async (): Promise<void> => {
    const cameras = await Promise.all(['Gate', 'Loading bay', 'Yard, north'].map(async (name) => ({ name, id: await camera(name) })));
    for (let index = 0; index < 48; index += 1) {
      const { name, id } = cameras[index % 3] as (typeof cameras)[number];
      const day = Math.floor(index / 12);
      if (name === 'Yard, north' && day === 1) continue;
      const [large, small] = [await paintJpeg(page, `${name} ${index}`, index * 7), await paintJpeg(page, `${index}`, index * 7, 320, 180)];
      const sha256 = await feeder.picture(large, small);
      await feeder.sample(set, sha256, { group: name, cameraId: id, wallAt: new Date(Date.UTC(2026, 10, 2 + day, 1, index)).toISOString(), labels: index % 2 === 0 ? ['person'] : index % 3 === 0 ? ['person', 'forklift'] : [] });
      digests.push(sha256);
    }
    await feeder.changed(set.id, cameras.map(({ id }) => id));
  };
  const samples = async (id: string, query: Record<string, string> = {}) => ((await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500', ...query } })).body as ListPage<SampleSummary>).items;
  const shot = async (name: string) => {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  };
  const picked = () => page.getByTestId('picked').textContent();
  /** The list is there with so many pictures: a matrix that is still shown says more than that. */
  const counted = (count: number) => page.getByRole('status').getByText(new RegExp(`^${count} pictures?$`)).waitFor();

  it('learns what they are for, makes one and describes it', async () => {
    await page.getByRole('link', { name: 'Samples' }).click();
    await page.getByText('No sample sets yet').waitFor();
    expect(await page.getByRole('link', { name: 'Harvest pictures' }).getAttribute('href')).toBe('/harvest');
    await shot('empty');
    await page.getByRole('link', { name: 'Make an empty set' }).click();
    await page.getByRole('button', { name: 'Make set' }).click();
    await page.getByText('Give it a name').waitFor();
    await page.getByLabel('Name').fill('街道 Street');
    await page.getByLabel('Source').fill('Our own cameras');
    await page.getByRole('button', { name: 'Make set' }).click();
    await page.getByText('No pictures in this set yet').waitFor();
    set = ((await gateway.owner.call('listDatasets')).body as ListPage<Dataset>).items[0] as Dataset;
    expect(set).toMatchObject({ name: '街道 Street', source: 'Our own cameras', licence: null });
    await page.getByText('No licence').waitFor();
    await page.getByRole('button', { name: 'Describe…' }).click();
    await page.getByLabel('Licence').fill('CC-BY-4.0');
    await page.getByLabel('Tags').fill('street');
    await page.getByLabel('Tags').press('Enter');
    await page.getByLabel('Delete pictures after').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('街道 Street is saved').waitFor();
    expect((await gateway.owner.call('getDataset', { params: { id: set.id } })).body).toMatchObject({ licence: 'CC-BY-4.0', tags: ['street'], retentionDays: 30 });
    await page.getByText('No licence').waitFor({ state: 'detached' });
  });

  it('sees pictures by camera and day, and opens those of a cell', async () => {
    await fill();
    await page.goto(`${gateway.url}/datasets`);
    await page.getByText('44 pictures').waitFor();
    await shot('list');
    await page.getByRole('link', { name: /街道/ }).click();
    const matrix = page.getByRole('grid', { name: 'Image matrix' });
    await matrix.getByRole('gridcell').nth(10).waitFor();
    // Once it knows where the cameras are, it asks for their days.
    await expect.poll(async () => [await matrix.getByRole('rowheader').count(), await matrix.getByRole('columnheader').count(), await matrix.getByRole('gridcell').count()]).toEqual([3, 4, 11]);
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[role="gridcell"] img')].every(({ naturalWidth }) => naturalWidth === 320));
    await shot('matrix');
    // Days begin where the cameras are: 01:00 UTC on the 2nd is 09:00 there.
    await page.getByLabel('Columns').selectOption('hour');
    await matrix.getByText('09:00').first().waitFor();
    await page.getByLabel('Columns').selectOption('day');
    // Arrows go over the day on which the yard has no pictures.
    await page.getByRole('button', { name: 'Yard, north, Nov 2 Mon: 4 pictures' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Yard, north, Nov 4 Wed: 4 pictures');
    await page.keyboard.press('Enter');
    await counted(4);
    await expect.poll(() => page.getByTestId('picture-grid').getByRole('option').count()).toBe(4);
    await page.getByRole('button', { name: 'Show all' }).click();
    await counted(44);
  });

  it('asks for a picture once: it never changes', async () => {
    const allThere = () => page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[role="option"] img')].filter(({ naturalWidth }) => naturalWidth > 0).length === 44);
    await allThere();
    await page.reload();
    await allThere();
    const sent = await page.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) => name.includes('size=thumbnail')).map(({ transferSize }) => transferSize));
    expect(sent).toHaveLength(44);
    expect(sent.filter((bytes) => bytes > 0)).toEqual([]);
  });

  it('filters what is shown', async () => {
    await page.getByRole('button', { name: 'Label', exact: true }).click();
    await page.getByLabel('forklift').check();
    await settled(page);
    await page.keyboard.press('Escape');
    const count = (await samples(set.id, { label: 'forklift' })).length;
    await counted(count);
    expect(new URL(page.url()).searchParams.getAll('label')).toEqual(['forklift']);
    await page.getByRole('button', { name: 'Show all' }).click();
  });

  it('chooses by click, range, rectangle and keys', async () => {
    const tile = (index: number) => page.locator(`#picture-${index}`);
    await counted(44);
    await tile(1).click();
    await expect.poll(picked).toBe('1 chosen');
    await tile(4).click({ modifiers: ['Shift'] });
    await expect.poll(picked).toBe('4 chosen');
    await tile(2).click({ modifiers: ['Control'] });
    await expect.poll(picked).toBe('3 chosen');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    const row = Math.round((await page.getByTestId('picture-grid').boundingBox())?.width ?? 0);
    expect(row).toBeGreaterThan(0);
    await expect.poll(async () => Number((await picked())?.split(' ')[0])).toBeGreaterThan(3);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('picked').count()).toBe(0);
    const [first, second] = [await tile(0).boundingBox(), await tile(1).boundingBox()];
    if (!first || !second) throw new Error('the first pictures are not there');
    await page.mouse.move(first.x + first.width / 2, first.y + first.height / 2);
    await page.mouse.down();
    await page.mouse.move(second.x + second.width / 2, second.y + second.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(picked).toBe('2 chosen');
    await page.keyboard.press('Control+a');
    await expect.poll(picked).toBe('44 chosen');
  });

  it('sets splits and marks, and takes out what can be put back', async () => {
    await page.locator('#picture-0').click();
    await page.locator('#picture-1').click({ modifiers: ['Shift'] });
    await page.keyboard.press('2');
    await page.getByText('2 pictures: Validate').waitFor();
    await page.getByRole('button', { name: 'Complete', exact: true }).last().click();
    await page.getByText('2 pictures are marked complete').waitFor();
    await page.getByRole('button', { name: 'Focus', exact: true }).click();
    await page.getByText('2 pictures are in focus').waitFor();
    await shot('pictures');
    expect(await samples(set.id, { split: 'val' })).toMatchObject([{ complete: true, focus: true }, { complete: true, focus: true }]);
    await page.getByRole('button', { name: 'Focus mark' }).click();
    await page.getByLabel('Marked', { exact: true }).check();
    await settled(page);
    await page.keyboard.press('Escape');
    await counted(2);
    await page.getByRole('button', { name: 'Show all' }).click();
    await counted(44);
    await page.keyboard.press('Delete');
    await page.getByText('2 pictures are taken out').waitFor();
    await counted(42);
    expect(await samples(set.id, { removed: 'true' })).toHaveLength(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 pictures are back').waitFor();
    await counted(44);
    await page.locator('#picture-0').click();
    await page.keyboard.press('Delete');
    await page.getByText('1 picture is taken out').waitFor();
    await page.getByRole('link', { name: 'Removed' }).click();
    await counted(1);
    await page.getByTestId('picture-grid').getByRole('option').click();
    await page.getByRole('button', { name: 'Put back' }).click();
    await page.getByText('1 picture is back').waitFor();
    await page.getByText('Nothing was taken out of this set').waitFor();
    expect(await samples(set.id)).toHaveLength(44);
  });

  it('looks at one picture with its labels, and at two in the same place', async () => {
    await page.getByRole('link', { name: 'Pictures', exact: true }).click();
    await page.locator('#picture-0').click();
    await page.keyboard.press('Enter');
    const view = page.getByRole('dialog');
    await view.getByText('1 of 44').waitFor();
    await view.getByTestId('annotation').first().waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('[role="dialog"] img')].some(({ naturalWidth }) => naturalWidth === 640));
    await view.getByText('42 of segment-7.mp4').waitFor();
    await view.getByText(/Nov 2, 09:/).waitFor();
    await shot('large');
    const before = page.url();
    await page.keyboard.press('ArrowRight');
    await view.getByText('2 of 44').waitFor();
    expect(page.url()).not.toBe(before);
    // The next one takes the place of one that is taken out; undone without leaving. What was said of an earlier one goes first.
    await page.getByText('1 picture is taken out').waitFor({ state: 'detached' });
    await page.keyboard.press('Delete');
    await view.getByText('2 of 43').waitFor();
    await page.getByText('1 picture is taken out').waitFor();
    await page.getByRole('button', { name: 'Undo', includeHidden: true }).last().click();
    await view.getByText('of 44').waitFor();
    await page.keyboard.press('Escape');
    await view.waitFor({ state: 'detached' });
    await page.locator('#picture-0').click();
    await page.locator('#picture-1').click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Compare' }).click();
    const panes = page.getByTestId('compared').locator('img[alt]:not([aria-hidden])');
    await panes.nth(1).waitFor();
    await panes.first().hover();
    await page.mouse.wheel(0, -600);
    await waitFor(async () => ((await panes.first().boundingBox())?.width ?? 0) > 1000, 5000);
    const [one, other] = [await panes.nth(0).boundingBox(), await panes.nth(1).boundingBox()];
    expect(one?.width).toBeCloseTo(other?.width ?? 0, 0);
    await shot('compare');
    // What was compared stays chosen.
    await settled(page);
    await page.keyboard.press('Escape');
    await panes.first().waitFor({ state: 'detached' });
    expect(await picked()).toBe('2 chosen');
  });

  it('copies pictures into another set by keys, once', async () => {
    const other = (await gateway.owner.call('createDataset', { body: { name: 'Chosen' } })).body as Dataset;
    await page.keyboard.press('Escape');
    await page.locator('#picture-2').click();
    await page.locator('#picture-4').click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+c');
    await page.getByText('3 pictures are remembered').waitFor();
    await page.getByRole('link', { name: 'Samples' }).click();
    await page.getByRole('link', { name: /Chosen/ }).click();
    await page.getByRole('button', { name: 'Paste 3' }).waitFor();
    await page.keyboard.press('Control+v');
    await page.getByText('3 pictures of 街道 Street are copied, 0 were there').waitFor();
    await page.keyboard.press('Control+v');
    await page.getByText('0 pictures of 街道 Street are copied, 3 were there').waitFor();
    const known = (list: SampleSummary[]) => list.map(({ addedAt: _addedAt, ...rest }) => rest);
    const copies = await samples(other.id);
    expect(known(copies)).toEqual(known((await samples(set.id)).filter(({ sha256 }) => copies.some((copy) => copy.sha256 === sha256))));
    expect(copies).toHaveLength(3);
  });

  it('sees how a set is made up, and deletes one that is not needed', async () => {
    await page.goto(`${gateway.url}/datasets/${set.id}/statistics`);
    await page.getByRole('region', { name: 'Sizes of boxes' }).waitFor();
    await shot('statistics');
    await page.getByRole('region', { name: 'Groups' }).getByText('As a table').click();
    await expect.poll(() => page.getByRole('table', { name: 'Groups' }).getByRole('row').allTextContents()).toContain('Gate16');
    await page.goto(`${gateway.url}/datasets`);
    await page.getByRole('link', { name: /Chosen/ }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/datasets');
    expect(((await gateway.owner.call('listDatasets')).body as ListPage<Dataset>).items).toHaveLength(1);
    expect(faults).toEqual([]);
  });

  it('changes nothing where it may only look', async () => {
    const reader = await gateway.withKey(['dataset.read']);
    const answer = await reader.send('GET', `/api/v1/datasets/${set.id}/samples/${digests[0]}/picture?size=thumbnail`);
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual([200, 'private, max-age=31536000, immutable', `"${digests[0]}-thumbnail"`]);
    // What a browser keeps is for the session that it was sent to.
    const { user: other } = await gateway.withUser('operator');
    const shared = await signIn(browser, gateway.url, other.name, PASSWORD);
    const look = () => shared.page.evaluate(async (path) => (await fetch(path)).status, `/api/v1/datasets/${set.id}/samples/${digests[0]}/picture?size=thumbnail`);
    expect([await look(), await look()]).toEqual([200, 200]);
    await shared.page.evaluate(() => fetch('/api/v1/auth/sign-out', { method: 'POST' }));
    expect(await look()).toBe(401);
    const { user } = await gateway.withUser('viewer');
    const viewer = await signIn(browser, gateway.url, user.name, PASSWORD);
    expect(await viewer.page.getByRole('link', { name: 'Samples' }).count()).toBe(0);
  });

  it.skipIf(!shots)('is drawn in both themes, on a phone and in Chinese', async () => {
    const places = [['list', '/datasets'], ['matrix', `/datasets/${set.id}`], ['pictures', `/datasets/${set.id}/pictures`], ['large', `/datasets/${set.id}/pictures?view=${digests[0]}`], ['statistics', `/datasets/${set.id}/statistics`], ['jobs', `/datasets/${set.id}/jobs`]] as const;
    await takeShotsOf(browser, page, places.map(([name, path]) => [name, gateway.url + path]));
  });
});
