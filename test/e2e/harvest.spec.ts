import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { HarvestRecipe, type Camera, type CameraId, type HarvestRun, type Page as ListPage, type SavedHarvestRecipe } from '@argus/contracts';
import { isBuilt, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../apps/cli/src/run-command-line.js';
import { recipeOfFlags, type RecipeValues } from '../../apps/cli/src/harvest/recipe-options.js';
import { readDraft, startDraft, type HarvestDraft } from '../../apps/dashboard/src/features/harvest/harvest-draft.js';
import { makeSegment } from '../../apps/gateway/test/footage-files.js';
import { connectEngine, PASSWORD, runGateway, type RunningGateway } from '../../apps/gateway/test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { launchBrowser, signIn, takeShots, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? whyNoWorker() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);

/** Yesterday, 19:30 in Shanghai. */
const EVENING = Date.parse(`${new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)}T11:30:00.000Z`);

/** Real: gateway, worker, PostgreSQL, footage that ffmpeg made, Chromium. The engine is a small client of its protocol. */
describe.skipIf(problem)('harvests in a browser', () => {
  let gateway: RunningGateway;
  let worker: ChildProcess | undefined;
  let engine: Awaited<ReturnType<typeof connectEngine>>;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [gateway, browser] = await Promise.all([runGateway({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') }), launchBrowser()]);
    engine = await connectEngine(gateway);
    const [first, second] = [await addCamera('东街道 Gate', ['north']), await addCamera('西街道 Market')];
    await addCamera('Yard');
    for (const [index, cameraId] of [first, first, second, second].entries()) {
      const segment = makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: EVENING + index * 10_000, from: (index + 1) * 4, size: '320x240' });
      await engine.record(segment);
    }
    ({ page, faults } = await visit('admin'));
  });
  afterAll(async () => {
    await browser?.close();
    engine?.close();
    if (worker) await endWorker(worker, 'SIGKILL');
    await gateway?.stop();
  });

  const addCamera = async (name: string, tags: string[] = []): Promise<CameraId> => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', tags } })).body as Camera).id;
  const recipes = async () => ((await gateway.owner.call('listHarvestRecipes')).body as ListPage<SavedHarvestRecipe>).items;
  const runs = async () => ((await gateway.owner.call('listHarvestRuns')).body as ListPage<HarvestRun>).items;

  const visit = async (role: Parameters<RunningGateway['withUser']>[0]) => signIn(browser, gateway.url, (await gateway.withUser(role)).user.name, PASSWORD);

  const preview = () => page.getByRole('region', { name: 'Preview' });

  it('are explained while there is none, and a recipe is written in a few words while what it would take is shown', async () => {
    await page.getByRole('link', { name: 'Harvest' }).click();
    await page.getByText('A harvest takes pictures out of recorded footage').waitFor();
    await takeShots(page, 'empty');
    await page.getByRole('link', { name: 'New recipe' }).click();
    await preview().getByText('3 cameras').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Streets in the evening');
    // The pattern counts before it is added.
    await page.getByRole('textbox', { name: 'Cameras whose name' }).fill('街道');
    await preview().getByText('2 cameras').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add hours' }).click();
    await preview().getByText('cameras whose name contains 街道 · 19:00–21:00 · last 30 days · every 25th picture').waitFor();
    await takeShots(page, 'form');
    // Each file may begin with a picture of its own.
    await preview().getByText('20 pictures').waitFor();
    await preview().getByText('16 sec').waitFor();
    expect(await preview().getByRole('list', { name: 'Cameras that fit' }).getByRole('listitem').allTextContents()).toEqual(['东街道 Gate', '西街道 Market']);
    await page.getByRole('switch', { name: 'Leave out pictures that are nearly the same' }).click();
    await takeShots(page, 'form');
  });

  it('say at the field what does not fit, and why nothing would be taken', async () => {
    await page.getByLabel('Kind: contains 街道').selectOption('regex');
    await page.getByRole('textbox', { name: 'Cameras whose name' }).fill('(');
    await page.keyboard.press('Enter');
    await page.getByLabel('Kind: contains (').selectOption('regex');
    await page.getByRole('alert').getByText('Expected a regular expression (RE2), got "("').waitFor();
    await takeShots(page, 'wrong-pattern');
    await page.getByRole('button', { name: 'Remove matches /(/' }).click();
    await page.getByLabel('Kind: matches /街道/').selectOption('keyword');
    await page.getByLabel('Until').fill('19:20');
    await preview().getByText('These cameras have no footage in these hours and days.').waitFor();
    await page.getByLabel('Until').fill('21:00');
    await page.getByLabel('With one of these tags').fill('south');
    await page.keyboard.press('Enter');
    await preview().getByText('No camera that you may look at has such a name and tags.').waitFor();
    await page.getByRole('button', { name: 'Remove south' }).click();
    await preview().getByText('20 pictures').waitFor();
    await page.getByLabel('One in').fill('');
    await preview().getByText('Something is not filled in').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('Expected a whole number from 1 to 1,000,000').waitFor();
    await page.getByLabel('One in').fill('25');
    // What is written is not lost by a wrong press.
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  });

  it('are run, stopped, gone on with and watched, and lead to their set', async () => {
    await page.getByRole('button', { name: 'Save and run' }).click();
    await page.waitForURL(/\/harvest\/runs\/[0-9a-f-]{36}$/);
    const panel = page.getByRole('complementary', { name: 'Streets in the evening' });
    await panel.getByText('Until a worker is free').waitFor();
    await page.getByRole('status', { name: '1 harvest at work' }).waitFor();
    await takeShots(page, 'waiting');
    await panel.getByRole('button', { name: 'Stop' }).click();
    await panel.getByText('Stopped').waitFor();
    await panel.getByRole('button', { name: 'Go on' }).click();
    worker = await startWorker(gateway);
    await panel.getByText('Done').waitFor({ timeout: 60_000 });
    await panel.getByText('16 pictures, ').waitFor();
    const [run] = await runs();
    expect(run).toMatchObject({ state: 'done', samples: { added: 16 } });
    expect(await panel.getByRole('link', { name: 'Open the set' }).getAttribute('href')).toBe(`/datasets/${run?.datasetId}`);
    const row = page.getByRole('listitem', { name: 'Streets in the evening' });
    await waitFor(async () => (await row.getByRole('link', { name: 'Streets in the evening' }).last().getAttribute('href')) === `/datasets/${run?.datasetId}`, 20_000);
    await takeShots(page, 'done');
    // Once more: there is nothing that it has not seen.
    await row.getByRole('button', { name: 'Run Streets in the evening' }).click();
    await panel.getByText('There was no footage that this recipe has not seen before.').waitFor({ timeout: 30_000 });
    await panel.getByRole('link', { name: 'Open the set' }).click();
    await page.getByRole('heading', { name: 'Streets in the evening' }).waitFor();
    await page.getByRole('status').getByText('16 pictures').waitFor();
    await page.goBack();
    await panel.getByText('Done').waitFor();
  });

  it('are the same recipes by the form, by flags and by the API, and run from the command line, too', async () => {
    const { url, key } = await gateway.withKey(['harvest.read', 'harvest.run', 'dataset.read']);
    const argus = async (...words: string[]) => {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await runCommandLine(['harvest', ...words], { env: { ARGUS_URL: url, ARGUS_API_KEY: key ?? '' }, cwd: gateway.data, out: (line) => out.push(line), err: (line) => err.push(line) });
      return { code, out: out.join('\n'), err: err.join('\n') };
    };
    const wish = ['--match', '街道', '--window', '19:00-21:00', '--last-days', '30', '--every', '25', '--keep-duplicates'];
    expect(JSON.parse((await argus('preview', ...wish, '--json')).out)).toMatchObject({ cameras: 2, frames: 20 });
    const created = await argus('create', '--name', 'By flags', ...wish, '--json');
    expect([created.code, created.err]).toEqual([0, '']);
    const [byFlags, byForm] = await recipes();
    const wishOf = (recipe: object | undefined) => HarvestRecipe.parse({ ...recipe, name: 'x', datasetId: null });
    expect(wishOf(byFlags)).toEqual(wishOf(byForm));
    const byApi = (await gateway.owner.call('createHarvestRecipe', { body: { ...HarvestRecipe.parse(byForm), name: 'By the API', datasetId: null } })).body as SavedHarvestRecipe;
    expect(wishOf(byApi)).toEqual(wishOf(byForm));
    const followed = await argus('run', 'by flags', '--follow', '--json');
    expect([followed.code, JSON.parse(followed.out)]).toMatchObject([0, { state: 'done', samples: { added: 16 } }]);
    expect((await argus('list')).out).toContain('By flags');
    for (const { id } of [byApi, byFlags as SavedHarvestRecipe]) await gateway.owner.call('deleteHarvestRecipe', { params: { id } });
  });

  it('are changed, repeated, copied and deleted', async () => {
    const row = page.getByRole('listitem', { name: 'Streets in the evening' });
    await row.getByRole('button', { name: 'Edit Streets' }).click();
    await page.getByRole('switch', { name: 'Repeat' }).click();
    await page.getByLabel('At', { exact: true }).fill('03:30');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await row.getByText('Next').waitFor();
    expect((await recipes())[0]).toMatchObject({ schedule: { at: '03:30' }, nextRunAt: expect.stringContaining('T03:30:00.000Z') });
    await row.getByRole('button', { name: 'Duplicate Streets' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Streets in the evening (copy)');
    // A name that is taken is said at its field.
    await page.getByLabel('Name', { exact: true }).fill('Streets in the evening');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('choose another name').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Copy');
    await page.getByRole('radio', { name: 'A set that is there' }).check();
    await page.getByLabel('Search sets').fill('STREETS');
    await page.getByRole('radiogroup', { name: 'A set that is there' }).getByRole('radio').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const copy = page.getByRole('listitem', { name: 'Copy' });
    await copy.waitFor();
    const [copied, original] = await recipes();
    expect(copied).toMatchObject({ name: 'Copy', datasetId: original?.datasetId, schedule: null, calendar: original?.calendar });
    await takeShots(page, 'list');
    await copy.getByRole('button', { name: 'Delete Copy' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Copy is deleted').waitFor();
    await copy.waitFor({ state: 'detached' });
    expect(await recipes()).toHaveLength(1);
    expect(faults).toEqual([]);
  });

  it('are there in Chinese, too', async () => {
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.goto(`${gateway.url}/harvest`);
    await page.getByText('名称包含 街道 的摄像机 · 19:00–21:00 · 最近 30 天 · 每 25 帧取一张').first().waitFor();
    await takeShots(page, 'list-zh');
    await page.getByRole('link', { name: '新建方案' }).click();
    await page.getByRole('region', { name: '预览' }).getByText('3 台摄像机').waitFor();
    await takeShots(page, 'form-zh');
    await page.evaluate(() => localStorage.setItem('argus.locale', 'en'));
  });

  it('propose one set for a detector and a matrix for classifiers; the person decides (S192)', async () => {
    await page.goto(`${gateway.url}/harvest/new`);
    const [one, matrix] = [page.getByRole('radio', { name: 'A new set' }), page.getByRole('radio', { name: 'A set for each camera' })];
    expect([await page.getByRole('radio', { name: 'A detector' }).isChecked(), await one.isChecked()]).toEqual([true, true]);
    await page.getByRole('radio', { name: 'Classifiers' }).check();
    expect(await matrix.isChecked()).toBe(true);
    await matrix.scrollIntoViewIfNeeded();
    await takeShots(page, 'purpose');
    await page.getByRole('radio', { name: 'A detector' }).check();
    expect(await one.isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Classifiers' }).check();
    await one.check();
    await page.getByLabel('Name', { exact: true }).fill('Classes');
    await page.getByRole('textbox', { name: 'Cameras whose name' }).fill('街道');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const row = page.getByRole('listitem', { name: 'Classes' });
    await row.getByRole('button', { name: 'Edit Classes' }).click();
    expect((await recipes())[0]).toMatchObject({ name: 'Classes', purpose: 'classifier', target: 'set' });
    await expect.poll(() => one.isChecked()).toBe(true);
    await matrix.check();
    await page.getByRole('button', { name: 'Save and run' }).click();
    const panel = page.getByRole('complementary', { name: 'Classes' });
    await panel.getByText('Done').waitFor({ timeout: 60_000 });
    expect((await recipes())[0]).toMatchObject({ purpose: 'classifier', target: null, datasetId: null });
    await panel.getByRole('link', { name: 'Open the matrix' }).click();
    const listed = page.getByRole('list', { name: 'Sample sets' }).getByRole('listitem');
    await expect.poll(() => listed.count(), { timeout: 10_000 }).toBe(2);
    expect(await listed.getByText(/^Classes · /).allTextContents()).toEqual(expect.arrayContaining(['Classes · 东街道 Gate', 'Classes · 西街道 Market']));
    await takeShots(page, 'matrix-sets');
  });

  it('are only for those who may, and pictures without masks for fewer', async () => {
    const viewer = await visit('viewer');
    expect(await viewer.page.getByRole('link', { name: 'Harvest' }).count()).toBe(0);
    const annotator = await visit('annotator');
    await annotator.page.getByRole('link', { name: 'Harvest' }).click();
    await annotator.page.getByRole('link', { name: 'New recipe' }).click();
    await annotator.page.getByRole('switch', { name: 'Leave out pictures' }).waitFor();
    expect(await annotator.page.getByRole('switch', { name: 'Burn in privacy masks' }).count()).toBe(0);
    await page.goto(`${gateway.url}/harvest/new`);
    await page.getByRole('switch', { name: 'Burn in privacy masks' }).click();
    await page.getByText('Pictures show what privacy masks cover').waitFor();
    await page.getByRole('switch', { name: 'Repeat' }).click();
    await page.getByRole('radio', { name: 'With certain objects' }).check();
    await page.getByRole('switch', { name: 'Burn in privacy masks' }).scrollIntoViewIfNeeded();
    await takeShots(page, 'form-end');
    expect([...viewer.faults, ...annotator.faults, ...faults]).toEqual([]);
  });
});

describe('the same wish by the form and by flags', () => {
  const form = startDraft('2026-11-28');
  const named = (values: RecipeValues): RecipeValues => ({ name: 'x', ...values });
  it.each<[Partial<HarvestDraft>, RecipeValues]>([
    [{}, {}],
    [{ include: [{ kind: 'keyword', pattern: '街道' }, { kind: 'glob', pattern: 'Gate-*' }, { kind: 'regex', pattern: '^a' }], exclude: [{ kind: 'keyword', pattern: 'old' }], tags: ['north'] }, { match: ['街道'], glob: ['Gate-*'], regex: ['^a'], exclude: ['old'], tag: ['north'] }],
    [{ dates: 'range', from: '2026-10-01', to: '2026-10-31', windows: [{ from: '22:00', to: '24:00' }], weekdays: [5, 1], zone: 'Asia/Shanghai' }, { from: '2026-10-01', to: '2026-10-31', window: ['22:00-24:00'], weekdays: '1,5', zone: 'Asia/Shanghai' }],
    [{ dates: 'all', sampling: 'seconds', everySeconds: 2 }, { all: true, seconds: '2' }],
    [{ sampling: 'keyframes' }, { keyframes: true }],
    [{ sampling: 'motion', everySeconds: 3 }, { motion: '3' }],
    [{ sampling: 'objects', labels: ['person'] }, { objects: '1', label: ['person'] }],
    [{ sampling: 'events' }, { events: '1' }],
    [{ fit: true, jpegQuality: 80, quota: 500, dropNearDuplicates: false, masked: false }, { fit: '1280x720', quality: '80', quota: '500', 'keep-duplicates': true, originals: true }],
    [{ repeats: true, at: '02:30' }, { at: '02:30' }],
    [{ purpose: 'classifier', target: 'matrix' }, { for: 'classifier' }],
    [{ purpose: 'classifier', target: 'new' }, { for: 'classifier', into: 'set' }],
    [{ target: 'matrix' }, { into: 'matrix' }],
  ])('%j', (part, values) => expect(recipeOfFlags(named(values), null)).toEqual(readDraft({ ...form, name: 'x', ...part }).recipe));
});
