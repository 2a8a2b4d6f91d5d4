import { resolve } from 'node:path';
import type { Camera, CameraId } from '@argus/contracts';
import { isBuilt, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../../apps/gateway/test/footage-files.js';
import { connectEngine, PASSWORD, runGateway, SET_UP_TOKEN, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { launchBrowser, openPage, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Real: gateway, PostgreSQL, files, Chromium. The engine is a small client of its protocol. */
describe.skipIf(problem)('footage of a camera with privacy masks in a browser', () => {
  let gateway: RunningGateway;
  let engine: Awaited<ReturnType<typeof connectEngine>>;
  let browser: Browser;
  let cameraId: CameraId;
  const startMs = Date.now() - 60_000;
  const acks: string[] = [];

  beforeAll(async () => {
    [gateway, browser] = await Promise.all([runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') }), launchBrowser()]);
    engine = await connectEngine(gateway, (message) => {
      if (message.type === 'ack') acks.push(...message.entries);
      return null;
    });
    const polygon = [{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.2 }, { x: 0.5, y: 0.8 }];
    cameraId = ((await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1', enabled: false, privacyMasks: [{ id: 'm1', name: 'Window', enabled: true, polygon }] } })).body as Camera).id;
    const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs, seconds: 20 });
    engine.send({ type: 'segment', entry: segment.id, segment });
    await waitFor(() => acks.includes(segment.id), 20_000);
  });
  afterAll(async () => {
    await browser?.close();
    engine?.close();
    await gateway?.stop();
  });

  async function signIn(name: string): Promise<{ page: Page; faults: string[] }> {
    const opened = await openPage(browser);
    await opened.page.goto(gateway.url);
    await opened.page.getByLabel('Name').fill(name);
    await opened.page.getByLabel('Password').fill(PASSWORD);
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.waitForURL('**/live');
    return opened;
  }
  const moment = () => `${gateway.url}/timeline?camera=${cameraId}&t=${new Date(startMs + 5000).toISOString()}`;
  const newExport = () => `${gateway.url}/exports/new?camera=${cameraId}&from=${new Date(startMs).toISOString()}&to=${new Date(startMs + 10_000).toISOString()}`;

  it('is explained to who may not see it, with the way to an export that has the masks in it', async () => {
    const owner = await openPage(browser);
    await owner.page.goto(`${gateway.url}/set-up?token=${SET_UP_TOKEN}`);
    await owner.page.getByLabel('Name').fill('owner');
    await owner.page.getByLabel('Password').fill(PASSWORD);
    await owner.page.getByRole('button', { name: 'Create account' }).click();
    await owner.page.waitForURL('**/live');
    const { user } = await gateway.withUser('operator');
    const { page, faults } = await signIn(user.name);
    await page.goto(moment());
    await page.getByText('Recorded, and kept private').waitFor();
    await page.getByText('An export shows it with the masks in it.').waitFor();
    expect(await page.getByText('footage.masked').count()).toBe(0);
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

  it('is explained in Chinese, too', async () => {
    const { user } = await gateway.withUser('viewer');
    const { page } = await signIn(user.name);
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.goto(moment());
    await page.getByText('已录制，受隐私保护').waitFor();
    await page.getByText('请其导出带遮挡的影片').waitFor();
  });
});
