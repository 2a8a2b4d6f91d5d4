import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Camera, Dataset, Page as ListPage, SampleSummary } from '@argus/contracts';
import { isBuilt } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { endWorker, startWorker } from '../../apps/gateway/test/running-worker.js';
import { openAsOwner, takeShots, whyNoBrowser } from './browser.js';
import { paintJpeg, SampleFeeder } from './painted-sample.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: gateway, PostgreSQL, a worker process, the sample store, Chromium. The steps build on each other. */
describe.skipIf(problem)('somebody who seals, restores and imports sample sets in a browser', () => {
  let gateway: RunningGateway;
  let worker: ChildProcess;
  let browser: Browser;
  let feeder: SampleFeeder;
  let page: Page;
  let faults: string[];
  let set: Dataset;
  let folder: string;
  const digests: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'argus-imports-'));
    gateway = await runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    worker = await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '0' });
    feeder = await SampleFeeder.open(gateway);
    ({ browser, page, faults } = await openAsOwner(gateway.setUpLink));
    const camera = (await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai' } })).body as Camera;
    set = (await gateway.owner.call('createDataset', { body: { name: 'Street 街道', licence: 'CC-BY-4.0' } })).body as Dataset;
    for (let index = 0; index < 12; index += 1) {
      const [large, small] = [await paintJpeg(page, `Gate ${index}`, index * 17), await paintJpeg(page, `${index}`, index * 17, 320, 180)];
      const sha256 = await feeder.picture(large, small);
      await feeder.sample(set, sha256, { group: 'Gate', cameraId: camera.id, wallAt: new Date(Date.UTC(2026, 10, 2, 1, index)).toISOString(), labels: index % 2 === 0 ? ['person'] : ['person', 'forklift'] });
      digests.push(sha256);
    }
    await feeder.changed(set.id, [camera.id]);
  });
  afterAll(async () => {
    await feeder?.close();
    await browser?.close();
    if (worker) await endWorker(worker, 'SIGTERM');
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const done = (kind: string) => page.getByRole('status').filter({ hasText: kind }).getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });
  const row = (message: string) => page.getByRole('list', { name: 'Versions' }).getByRole('listitem').filter({ hasText: message });
  const menu = async (message: string, entry: string): Promise<void> => {
    await row(message).getByRole('button', { name: /^More about version/ }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  const seal = async (message: string): Promise<void> => {
    await page.getByRole('button', { name: 'Seal a version' }).click();
    await page.getByLabel('What it is').fill(message);
    await page.getByRole('button', { name: 'Seal', exact: true }).click();
    await done('Seal a version');
    await row(message).waitFor();
  };
  const sets = async (): Promise<Dataset[]> => ((await gateway.owner.call('listDatasets', { query: { limit: '500' } })).body as ListPage<Dataset>).items;
  const samples = async (id: string): Promise<SampleSummary[]> => ((await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500' } })).body as ListPage<SampleSummary>).items;

  it('seals a version, sees what was changed since, and goes back', async () => {
    await page.goto(`${gateway.url}/datasets/${set.id}/versions`);
    await page.getByText('No version yet').waitFor();
    await seal('as it came');
    await page.getByText('The set is this version').waitFor();
    const params = { id: set.id };
    await gateway.owner.call('removeSamples', { params, body: { sha256s: digests.slice(0, 3) } });
    await gateway.owner.call('changeSamples', { params, body: { sha256s: digests.slice(4, 6), set: { complete: true } } });
    await page.getByRole('button', { name: 'What was changed' }).click();
    await done('Compare versions');
    const difference = page.getByRole('status').filter({ hasText: 'Compare versions' });
    await expect.poll(() => difference.innerText()).toMatch(/12 → 9[\s\S]*Changed\s+2[\s\S]*Removed\s+3[\s\S]*forklift\s+6\s+5\s+−1/);
    await takeShots(page, 'versions-compared');
    await seal('after review');
    for (const message of ['as it came', 'after review']) await row(message).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Compare the two' }).click();
    await done('Compare versions');
    await expect.poll(() => row('after review').innerText()).toContain('from');
    await menu('as it came', 'Restore…');
    await takeShots(page, 'versions-restore');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    await done('Restore a version');
    await row('as it came').getByText('now', { exact: true }).waitFor();
    expect((await samples(set.id)).length).toBe(12);
  }, 120_000);

  it('keeps a version, exports it, and removes another', async () => {
    await menu('as it came', 'Keep');
    await row('as it came').getByText('Kept').waitFor();
    await menu('as it came', 'Export…');
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    // Nobody has looked at what the model said.
    await page.getByRole('status').filter({ hasText: 'Export' }).getByText(/made by models only, so nothing is left/).waitFor({ timeout: 60_000 });
    await menu('as it came', 'Export…');
    await page.getByRole('dialog').getByLabel('Include labels that only a model has made').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    await done('Export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.imgdataset$/);
    await menu('after review', 'Remove…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row('after review').getByText('Removed').waitFor();
    await takeShots(page, 'versions');
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.reload();
    await page.getByText('封存版本').waitFor();
    await takeShots(page, 'versions-zh');
    await page.getByRole('button', { name: '导入…' }).click();
    await page.getByText('将归档、图片或文件夹拖放到这里').waitFor();
    await takeShots(page, 'import-zh');
    await page.evaluate(() => localStorage.setItem('argus.locale', 'en'));
    await page.goto(`${gateway.url}/system`);
    await page.getByText('Sample pictures').waitFor();
    await takeShots(page, 'system');
  }, 90_000);

  it('imports a tree of folders, each a set of its own', async () => {
    const names = Array.from({ length: 100 }, (_unused, index) => (index % 10 === 0 ? `街道 ${index}` : `folder ${index}`));
    for (const [index, name] of names.entries()) {
      mkdirSync(join(folder, 'tree', name), { recursive: true });
      writeFileSync(join(folder, 'tree', name, 'a.jpg'), await paintJpeg(page, name, index * 3, 64, 48));
    }
    await page.goto(`${gateway.url}/datasets/import`);
    await page.getByTestId('import-folder').setInputFiles(join(folder, 'tree'));
    await page.getByText('100 pictures').waitFor();
    await page.getByLabel('Each folder a set of its own').click();
    await takeShots(page, 'import-chosen');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await done('Import');
    await takeShots(page, 'import-done');
    await page.getByRole('button', { name: 'Remove the empty set tree' }).click();
    await page.getByText('Drop an archive, pictures or folders here').waitFor();
    const made = (await sets()).filter(({ name }) => names.includes(name));
    expect(made.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const one of made.slice(0, 5)) expect((await samples(one.id)).length).toBe(1);
  }, 120_000);

  it('takes pasted pictures byte by byte, and none twice', async () => {
    await page.goto(`${gateway.url}/datasets/import`);
    // As the file manager puts them on the clipboard.
    const paste = async (): Promise<string[]> => page.evaluate(async () => {
      const data = new DataTransfer();
      const digests: string[] = [];
      for (let index = 0; index < 300; index += 1) {
        const canvas = new OffscreenCanvas(24, 16);
        const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        pen.fillStyle = `hsl(${index} 80% ${20 + (index % 60)}%)`;
        pen.fillRect(0, 0, 24, 16);
        pen.fillStyle = '#fff';
        pen.fillRect(index % 24, Math.floor(index / 24), 1, 1);
        const blob = await canvas.convertToBlob({ type: 'image/png' });
        digests.push([...new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
        data.items.add(new File([blob], `图 ${index}.png`, { type: 'image/png' }));
      }
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
      return digests;
    });
    const pasted = await paste();
    expect(new Set(pasted).size).toBe(300);
    await page.getByText('300 pictures').waitFor();
    await page.getByLabel('Name of the new set').fill('Pasted');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await done('Import');
    const made = (await sets()).find(({ name }) => name === 'Pasted') as Dataset;
    expect((await samples(made.id)).map(({ sha256 }) => sha256).sort()).toEqual([...pasted].sort());
    await page.goto(`${gateway.url}/datasets/${made.id}`);
    await paste();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await done('Import');
    await expect.poll(() => page.getByRole('status').filter({ hasText: 'Import' }).innerText()).toMatch(/Known before\s+300/);
    await page.getByRole('button', { name: 'Import more' }).click();
    // Dragged over the page and dropped; the sign goes with it.
    const drag = (name: string) => page.evaluate((type) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'b.jpg', { type: 'image/jpeg' }));
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, name);
    await drag('dragenter');
    await page.getByText('Drop to import into Pasted').waitFor();
    await drag('drop');
    await page.getByText('Drop to import into Pasted').waitFor({ state: 'detached' });
    await page.getByText('1 picture, ').waitFor();
  }, 120_000);

  it('is told of a hostile archive by the name of its entry', async () => {
    const path = join(folder, 'bad.zip');
    execFileSync('python3', ['-c', 'import sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w") as z: z.writestr("../../evil.jpg","x")', path]);
    await page.goto(`${gateway.url}/datasets/import`);
    await page.getByTestId('import-files').setInputFiles(path);
    await page.getByLabel('Name of the new set').fill('Hostile');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(/evil\.jpg/).waitFor({ timeout: 30_000 });
    await takeShots(page, 'import-hostile');
    await page.getByRole('button', { name: 'Import more' }).click();
  }, 60_000);

  it('pauses an upload, loses the page, and goes on where the server was', async () => {
    const path = join(folder, 'large.zip');
    const picture = await paintJpeg(page, 'large', 5);
    writeFileSync(join(folder, 'p.jpg'), picture);
    execFileSync('python3', ['-c', 'import os,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w") as z:\n  z.write(sys.argv[2],"g/p.jpg")\n  z.writestr("notes.bin",os.urandom(20_000_000))', path, join(folder, 'p.jpg')]);
    let [begun, pieces, isHeld] = [0, 0, true];
    await page.route('**/api/v1/uploads**', async (route) => {
      const method = route.request().method();
      begun += Number(method === 'POST');
      if (method === 'PATCH' && isHeld && pieces > 0) return;
      pieces += Number(method === 'PATCH');
      await route.continue();
    });
    await page.goto(`${gateway.url}/datasets/${set.id}`);
    const choose = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Import…' }).click();
      await page.getByTestId('import-files').setInputFiles(path);
    };
    await choose();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(/^8 MB of 19 MB/).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    await takeShots(page, 'import-paused');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    isHeld = false;
    await page.getByRole('button', { name: 'Import…' }).click();
    await page.getByText('An upload was broken off').waitFor();
    await takeShots(page, 'import-broken-off');
    await page.getByTestId('import-files').setInputFiles(path);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await done('Import');
    // Three pieces in all: none was sent twice.
    expect([begun, pieces, statSync(path).size > 2 * 8 * 2 ** 20]).toEqual([1, 3, true]);
    expect((await samples(set.id)).length).toBe(13);
    expect(faults).toEqual([]);
  }, 90_000);
});
