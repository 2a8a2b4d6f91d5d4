import { resolve } from 'node:path';
import type { Dataset } from '@argus/contracts';
import { homographyOf, mapPoint, type Quad } from '@argus/geometry';
import { isBuilt } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoWorker } from '../../apps/gateway/test/running-worker.js';
import { streetPictures } from '../../apps/gateway/test/street-pictures.js';
import { drawn, SetBench } from '../../apps/gateway/test/set-bench.js';
import { openAsOwner, settled, takeShots, whyNoBrowser } from './browser.js';

const problem = whyNoBrowser() ?? whyNoWorker() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const CORNERS = ['Upper left', 'Upper right', 'Lower right', 'Lower left'] as const;

/** Real: gateway and worker as processes, PostgreSQL, pictures of the shipped street, Chromium. The steps build on each other. */
describe.skipIf(problem)('somebody who straightens a picture in a browser (S23, S37)', () => {
  let bench: SetBench;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let set: Dataset;
  let source: string;

  beforeAll(async () => {
    bench = await SetBench.open({ ARGUS_DASHBOARD_DIR: resolve('apps/dashboard/dist') });
    set = await bench.create('Streets');
    for (const content of streetPictures(3, 'fps=1')) await bench.put(set, content, { annotations: [drawn('person', 300, 200, 50, 140), drawn('car', 420, 260, 150, 90), drawn('', 0, 0, 768, 200, { kind: 'ignore' })], group: 'Gate' });
    source = (await bench.samples(set))[0]?.sha256 as string;
    await bench.worker();
    ({ browser, page, faults } = await openAsOwner(bench.gateway.setUpLink));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  });

  const tool = () => page.getByTestId('straighten');
  const handle = (corner: (typeof CORNERS)[number]) => page.getByRole('button', { name: new RegExp(`^${corner} corner`) });
  /** As they are said to be, in whole pixels of the picture. */
  const corners = async (): Promise<[number, number][]> =>
    Promise.all(CORNERS.map(async (corner) => {
      const [, x, y] = /corner: (-?\d+), (-?\d+)/.exec((await handle(corner).getAttribute('aria-label')) ?? '') ?? [];
      return [Number(x), Number(y)];
    }));
  const middleOf = async (corner: (typeof CORNERS)[number]): Promise<{ x: number; y: number }> => {
    const box = await handle(corner).boundingBox();
    if (!box) throw new Error(`the ${corner} corner is not there`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const openTool = async (): Promise<void> => {
    await page.goto(`${bench.gateway.url}/datasets/${set.id}/pictures?view=${source}`);
    await page.getByRole('dialog').getByText('1 of 3').waitFor();
    await page.getByRole('dialog').getByTestId('annotation').first().waitFor();
    await page.keyboard.press('s');
    await handle('Upper left').waitFor();
  };

  it('drags corners, moves them by keys and fingers, and turns', async () => {
    await openTool();
    expect(await corners()).toEqual([[115, 86], [653, 86], [653, 490], [115, 490]]);
    const scale = ((await middleOf('Upper right')).x - (await middleOf('Upper left')).x) / 537.6;
    const from = await middleOf('Upper left');
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 60 * scale, from.y + 40 * scale, { steps: 7 });
    await page.mouse.up();
    const [first] = await corners();
    expect([Math.abs((first?.[0] ?? 0) - 175) <= 1, Math.abs((first?.[1] ?? 0) - 126) <= 1]).toEqual([true, true]);
    await handle('Upper right').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Shift+ArrowLeft']) await page.keyboard.press(key);
    expect((await corners())[1]).toEqual([643, 88]);
    const touch = await page.context().newCDPSession(page);
    const finger = await middleOf('Lower right');
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger] });
    for (const share of [0.5, 1]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: finger.x - 50 * scale * share, y: finger.y - 30 * scale * share }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const third = (await corners())[2];
    expect([Math.abs((third?.[0] ?? 0) - 603) <= 2, Math.abs((third?.[1] ?? 0) - 460) <= 2]).toEqual([true, true]);
    const before = await corners();
    for (let times = 0; times < 4; times += 1) await page.keyboard.press(']');
    await expect.poll(() => page.getByLabel('Turn').inputValue()).toBe('2');
    expect(await corners()).not.toEqual(before);
    await page.keyboard.press('[');
    await expect.poll(() => page.getByLabel('Turn').inputValue()).toBe('1.5');
    await takeShots(page, 'straighten');
  });

  it('sees the picture as it will be', async () => {
    const preview = page.getByTestId('straighten-preview');
    const [seen, quad] = [await preview.boundingBox(), await corners()];
    // Where the browser puts the corners is where the corners of the preview are.
    const places = await preview.locator('img').evaluate((image, points) => {
      const matrix = new DOMMatrix(getComputedStyle(image).transform);
      return points.map(([x, y]) => {
        const { x: u, y: v, w } = matrix.transformPoint(new DOMPoint(x, y));
        return [u / w, v / w] as const;
      });
    }, quad);
    const [width, height] = [seen?.width ?? 0, seen?.height ?? 0];
    for (const [at, wanted] of ([[0, 0], [width, 0], [width, height], [0, height]] as const).entries()) expect(Math.hypot((places[at]?.[0] ?? 99) - wanted[0], (places[at]?.[1] ?? 99) - wanted[1])).toBeLessThan(1);
    await tool().getByText(/3 labels come along/).waitFor();
    await page.getByLabel('Form').selectOption('person');
    await expect.poll(async () => ((await preview.boundingBox())?.width ?? 0) / ((await preview.boundingBox())?.height ?? 1)).toBeCloseTo(1 / 3, 1);
    await page.getByLabel('Form').selectOption('free');
    await page.getByLabel('Width', { exact: true }).fill('4000');
    await page.getByText('More than two pixels for each').waitFor();
    expect(await page.getByRole('button', { name: 'Make new sample' }).isDisabled()).toBe(true);
    await page.getByLabel('Width', { exact: true }).fill('');
    // Sides that cross make no picture.
    await handle('Upper left').focus();
    for (let times = 0; times < 60; times += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.getByText(/Two sides cross|A corner points inwards/).waitFor();
    await takeShots(page, 'straighten-flaw');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Begin anew' }).click();
    expect((await corners())[0]).toEqual([115, 86]);
    expect(await bench.gateway.dataSource.query('SELECT count(*)::int AS count FROM dataset_jobs')).toEqual([{ count: 0 }]);
  });

  it('explains itself, and leaves the picture open when it is left', async () => {
    // However soon Escape comes after F1, it is not for what lies beneath the help.
    await page.evaluate(async () => {
      const press = (key: string) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const isOpen = new Promise<void>((resolve) => {
        new MutationObserver(() => document.querySelectorAll('[role="dialog"]').length > 1 && resolve()).observe(document.body, { childList: true });
      });
      press('F1');
      await isOpen;
      press('Escape');
    });
    await settled(page);
    expect(await tool().count()).toBe(1);
    const help = page.getByRole('dialog', { name: 'Straightening a picture' });
    if (await help.count() === 0) await page.keyboard.press('F1');
    await help.waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await tool().waitFor();
    await page.keyboard.press('Escape');
    await tool().waitFor({ state: 'detached' });
    await page.getByRole('dialog').getByText('1 of 3').waitFor();
    await page.getByRole('button', { name: 'Straighten…' }).click();
    await tool().waitFor();
  });

  it('makes it by Enter, sees it with its labels, and undoes it', async () => {
    for (let times = 0; times < 8; times += 1) await page.keyboard.press(']');
    await handle('Upper left').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByText('1 new sample is in the set').waitFor();
    await page.getByRole('dialog').getByText('of 4').waitFor();
    const made = (await bench.samples(set)).find(({ sha256 }) => new URL(page.url()).searchParams.get('view') === sha256);
    expect(made?.sha256).not.toBe(source);
    const sample = await bench.sample(set, made?.sha256 as string);
    const { from, corners: quad } = sample.attributes['transform'] as unknown as { from: string; corners: Quad };
    expect(from).toBe(source);
    // Labels are where the homography puts them, and seen.
    const middle = mapPoint(homographyOf(quad, sample), { x: 325, y: 270 });
    const person = sample.annotations.find(({ label }) => label === 'person');
    expect(Math.hypot((person?.box.x ?? 0) + (person?.box.width ?? 0) / 2 - middle.x, (person?.box.y ?? 0) + (person?.box.height ?? 0) / 2 - middle.y)).toBeLessThan(3);
    await expect.poll(() => page.getByRole('dialog').getByTestId('annotation').count()).toBe(3);
    await page.waitForFunction((width) => [...document.querySelectorAll<HTMLImageElement>('[role="dialog"] img')].some(({ naturalWidth }) => naturalWidth === width), sample.width);
    await takeShots(page, 'straightened');
    await page.getByRole('button', { name: 'Undo', includeHidden: true }).last().click();
    await page.getByText('1 picture is taken out').waitFor();
    await page.getByRole('dialog').getByText('1 of 3').waitFor();
    expect((await bench.samples(set)).map(({ sha256 }) => sha256)).not.toContain(made?.sha256);
    await page.keyboard.press('Escape');
    const grid = page.getByTestId('picture-grid');
    await expect.poll(() => grid.getByRole('option').count()).toBe(3);
    await expect.poll(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('does the same with all chosen pictures, and undoes all of it', async () => {
    await page.keyboard.press('Control+a');
    await page.getByText('3 chosen').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText(/of 3/).waitFor();
    await page.getByRole('dialog').getByTestId('annotation').first().waitFor();
    await page.keyboard.press('s');
    await page.getByLabel('And of 2 other chosen pictures').click();
    await page.getByRole('button', { name: 'Make new sample' }).click();
    await page.getByText('3 new samples are in the set').waitFor();
    expect(await bench.samples(set)).toHaveLength(6);
    await page.getByRole('button', { name: 'Undo', includeHidden: true }).last().click();
    await page.getByText('3 pictures are taken out').waitFor();
    expect(await bench.samples(set)).toHaveLength(3);
  });

  it('reads it in Chinese', async () => {
    await page.evaluate(() => localStorage.setItem('argus.locale', 'zh'));
    await page.goto(`${bench.gateway.url}/datasets/${set.id}/pictures?view=${source}`);
    await page.getByRole('button', { name: '拨正…' }).click();
    await page.getByRole('button', { name: '生成新样本' }).waitFor();
    await takeShots(page, 'straighten-zh');
    await page.evaluate(() => localStorage.setItem('argus.locale', 'en'));
    expect(faults).toEqual([]);
  });
});
