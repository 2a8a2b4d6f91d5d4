import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, Sample } from '@argus/contracts';
import { boxIou } from '@argus/geometry';
import { isBuilt, waitFor } from '@argus/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled, whyNoBrowser } from './browser.js';
import { LabelDesk, takenAt, type Seen } from './label-desk.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const SHOTS = process.env['ARGUS_SHOTS'];

/** Real: the whole product, its demo camera recorded as it comes, worker, Chromium with its own decoder, a mouse. The steps build on each other. */
describe.skipIf(problem)('somebody who labels footage', () => {
  let desk: LabelDesk;
  let page: Page;
  let set: Dataset;
  beforeAll(async () => {
    desk = await LabelDesk.open();
    ({ page } = desk);
    set = await desk.product.api<Dataset>('POST', '/datasets', { name: 'By hand' });
  }, 240_000);
  afterAll(() => desk?.close());

  const boxes = () => desk.boxes();
  const shownAt = () => desk.shownAt();
  const first = () => desk.person[0] as Seen;
  async function shoot(name: string): Promise<void> {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  it('comes from the timeline with the moment, and chooses a set', async () => {
    await page.goto(`${desk.product.url}/timeline?camera=${desk.camera.id}&t=${new Date(first().ms).toISOString()}`);
    await page.getByRole('button', { name: 'Label this footage' }).click();
    await page.waitForURL('**/timeline/label?**');
    await page.getByLabel('Sample set', { exact: true }).selectOption({ label: 'By hand' });
    await desk.shown(first().ms);
    expect(await boxes().count()).toBe(0);
  });

  it('draws a box with the mouse', async () => {
    await page.keyboard.press('1');
    await desk.draw(first().box);
    expect([await boxes().count(), await boxes().first().getAttribute('data-drawn')]).toEqual([1, 'true']);
  });

  it('tracks it, and it goes along with the film', async () => {
    await page.getByLabel('How far').selectOption('2');
    const startMs = await shownAt();
    await page.keyboard.press('t');
    await page.getByText(/Tracked through \d+ pictures?$/).waitFor({ timeout: 60_000 });
    const told: Seen[] = [];
    for (let step = 0; step < 12; step += 1) {
      const ms = await desk.step();
      const found = await boxes().first().locator('rect').first().evaluate((rect) => ({ x: Number(rect.getAttribute('x')), y: Number(rect.getAttribute('y')), width: Number(rect.getAttribute('width')), height: Number(rect.getAttribute('height')) }));
      told.push({ ms, box: found });
    }
    expect(await boxes().first().getAttribute('data-drawn')).toBe('false');
    // Steps are pictures, each once.
    expect(new Set(told.map(({ ms }) => ms)).size).toBe(12);
    const size = await desk.canvas().evaluate((svg) => ({ width: (svg as SVGSVGElement).viewBox.baseVal.width, height: (svg as SVGSVGElement).viewBox.baseVal.height }));
    const seen = desk.person.flatMap((one) => {
      const near = told.filter(({ ms }) => Math.abs(ms - one.ms) < 60)[0];
      return near ? [boxIou(near.box, { x: one.box.x * size.width, y: one.box.y * size.height, width: one.box.width * size.width, height: one.box.height * size.height })] : [];
    });
    expect([(told.at(-1)?.ms ?? 0) > startMs, seen.length > 0, seen.every((iou) => iou > 0.3)]).toEqual([true, true, true]);
    await shoot('tracked-en-dark-1440');
  });

  it('puts it right, and sends the picture with its boxes by Ctrl Enter', async () => {
    const grip = boxes().first().locator('[data-grip="1 1"]');
    const at = (await grip.boundingBox()) as { x: number; y: number; width: number; height: number };
    const from = { x: at.x + at.width / 2, y: at.y + at.height / 2 };
    await desk.drag(from, { x: from.x + 12, y: from.y + 8 });
    expect(await boxes().first().getAttribute('data-drawn')).toBe('true');
    const ms = await shownAt();
    const rect = await boxes().first().locator('rect').first().evaluate((one) => Number(one.getAttribute('width')));
    await page.keyboard.press('Control+Enter');
    await page.getByText(/1 picture sent: 1 new/).waitFor({ timeout: 60_000 });
    const [sample] = (await desk.samples(set.id)) as [Sample];
    expect(Math.abs(takenAt(sample) - ms)).toBeLessThan(15);
    expect(sample.annotations).toMatchObject([{ label: 'person', state: 'reviewed', track: { keyframe: true, outside: false }, attributes: { method: 'drawn', drawnBy: 'owner' } }]);
    expect(Math.abs((sample.annotations[0]?.box.width ?? 0) - rect)).toBeLessThan(1);
  });

  it('sends every fifth, in the order of time, with one track; and takes it back', async () => {
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText(/\d+ pictures sent/).waitFor({ timeout: 120_000 });
    const all = await desk.samples(set.id);
    expect(all.length).toBeGreaterThan(3);
    expect(new Set(all.flatMap(({ annotations }) => annotations.map(({ track }) => track?.id))).size).toBe(1);
    expect(all.flatMap(({ annotations }) => annotations.map(({ state }) => state)).filter((state) => state === 'auto').length).toBeGreaterThan(1);
    await page.keyboard.press('u');
    await page.getByText(/pictures taken back/).waitFor();
    const left = await desk.samples(set.id);
    expect([left.length, left[0]?.annotations[0]?.state]).toEqual([1, 'reviewed']);
  });

  it('ends a track where it leaves', async () => {
    const ms = await shownAt();
    await page.keyboard.press('Delete');
    await waitFor(async () => (await boxes().count()) === 0, 5000, () => 'it is still there');
    await page.keyboard.press('ArrowLeft');
    await waitFor(async () => (await shownAt()) < ms, 10_000, () => 'it does not step');
    expect(await boxes().count()).toBe(1);
  });

  it('finds the keys by ?, and what this is by F1', async () => {
    await page.keyboard.press('?');
    await page.getByText('Send one picture in n to the set').waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.getByRole('dialog').getByText('Labelling footage').waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
    expect(desk.faults).toEqual([]);
  });

  it.runIf(SHOTS)('looks well', async () => {
    page.on('dialog', (dialog) => void dialog.accept());
    for (const [width, height] of [[1440, 900], [390, 844]] as const) for (const theme of ['light', 'dark'] as const) for (const locale of ['en', 'zh'] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate(([chosen, language]) => (localStorage.setItem('argus.theme', chosen as string), localStorage.setItem('argus.locale', language as string)), [theme, locale]);
      await page.reload();
      await waitFor(async () => (await shownAt()) > 0, 30_000);
      await desk.draw(first().box);
      await page.waitForTimeout(800);
      await shoot(`label-${locale}-${theme}-${width}`);
    }
  }, 180_000);
});
