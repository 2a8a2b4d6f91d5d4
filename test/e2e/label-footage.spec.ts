import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { followedLines, type Camera, type Dataset, type FootageObjects, type Page as ListPage, type Sample, type SampleSummary } from '@argus/contracts';
import { boxIou } from '@argus/geometry';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, settled, whyNoBrowser } from './browser.js';
import { lastFootage, recordOnly } from './footage-page.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const SHOTS = process.env['ARGUS_SHOTS'];
const SECONDS = 2;
/** demo/street.mp4 */
const STREET = { width: 768, height: 576 } as const;

interface Seen {
  readonly ms: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Real: the whole product, its demo camera recorded as it comes, worker, Chromium with its own decoder, a mouse. The steps build on each other. */
describe.skipIf(problem)('somebody who labels footage', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let camera: Camera;
  let set: Dataset;
  /** Somebody whom the engine has seen for some seconds: where he is, by another way than ours. */
  let person: readonly Seen[];

  beforeAll(async () => {
    product = await startProduct({ demo: true });
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
    camera = await recordOnly(product, 'Street north');
    set = await product.api<Dataset>('POST', '/datasets', { name: 'By hand' });
    person = await waitFor(findPerson, 120_000, () => `nobody is seen for ${SECONDS} s; ${product.output()}`);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function findPerson(): Promise<readonly Seen[] | false> {
    const span = (await lastFootage(product, camera)).spans.at(-1);
    if (!span) return false;
    const toMs = Date.parse(span.endAt) - 2000;
    const { pictures } = await product.api<FootageObjects>('GET', `/cameras/${camera.id}/footage-objects?from=${span.startAt}&to=${new Date(toMs).toISOString()}`);
    const tracks = new Map<string, Seen[]>();
    for (const { at, objects } of pictures) for (const { trackId, box, label } of objects) if (label === 'person') tracks.set(trackId, [...(tracks.get(trackId) ?? []), { ms: Date.parse(at), box }]);
    const inside = ({ box }: Seen) => box.x > 0.1 && box.x + box.width < 0.9 && box.y > 0.12 && box.y + box.height < 0.95 && box.height > 0.1;
    const long = [...tracks.values()].map((seen) => seen.filter(inside)).filter((seen) => seen.length > 4 && (seen.at(-1) as Seen).ms - (seen[0] as Seen).ms > SECONDS * 1000);
    for (const seen of long.sort((a, b) => b.length - a.length)) if (await isFollowed(seen[0] as Seen)) return seen;
    return false;
  }

  /** How well boxes are followed, other tests measure; this page is shown one that is not lost. */
  async function isFollowed({ ms, box }: Seen): Promise<boolean> {
    const drawn = { x: box.x * STREET.width, y: box.y * STREET.height, width: box.width * STREET.width, height: box.height * STREET.height };
    const body = JSON.stringify({ untilMs: ms + SECONDS * 1000, boxes: [{ track: 'a', atMs: ms, box: drawn }] });
    const answer = await fetch(`${product.url}/api/v1/cameras/${camera.id}/footage-tracks`, { method: 'POST', headers: { authorization: `Bearer ${product.token}`, 'content-type': 'application/json' }, body });
    const pictures = followedLines(await answer.text()).filter((line) => line.kind === 'picture');
    return pictures.length > 14 && pictures.every(({ boxes: followed }) => followed.length === 1);
  }

  const canvas = () => page.getByTestId('label-canvas');
  const boxes = () => page.getByTestId('label-box');
  const shownAt = async (): Promise<number> => Number(await canvas().getAttribute('data-at'));
  /** The picture is shown that was taken at this moment, and the film stands. */
  const shown = (ms: number) => waitFor(async () => Math.abs((await shownAt()) - ms) < 120, 30_000, () => `not at ${new Date(ms).toISOString()}`);
  /** On the screen, of a place in the picture. */
  const place = (x: number, y: number): Promise<{ x: number; y: number }> =>
    canvas().evaluate((svg, [over, down]) => {
      const { width, height } = (svg as SVGSVGElement).viewBox.baseVal;
      const point = new DOMPoint((over as number) * width, (down as number) * height).matrixTransform((svg as SVGSVGElement).getScreenCTM() as DOMMatrix);
      return { x: point.x, y: point.y };
    }, [x, y]);
  async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
  }
  const samples = async (): Promise<Sample[]> => {
    const { items } = await product.api<ListPage<SampleSummary>>('GET', `/datasets/${set.id}/samples?limit=500`);
    return Promise.all(items.map(({ sha256 }) => product.api<Sample>('GET', `/datasets/${set.id}/samples/${sha256}`)));
  };
  async function shoot(name: string): Promise<void> {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  it('comes from the timeline with the moment, and chooses a set', async () => {
    const first = person[0] as Seen;
    await page.goto(`${product.url}/timeline?camera=${camera.id}&t=${new Date(first.ms).toISOString()}`);
    await page.getByRole('button', { name: 'Label this footage' }).click();
    await page.waitForURL('**/timeline/label?**');
    await page.getByLabel('Sample set', { exact: true }).selectOption({ label: 'By hand' });
    await shown(first.ms);
    expect(await boxes().count()).toBe(0);
  });

  it('draws a box with the mouse', async () => {
    await page.keyboard.press('1');
    const { box } = person[0] as Seen;
    await drag(await place(box.x, box.y), await place(box.x + box.width, box.y + box.height));
    expect([await boxes().count(), await boxes().first().getAttribute('data-drawn')]).toEqual([1, 'true']);
  });

  it('tracks it, and it goes along with the film', async () => {
    await page.getByLabel('How far').selectOption('2');
    const startMs = await shownAt();
    await page.keyboard.press('t');
    await page.getByText(/Tracked through \d+ pictures?$/).waitFor({ timeout: 60_000 });
    const told: { ms: number; box: Seen['box'] }[] = [];
    for (let step = 0; step < 12; step += 1) {
      const before = await shownAt();
      await page.keyboard.press('ArrowRight');
      await waitFor(async () => (await shownAt()) > before, 10_000, () => 'it does not step');
      const ms = await shownAt();
      const found = await boxes().first().locator('rect').first().evaluate((rect) => ({ x: Number(rect.getAttribute('x')), y: Number(rect.getAttribute('y')), width: Number(rect.getAttribute('width')), height: Number(rect.getAttribute('height')) }));
      told.push({ ms, box: found });
    }
    expect(await boxes().first().getAttribute('data-drawn')).toBe('false');
    // Steps are pictures, each once.
    expect(new Set(told.map(({ ms }) => ms)).size).toBe(12);
    const size = await canvas().evaluate((svg) => ({ width: (svg as SVGSVGElement).viewBox.baseVal.width, height: (svg as SVGSVGElement).viewBox.baseVal.height }));
    const seen = person.flatMap((one) => {
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
    await drag(from, { x: from.x + 12, y: from.y + 8 });
    expect(await boxes().first().getAttribute('data-drawn')).toBe('true');
    const ms = await shownAt();
    const rect = await boxes().first().locator('rect').first().evaluate((one) => Number(one.getAttribute('width')));
    await page.keyboard.press('Control+Enter');
    await page.getByText(/1 picture sent: 1 new/).waitFor({ timeout: 60_000 });
    const [sample] = (await samples()) as [Sample];
    expect(Math.abs(Date.parse(sample.origin?.wallTime ?? '') - ms)).toBeLessThan(15);
    expect(sample.annotations).toMatchObject([{ label: 'person', state: 'reviewed', track: { keyframe: true, outside: false }, attributes: { method: 'drawn', drawnBy: 'owner' } }]);
    expect(Math.abs((sample.annotations[0]?.box.width ?? 0) - rect)).toBeLessThan(1);
  });

  it('sends every fifth, in the order of time, with one track; and takes it back', async () => {
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText(/\d+ pictures sent/).waitFor({ timeout: 120_000 });
    const all = (await samples()).sort((a, b) => Date.parse(a.origin?.wallTime ?? '') - Date.parse(b.origin?.wallTime ?? ''));
    expect(all.length).toBeGreaterThan(3);
    expect(new Set(all.flatMap(({ annotations }) => annotations.map(({ track }) => track?.id))).size).toBe(1);
    expect(all.flatMap(({ annotations }) => annotations.map(({ state }) => state)).filter((state) => state === 'auto').length).toBeGreaterThan(1);
    await page.keyboard.press('u');
    await page.getByText(/pictures taken back/).waitFor();
    const left = await samples();
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
    expect(faults).toEqual([]);
  });

  it.runIf(SHOTS)('looks well', async () => {
    page.on('dialog', (dialog) => void dialog.accept());
    for (const [width, height] of [[1440, 900], [390, 844]] as const) for (const theme of ['light', 'dark'] as const) for (const locale of ['en', 'zh'] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate(([chosen, language]) => (localStorage.setItem('argus.theme', chosen as string), localStorage.setItem('argus.locale', language as string)), [theme, locale]);
      await page.reload();
      await waitFor(async () => (await shownAt()) > 0, 30_000);
      const { box } = person[0] as Seen;
      await drag(await place(box.x, box.y), await place(box.x + box.width, box.y + box.height));
      await page.waitForTimeout(800);
      await shoot(`label-${locale}-${theme}-${width}`);
    }
  }, 180_000);
});
