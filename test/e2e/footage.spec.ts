import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AuditEntry, BoxNormalized, Camera, EventView, Export, FootageObjects, Page as ListPage } from '@argus/contracts';
import { type Product, isBuilt, startProduct, waitFor } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsOwner, settled, whyNoBrowser } from './browser.js';
import { lastFootage, recordOnly, settledAt } from './footage-page.js';
import { overlapOf, paintedBox, watchBoxes } from './painted-box.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
/** Three before the event, where the timeline is entered, and seven after it. */
const [BEFORE_MS, AFTER_MS] = [3000, 7000];
const CLOSE_MS = 500;

/** Real: the whole product, its demo camera, Chromium's own decoder, and ffmpeg as the judge of what was downloaded. The steps build on each other. */
describe.skipIf(problem)('somebody who hands out what happened', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  let camera: Camera;
  let event: EventView & { box: BoxNormalized };
  let boxed: Export;
  let film: string;

  beforeAll(async () => {
    product = await startProduct({ demo: true });
    ({ browser, page, faults } = await openAsOwner(product.setUpLink));
    camera = await recordOnly(product, 'Street north');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const startMs = () => Date.parse(event.startedAt);

  /** Whether the event's box, which is that of its best picture, is that of its first moment, and nobody else is near: boxes that lie over each other cannot be told apart in pixels. */
  async function standsAlone({ cameraId, startedAt, trackId, box }: EventView): Promise<boolean> {
    if (!box) return false;
    const range = `from=${startedAt}&to=${new Date(Date.parse(startedAt) + 100).toISOString()}`;
    const [picture] = (await product.api<FootageObjects>('GET', `/cameras/${cameraId}/footage-objects?${range}`)).pictures;
    const own = picture?.objects.find((one) => one.trackId === trackId);
    const wide = { x: box.x - box.width / 2, y: box.y - box.height / 2, width: box.width * 2, height: box.height * 2 };
    return own !== undefined && overlapOf(own.box, box) > 0.95 && (picture?.objects ?? []).every((one) => one === own || overlapOf(one.box, wide) === 0);
  }

  it('opens an event, whose clip plays at the right second, with the box on the person', async () => {
    event = (await waitFor(
      async () => {
        const { items } = await product.api<ListPage<EventView>>('GET', `/events?camera=${camera.id}&limit=100`);
        const [first] = (await lastFootage(product, camera)).spans;
        const around = items.filter(({ startedAt, endedAt, trackId }) => trackId !== null && endedAt !== null && Date.parse(startedAt) - 10_000 > Date.parse(first?.startAt ?? '') && Date.parse(startedAt) + 15_000 < Date.parse(first?.endAt ?? ''));
        for (const one of around) if (await standsAlone(one)) return one;
        return null;
      },
      180_000,
      () => `no event with footage around it, and somebody who stands alone; ${product.output()}`,
    )) as typeof event;
    await page.goto(`${product.url}/events/${event.id}`);
    await watchBoxes(page, startMs());
    await page.getByRole('button', { name: 'Play the clip' }).click();
    await waitFor(async () => (await page.getByTestId('footage').evaluate((video: HTMLVideoElement) => video.currentTime)) * 1000 > startMs() + 500, 60_000, () => 'the clip does not play');
    const { atMs, box } = await paintedBox(page, event.box);
    expect(Math.abs(atMs - startMs())).toBeLessThan(CLOSE_MS);
    expect(box && overlapOf(box, event.box), `${JSON.stringify(box)}, ${atMs - startMs()} ms from the event`).toBeGreaterThan(0.5);
  });

  it('sees the same box on the timeline at that moment', async () => {
    await page.goto(`${product.url}/timeline?camera=${camera.id}&t=${event.startedAt}`);
    await settledAt(page, startMs(), CLOSE_MS);
    await watchBoxes(page, startMs());
    let last = '';
    await waitFor(async () => {
      const painted = await paintedBox(page, event.box);
      last = JSON.stringify({ ...painted, wantedMs: startMs(), wanted: event.box });
      return painted.box !== null && overlapOf(painted.box, event.box) > 0.5;
    }, 20_000, () => `no box is painted where the person is: ${last}`);
  });

  it('selects a range, exports it with boxes, and is shown how far it is', async () => {
    await page.goto(`${product.url}/events/${event.id}`);
    await page.getByRole('link', { name: 'Show footage', exact: true }).click();
    await settledAt(page, startMs() - BEFORE_MS, CLOSE_MS);
    for (const key of ['i', 'ArrowRight', 'ArrowRight', 'o']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Export…' }).click();
    const panel = page.getByRole('complementary', { name: 'New export' });
    await panel.getByText(/^About .*10 sec/).waitFor();
    await settled(page);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Export…' }).click();
    await panel.getByLabel('Case').fill('Somebody at the junction');
    await panel.getByLabel('Draw boxes of detected objects').click();
    await panel.getByRole('button', { name: 'Start export' }).click();
    await page.waitForURL(/exports\/[0-9a-f-]{36}$/);
    const details = page.getByRole('complementary', { name: 'Somebody at the junction' });
    await details.getByRole('status').getByText(/Waiting|At work|Done/).waitFor();
    await details.getByRole('status').getByText('Done').waitFor({ timeout: 120_000 });
    boxed = await product.api<Export>('GET', `/exports/${page.url().split('/').at(-1)}`);
    expect(boxed.ranges).toEqual([{ cameraId: camera.id, cameraName: camera.name, from: new Date(startMs() - BEFORE_MS).toISOString(), to: new Date(startMs() + AFTER_MS).toISOString() }]);
    expect(boxed.options).toMatchObject({ boxes: true, blur: [] });
  });

  async function download(name: string): Promise<string> {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Download ${name}` }).click()]);
    expect(file.suggestedFilename()).toBe(name);
    return file.path();
  }
  const digestOf = async (path: string) => createHash('sha256').update(await readFile(path)).digest('hex');
  const shownDigest = (name: string) => page.getByLabel(`SHA-256 ${name}`, { exact: true }).innerText();

  it('downloads a film that plays, with the digest that is shown and in the manifest', async () => {
    const name = boxed.files[0]?.name ?? '';
    film = await download(name);
    const manifest = await download('manifest.json');
    const { files } = JSON.parse(await readFile(manifest, 'utf8')) as { files: { name: string; sha256: string }[] };
    const digest = await digestOf(film);
    expect({ files, shown: await shownDigest(name), shownOfManifest: await shownDigest('manifest.json') }).toMatchObject({ files: [{ name, sha256: digest }], shown: digest, shownOfManifest: await digestOf(manifest) });
    expect(execFileSync('sh', ['-c', 'ffmpeg -v warning -xerror -i "$0" -f null - 2>&1', film], { encoding: 'utf8' })).toBe('');
    const seconds = Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', film], { encoding: 'utf8' }));
    expect(Math.abs(seconds - (BEFORE_MS + AFTER_MS) / 1000)).toBeLessThan(0.5);
  });

  it('has the box in its pixels, where the cut without boxes has none', async () => {
    const { id } = await product.api<Export>('POST', '/exports', { title: 'Without', ranges: boxed.ranges.map(({ cameraId, from, to }) => ({ cameraId, from, to })), options: { trim: 'exact' } });
    await page.goto(`${product.url}/exports/${id}`);
    await page.getByRole('complementary', { name: 'Without' }).getByRole('status').getByText('Done').waitFor({ timeout: 120_000 });
    const [file] = (await product.api<Export>('GET', `/exports/${id}`)).files;
    expect(Math.abs(Date.parse(file?.startAt ?? '') - Date.parse(boxed.files[0]?.startAt ?? ''))).toBeLessThan(5);
    const plain = await download(file?.name ?? '');
    const seconds = (startMs() - Date.parse(file?.startAt ?? '')) / 1000;
    const { edge, elsewhere } = differences(pictureAt(film, seconds), pictureAt(plain, seconds), event.box);
    console.log(`a box's edge differs by ${edge.toFixed(1)} of 255, the rest of the picture by ${elsewhere.toFixed(1)}`);
    expect(elsewhere).toBeLessThan(8);
    expect(edge).toBeGreaterThan(Math.max(30, 5 * elsewhere));
    expect(faults).toEqual([]);
  });

  it('is offered the event with the seconds around it, and comes back to it', async () => {
    await page.goto(`${product.url}/events/${event.id}`);
    await page.getByRole('button', { name: 'Export clip…' }).click();
    const panel = page.getByRole('complementary', { name: 'New export' });
    const shown = async (label: string) => Date.parse(`${await panel.getByLabel(label, { exact: true }).inputValue()}Z`);
    const toTheSecond = (ms: number) => Math.floor(ms / 1000) * 1000;
    expect([await shown('From'), await shown('To')]).toEqual([toTheSecond(startMs() - 5000), toTheSecond(Date.parse(event.endedAt ?? '') + 10_000)]);
    expect(await panel.getByLabel('Case').inputValue()).toContain(camera.name);
    await settled(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export clip…' }).waitFor();
  });

  it('has left few rows in the audit, which cover what was looked at, and one for each export and download', async () => {
    const { items } = await product.api<ListPage<AuditEntry>>('GET', '/audit?limit=200');
    const rows = (action: string) => items.filter((row) => row.action === action);
    const [view, ...others] = rows('footage.view').filter(({ subjectId }) => subjectId === camera.id);
    expect(others).toEqual([]);
    const { from, to } = (view as AuditEntry).details as { from: string; to: string };
    expect([Date.parse(from) <= startMs() - BEFORE_MS, Date.parse(to) >= startMs() + AFTER_MS]).toEqual([true, true]);
    expect([rows('export.create').length, rows('export.download').length]).toEqual([2, 3]);
  });

  it('is not offered an export without the right', async () => {
    await page.route('**/api/v1/auth', async (route) => {
      const answer = await route.fetch();
      const state = (await answer.json()) as { account: { permissions: string[] } };
      state.account.permissions = state.account.permissions.filter((name) => name !== 'recording.export');
      await route.fulfill({ response: answer, json: state });
    });
    await page.goto(`${product.url}/events/${event.id}`);
    await page.getByRole('link', { name: 'Show footage', exact: true }).click();
    await settledAt(page, startMs() - BEFORE_MS, CLOSE_MS);
    for (const key of ['i', 'ArrowRight', 'o']) await page.keyboard.press(key);
    await page.getByRole('link', { name: 'Download clip' }).waitFor();
    expect(await page.getByRole('button', { name: 'Export…' }).count()).toBe(0);
    await page.goBack();
    await page.getByRole('button', { name: 'Play the clip' }).waitFor();
    expect(await page.getByRole('button', { name: 'Export clip…' }).count()).toBe(0);
  });
});

const [WIDTH, HEIGHT] = [768, 576];

/** Red, green, blue of the picture that is shown after so many seconds. */
const pictureAt = (path: string, seconds: number): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', '-ss', String(Math.max(0, seconds - 0.01)), '-i', path, '-frames:v', '1', '-vf', `scale=${WIDTH}:${HEIGHT}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'], { maxBuffer: 4 * WIDTH * HEIGHT });

/**
 * How much two pictures differ, in the channel that differs most: on the lower half of the left and right edge of a box, where no label lies (lines are
 * two pixels wide, and may lie one aside), and in the median of 16 by 16 parts of the picture.
 */
function differences(a: Buffer, b: Buffer, box: BoxNormalized): { edge: number; elsewhere: number } {
  const at = (x: number, y: number) => Math.max(...[0, 1, 2].map((channel) => Math.abs((a[(y * WIDTH + x) * 3 + channel] as number) - (b[(y * WIDTH + x) * 3 + channel] as number))));
  const mean = (x0: number, y0: number, x1: number, y1: number): number => {
    let [sum, count] = [0, 0];
    for (let y = Math.round(y0); y < y1; y += 1) for (let x = Math.round(x0); x < x1; x += 1) [sum, count] = [sum + at(x, y), count + 1];
    return sum / count;
  };
  const [bottom, middle] = [(box.y + box.height) * HEIGHT, (box.y + box.height / 2) * HEIGHT];
  const line = (x: number) => Math.max(...[-2, -1, 0, 1].map((aside) => mean(x + aside, middle, x + aside + 1, bottom)));
  const parts = Array.from({ length: 256 }, (_, index) => mean(((index % 16) * WIDTH) / 16, (Math.floor(index / 16) * HEIGHT) / 16, ((index % 16) + 1) * (WIDTH / 16), (Math.floor(index / 16) + 1) * (HEIGHT / 16)));
  return { edge: Math.min(line(box.x * WIDTH), line((box.x + box.width) * WIDTH)), elsewhere: parts.sort((one, other) => one - other)[128] as number };
}
