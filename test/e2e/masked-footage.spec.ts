import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import type { Camera, CameraId, RecordingHold } from '@argus/contracts';
import { isBuilt, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../apps/gateway/test/footage-files.js';
import { connectEngine, PASSWORD, runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { launchBrowser, signIn, whyNoBrowser } from './browser.js';
import { settledAt } from './footage-page.js';

const problem = whyNoBrowser() ?? whyNoWorker() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: gateway, worker, PostgreSQL, files, Chromium. The engine is a small client of its protocol. */
describe.skipIf(problem)('footage of a camera with privacy masks in a browser', () => {
  let gateway: RunningGateway;
  let worker: ChildProcess;
  let engine: Awaited<ReturnType<typeof connectEngine>>;
  let browser: Browser;
  let cameraId: CameraId;
  const startMs = Date.now() - 60_000;

  beforeAll(async () => {
    [gateway, browser] = await Promise.all([runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') }), launchBrowser()]);
    engine = await connectEngine(gateway);
    worker = await startWorker(gateway);
    const polygon = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }];
    cameraId = ((await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false, privacyMasks: [{ id: 'm1', name: 'Window', enabled: true, polygon }] } })).body as Camera).id;
    const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs, seconds: 20, size: '320x240' });
    await engine.record(segment);
  });
  afterAll(async () => {
    await browser?.close();
    engine?.close();
    if (worker) await endWorker(worker, 'SIGKILL');
    await gateway?.stop();
  });

  const visit = (name: string) => signIn(browser, gateway.url, name, PASSWORD);
  const moment = () => `${gateway.url}/timeline?camera=${cameraId}&t=${new Date(startMs + 5000).toISOString()}`;
  const newExport = () => `${gateway.url}/exports/new?camera=${cameraId}&from=${new Date(startMs).toISOString()}&to=${new Date(startMs + 10_000).toISOString()}`;

  /** How far brightness goes apart in the left half of what the page shows, and in the right one. */
  const spreads = (page: Page) =>
    page.evaluate(() => {
      const video = document.querySelector<HTMLVideoElement>('[data-testid="footage"]') as HTMLVideoElement;
      const canvas = document.createElement('canvas');
      const [width, height] = [(canvas.width = video.videoWidth), (canvas.height = video.videoHeight)];
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.drawImage(video, 0, 0);
      const spread = (from: number, to: number) => {
        const { data } = context.getImageData(from, 0, to - from, height);
        const values = Array.from({ length: data.length / 4 }, (_, index) => data[index * 4 + 1] as number);
        return values.reduce((most, value) => Math.max(most, value), 0) - values.reduce((least, value) => Math.min(least, value), 255);
      };
      return { left: spread(0, width / 2 - 2), right: spread(width / 2 + 2, width) };
    });

  it('is played with the masks in it to who may not see the original, there and wherever it is sought, and saved so', async () => {
    const { user } = await gateway.withUser('operator');
    const { page, faults } = await visit(user.name);
    await page.goto(moment());
    await settledAt(page, startMs + 5000, 500);
    expect(await page.getByTestId('footage').getAttribute('data-phase')).toBe('shown');
    const first = await spreads(page);
    expect([first.left < 20, first.right > 100]).toEqual([true, true]);
    await page.goto(`${gateway.url}/timeline?camera=${cameraId}&t=${new Date(startMs + 15_500).toISOString()}`);
    await settledAt(page, startMs + 15_500, 500);
    const later = await spreads(page);
    expect([later.left < 20, later.right > 100]).toEqual([true, true]);
    // It plays on.
    await page.keyboard.press('Space');
    await waitFor(async () => page.getByTestId('footage').evaluate((video: HTMLVideoElement, fromMs) => video.currentTime * 1000 > fromMs + 1500, startMs + 15_500), 20_000);
    await page.keyboard.press('Space');
    const saved = page.waitForEvent('download');
    await page.keyboard.press('Shift+S');
    expect((await saved).suggestedFilename()).toMatch(/^Gate_.*\.jpg$/);
    expect(faults).toEqual([]);
  });

  it('is as it was recorded for who may see the original', async () => {
    const owner = await visit((await gateway.withUser('admin')).user.name);
    await owner.page.goto(moment());
    await settledAt(owner.page, startMs + 5000, 500);
    expect((await spreads(owner.page)).left).toBeGreaterThan(100);
    const { user } = await gateway.withUser('operator');
    const { page, faults } = await visit(user.name);
    await page.goto(newExport());
    await page.getByText('The privacy masks of Gate will be burnt into the pictures').waitFor();
    expect(await page.getByRole('switch', { name: 'Original, without privacy masks' }).count()).toBe(0);
    expect(faults).toEqual([]);
    // Who may see originals chooses.
    await owner.page.goto(newExport());
    await owner.page.getByText('The privacy masks of Gate will be burnt into the pictures').waitFor();
    await owner.page.getByRole('switch', { name: 'Original, without privacy masks' }).click();
    await owner.page.getByText('The privacy masks of Gate').waitFor({ state: 'detached' });
    await owner.page.getByLabel('Case').fill('Window');
    await owner.page.getByRole('button', { name: 'Start export' }).click();
    await owner.page.waitForURL(/exports\/[0-9a-f-]{36}$/);
    await owner.page.getByText('original, without privacy masks').waitFor();
    expect(owner.faults).toEqual([]);
  });

  it('can be protected from the range that is selected, is marked on the ruler, and let go again', async () => {
    const { user } = await gateway.withUser('operator');
    const { page, faults } = await visit(user.name);
    await page.goto(moment());
    await settledAt(page, startMs + 5000, 500);
    const bands = page.getByTestId('timeline-holds');
    await page.getByRole('button', { name: 'Nothing is protected here' }).waitFor();
    await page.keyboard.press('i');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Protect…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Protect footage' }).click();
    await dialog.getByText('Expected why it is protected').waitFor();
    await dialog.getByLabel('Reason').fill('accident at the gate');
    await dialog.getByRole('button', { name: 'Protect footage' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '1 protected range' }).waitFor();
    const holds = (await gateway.owner.call('listHolds')).body.items as RecordingHold[];
    expect(holds).toMatchObject([{ cameraId, reason: 'accident at the gate', createdBy: user.name }]);
    expect(Date.parse(holds[0]?.to as string) - Date.parse(holds[0]?.from as string)).toBe(5000);
    // By the mouse on its band, and by keys in words.
    const ruler = page.getByTestId('timeline-ruler');
    const box = (await ruler.boundingBox()) as { x: number; y: number; width: number; height: number };
    const [fromMs, toMs] = [Number(await ruler.getAttribute('data-from')), Number(await ruler.getAttribute('data-to'))];
    const middle = (Date.parse(holds[0]?.from as string) + 2500 - fromMs) / (toMs - fromMs);
    await page.mouse.move(box.x + middle * box.width, box.y + box.height - 6);
    await waitFor(async () => (await ruler.getAttribute('title'))?.includes('accident at the gate') === true, 10_000);
    await bands.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('accident at the gate').waitFor();
    await page.getByRole('button', { name: 'End protection' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End protection' }).click();
    await page.getByRole('button', { name: 'Nothing is protected here' }).waitFor();
    expect((await gateway.owner.call('listHolds')).body.items).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('is explained where nobody can say any more what to cover, in both languages', async () => {
    const camera = (await gateway.owner.call('getCamera', { params: { id: cameraId } })).body as Camera;
    await gateway.owner.call('updateCamera', { params: { id: cameraId }, body: { ...camera, privacyMasks: [] } });
    const { user } = await gateway.withUser('viewer');
    const { page } = await visit(user.name);
    await page.goto(moment());
    await page.getByText('Recorded, and kept private').waitFor();
    expect(await page.getByText('footage.masked').count()).toBe(0);
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.goto(moment());
    await page.getByText('已录制，受隐私保护').waitFor();
    await page.getByText('请联系管理员').waitFor();
    // Protecting is not for viewers.
    expect(await page.getByTestId('timeline-holds').count()).toBe(0);
  });
});
