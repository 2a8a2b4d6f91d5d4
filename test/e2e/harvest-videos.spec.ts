import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { HarvestRun, Page as ListPage, SavedHarvestRecipe } from '@argus/contracts';
import { isBuilt, makeNumberedVideo, waitFor, whyNoClips } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { launchBrowser, signIn, takeShots, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? whyNoWorker() ?? whyNoClips() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

const BROKEN = 'yard/broken\\u{202e}4pm.mp4';

/** Real: gateway, worker, PostgreSQL, video files that ffmpeg made, Chromium. */
describe.skipIf(problem)('harvests of video files in a browser', () => {
  let gateway: RunningGateway;
  let worker: ChildProcess;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let videos: string;

  beforeAll(async () => {
    videos = realpathSync(mkdtempSync(join(tmpdir(), 'argus-films-')));
    for (const [at, name] of ['南门 gate/a_1.mp4', '南门 gate/a_2.mp4', 'yard/b_1.mp4'].entries()) {
      mkdirSync(join(videos, name, '..'), { recursive: true });
      copyFileSync(film(at), join(videos, name));
    }
    // Drawn as it is, it would end with another one.
    writeFileSync(join(videos, 'yard', 'broken\u202e4pm.mp4'), 'this is no video');
    [gateway, browser] = await Promise.all([runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist'), ARGUS_VIDEO_DIRS: videos }), launchBrowser()]);
    worker = await startWorker(gateway, { ARGUS_VIDEO_DIRS: videos });
    ({ page, faults } = await visit('admin'));
  });
  afterAll(async () => {
    await browser?.close();
    if (worker) await endWorker(worker, 'SIGTERM');
    await gateway?.stop();
    rmSync(videos, { recursive: true, force: true });
  });

  const film = (at: number) => makeNumberedVideo({ width: 320, height: 180, pictures: 100, encode: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'], extension: 'mp4', before: `trim=start_frame=${at * 100},setpts=PTS-STARTPTS` });
  const recipes = async () => ((await gateway.owner.call('listHarvestRecipes')).body as ListPage<SavedHarvestRecipe>).items;
  const lastRun = async () => ((await gateway.owner.call('listHarvestRuns')).body as ListPage<HarvestRun>).items[0];
  const preview = () => page.getByRole('region', { name: 'Preview' });

  const visit = async (role: Parameters<RunningGateway['withUser']>[0]) => signIn(browser, gateway.url, (await gateway.withUser(role)).user.name, PASSWORD);


  it('choose a folder among those that are allowed, and show what is in it', async () => {
    await page.goto(`${gateway.url}/harvest/new`);
    await page.getByRole('radio', { name: 'A folder of the server' }).check();
    await page.getByLabel('Name', { exact: true }).fill('Archive');
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.getByRole('alert').getByText('Choose a folder').waitFor();
    const folders = page.getByRole('list', { name: 'Folders' });
    await folders.getByRole('button', { name: videos }).click();
    await folders.getByRole('button', { name: '南门 gate' }).waitFor();
    await preview().getByText('4 videos').waitFor();
    await preview().getByText('1 file cannot be read as video').waitFor();
    await preview().getByRole('region', { name: 'Cannot be read' }).getByText(BROKEN, { exact: true }).waitFor();
    expect(await preview().getByRole('list', { name: 'Groups' }).getByRole('listitem').allTextContents()).toEqual(['yard', '南门 gate']);
    await page.getByRole('radio', { name: 'By time' }).check();
    await preview().getByText(`videos in ${videos} · one picture every 1 s`).waitFor();
    await page.getByRole('switch', { name: 'Leave out small videos' }).click();
    await preview().getByText('3 videos too small').waitFor();
    await takeShots(page, 'folder', 2600);
    await page.getByRole('switch', { name: 'Leave out small videos' }).click();
    await page.getByRole('switch', { name: 'Leave out pictures that are nearly the same' }).click();
    // Four of each, and one more that may lie at its end.
    await preview().getByText('15 pictures').waitFor();
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.getByRole('link', { name: 'Open the set' }).waitFor({ timeout: 30_000 });
    await takeShots(page, 'run');
    await page.getByText(BROKEN, { exact: true }).waitFor();
    expect(await lastRun()).toMatchObject({ state: 'done', segments: { total: 4, done: 3, failed: 1 }, samples: { added: 12 } });
  });

  it('send videos from this computer, go on with what was broken off, and take pictures of each scene', async () => {
    await page.goto(`${gateway.url}/harvest/new`);
    await page.getByRole('radio', { name: 'Videos from this computer' }).check();
    await page.getByLabel('Name', { exact: true }).fill('Clips');
    const large = join(videos, 'large.mp4');
    copyFileSync(film(3), large);
    truncateSync(large, 40e6);
    // The connection is lost behind the first piece.
    let pieces = 0;
    await page.route('**/api/v1/uploads/*', (route) => (route.request().method() === 'PATCH' && (pieces += 1) > 1 ? route.abort() : route.continue()));
    await page.getByLabel('Choose videos').setInputFiles(large);
    await page.getByRole('progressbar', { name: 'Upload of large.mp4' }).waitFor();
    await waitFor(() => pieces > 1, 20_000);
    await takeShots(page, 'uploading');
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.getByRole('alert').getByText('Videos are still on their way').waitFor();
    await page.unroute('**/api/v1/uploads/*');
    const uploads = page.getByRole('list', { name: 'Videos of this recipe' });
    await uploads.getByText('Is there').waitFor({ timeout: 30_000 });
    writeFileSync(join(videos, 'broken.mp4'), 'this is no video');
    await page.getByLabel('Choose videos').setInputFiles([join(videos, 'yard/b_1.mp4'), join(videos, 'broken.mp4')]);
    await waitFor(async () => (await uploads.getByText('Is there').count()) === 3, 20_000);
    await uploads.getByRole('button', { name: 'Remove broken.mp4' }).click();
    await page.getByRole('radio', { name: 'Each scene' }).check();
    await preview().getByText('2 uploaded videos · one picture of each scene').waitFor();
    await takeShots(page, 'uploads', 2600);
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.getByRole('link', { name: 'Open the set' }).waitFor({ timeout: 30_000 });
    expect((await lastRun())?.segments).toMatchObject({ total: 2, done: 2 });
    expect((await recipes()).map(({ name }) => name)).toEqual(['Clips', 'Archive']);
    expect(faults).toEqual([]);
  });

  it('are offered in Chinese, and only to those who may', async () => {
    const annotator = await visit('annotator');
    await annotator.page.goto(`${gateway.url}/harvest/new`);
    await annotator.page.getByRole('radio', { name: 'Videos from this computer' }).waitFor();
    expect(await annotator.page.getByRole('radio', { name: 'A folder of the server' }).count()).toBe(0);
    await page.goto(`${gateway.url}/harvest`);
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.goto(`${gateway.url}/harvest/new`);
    await page.reload();
    await page.getByRole('radio', { name: '服务器上的文件夹' }).check();
    await page.getByRole('list', { name: '文件夹列表' }).getByRole('button', { name: videos }).click();
    await page.getByRole('region', { name: '预览' }).getByText('3 个分组').waitFor();
    await page.getByRole('region', { name: '无法读取的文件' }).getByText(`“${BROKEN}”不是视频，或文件开头已损坏，无法打开`).waitFor();
    await takeShots(page, 'folder-zh', 2600);
    expect([...faults, ...annotator.faults]).toEqual([]);
  });
});
