import { join } from 'node:path';
import type { Dataset, DatasetTime, Sample } from '@argus/contracts';
import { boxIou } from '@argus/geometry';
import { isBuilt, waitFor } from '@argus/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoBrowser } from './browser.js';
import { LabelDesk, takenAt, type Seen, type Shares } from './label-desk.js';
import { ScriptedHand } from './scripted-hand.js';

const problem = whyNoBrowser() ?? (isBuilt() ? null : 'the product is not built; npm start or npm test builds it');
if (problem) console.log(`skipped: ${problem}`);
const SHOTS = process.env['ARGUS_SHOTS'];
/** Below it a tracked box is counted as drawn anew. */
const GOOD_IOU = 0.5;

interface Replay {
  readonly hand: ScriptedHand;
  readonly elapsedS: number;
}

/** Real: the whole product, its demo camera recorded as it comes, worker, Chromium, a mouse. The steps build on each other. */
describe.skipIf(problem)('where the time for a set goes (S88)', () => {
  let desk: LabelDesk;
  let page: Page;
  let [assisted, byHand] = [{}, {}] as [Dataset, Dataset];
  let pictures: readonly Sample[];
  let withTracker: Replay;
  let alone: Replay;

  beforeAll(async () => {
    desk = await LabelDesk.open();
    ({ page } = desk);
    [assisted, byHand] = [await desk.product.api<Dataset>('POST', '/datasets', { name: 'Tracked' }), await desk.product.api<Dataset>('POST', '/datasets', { name: 'By hand' })];
  }, 240_000);
  afterAll(() => desk?.close());

  const first = () => desk.person[0] as Seen;
  const timeOf = ({ id }: Dataset) => desk.product.api<DatasetTime>('GET', `/datasets/${id}/time`);
  /** By the engine's detector, between its looks. */
  function personAt(ms: number): Shares {
    const after = desk.person.findIndex((one) => one.ms >= ms);
    const [from, to] = [desk.person[Math.max(0, after - 1)] as Seen, desk.person[after] ?? (desk.person.at(-1) as Seen)];
    const share = to.ms === from.ms ? 0 : (ms - from.ms) / (to.ms - from.ms);
    const between = (side: keyof Shares) => from.box[side] + share * (to.box[side] - from.box[side]);
    return { x: between('x'), y: between('y'), width: between('width'), height: between('height') };
  }

  /** From a page that is there to one that is left, so that its time is told. */
  async function replay(set: Dataset, work: (hand: ScriptedHand) => Promise<void>): Promise<Replay> {
    const begin = performance.now();
    await page.goto(`${desk.product.url}/timeline/label?camera=${desk.camera.id}&t=${new Date(first().ms).toISOString()}&set=${set.id}`);
    await desk.shown(first().ms);
    await page.keyboard.press('1');
    await page.getByLabel('How far').selectOption('2');
    await page.getByLabel('One picture in how many').selectOption('1');
    const hand = new ScriptedHand(page);
    await work(hand);
    await page.goto(`${desk.product.url}/datasets/${set.id}/statistics`);
    await page.getByTestId('time').getByRole('table').waitFor();
    return { hand, elapsedS: (performance.now() - begin) / 1000 };
  }

  it('labels somebody with the tracker: a box, T, a look at each picture, sent at once', async () => {
    withTracker = await replay(assisted, async (hand) => {
      await hand.do('look');
      await hand.do('box', () => desk.draw(personAt(first().ms)));
      await hand.press('t');
      const said = await page.getByText(/Tracked through \d+ pictures?$/).textContent({ timeout: 60_000 });
      for (let left = Number(/\d+/.exec(said ?? '')?.[0] ?? 0); left > 0; left -= 1) {
        await hand.do('key', () => desk.step());
        await hand.do('look');
      }
      await hand.press('Control+Shift+Enter');
      await page.getByText(/\d+ pictures sent/).waitFor({ timeout: 120_000 });
    });
    pictures = await desk.samples(assisted.id);
    expect(pictures.length).toBeGreaterThan(14);
    // What the tracker got wrong a person would draw anew, and track again.
    const wrong = pictures.filter((sample) => {
      const { x, y, width, height } = personAt(takenAt(sample));
      return boxIou((sample.annotations[0] as Sample['annotations'][number]).box, { x: x * sample.width, y: y * sample.height, width: width * sample.width, height: height * sample.height }) < GOOD_IOU;
    });
    for (const _ of wrong) withTracker.hand.charge('box', 'key');
    console.info(`${pictures.length} pictures tracked, ${wrong.length} of them counted as drawn anew`);
  });

  it('labels him in the same pictures by hand: a box in each, each sent', async () => {
    alone = await replay(byHand, async (hand) => {
      for (const [index, sample] of pictures.entries()) {
        while ((await desk.shownAt()) < takenAt(sample) - 30) await hand.do('key', () => desk.step());
        await hand.do('look');
        await hand.do('box', () => desk.draw(personAt(takenAt(sample))));
        await hand.press('Control+Enter');
        await waitFor(async () => (await desk.product.api<Dataset>('GET', `/datasets/${byHand.id}`)).counts.samples === index + 1, 60_000, () => `picture ${index} is not sent`);
        await page.getByTestId('labelling-busy').waitFor({ state: 'detached' });
      }
    });
    const drawn = await desk.samples(byHand.id);
    expect(drawn.map(({ sha256 }) => sha256)).toEqual(pictures.map(({ sha256 }) => sha256));
    expect(drawn.flatMap(({ annotations }) => annotations.map(({ attributes }) => attributes['method']))).toEqual(pictures.map(() => 'drawn'));
  });

  it('says in the ledger what was done, and no more time than there was', async () => {
    for (const [set, { hand, elapsedS }] of [[assisted, withTracker], [byHand, alone]] as const) {
      const { activities, rates } = await timeOf(set);
      const labelling = activities.find(({ activity }) => activity === 'labelling');
      expect(labelling).toMatchObject({ pictures: pictures.length, boxes: pictures.length });
      expect(labelling?.seconds).toBeGreaterThan(hand.waitedS / 2);
      expect(labelling?.seconds).toBeLessThan(elapsedS);
      expect(rates.isMeasured).toBe(pictures.length >= 20);
      console.info(`${set.name}: ${((labelling?.seconds ?? 0) / pictures.length).toFixed(2)} s a picture by the ledger; ${(hand.seconds / pictures.length).toFixed(2)} s and ${(hand.actions / pictures.length).toFixed(2)} actions a picture as weighed`);
    }
  });

  it('takes half as long with the tracker, by weighed actions and by their number', () => {
    const ratio = (one: number, other: number) => (one / other).toFixed(2);
    const { seconds, actions } = alone.hand;
    // Who draws in all pictures and sends them at once is quicker by hand, too.
    const spared = new ScriptedHand(page);
    spared.charge(...pictures.slice(1).map(() => 'chord' as const));
    console.info(`by hand to tracked: ${ratio(seconds, withTracker.hand.seconds)} of weighed seconds, ${ratio(actions, withTracker.hand.actions)} of actions; sent at once by hand, too: ${ratio(seconds - spared.seconds, withTracker.hand.seconds)} and ${ratio(actions - spared.actions, withTracker.hand.actions)}`);
    expect(alone.hand.seconds).toBeGreaterThanOrEqual(2 * withTracker.hand.seconds);
    expect(alone.hand.actions).toBeGreaterThanOrEqual(2 * withTracker.hand.actions);
  });

  it('shows the split of choosing, labelling, reviewing and preparing', async () => {
    const wander = async () => {
      for (let times = 0; times < 6; times += 1) {
        await page.mouse.move(500 + 20 * times, 400 + 10 * times);
        await page.waitForTimeout(250);
      }
    };
    await page.goto(`${desk.product.url}/datasets/${byHand.id}/pictures`);
    await page.getByTestId('picture-grid').getByRole('option').first().waitFor();
    await wander();
    await page.getByTestId('picture-grid').getByRole('option').first().dblclick();
    await page.getByRole('dialog').getByTestId('annotation').first().waitFor();
    await wander();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Complete', exact: true }).last().click();
    await waitFor(async () => (await desk.product.api<Dataset>('GET', `/datasets/${byHand.id}`)).counts.complete === pictures.length, 20_000, () => 'not complete');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await wander();
    await page.goto(`${desk.product.url}/datasets/${byHand.id}/statistics`);
    const panel = page.getByTestId('time');
    await waitFor(async () => (await timeOf(byHand)).activities.length === 4, 20_000, () => 'not all four are told');
    await page.reload();
    await expect.poll(() => panel.locator('rect[data-activity]').evaluateAll((parts) => parts.map((part) => part.getAttribute('data-activity')))).toEqual(['choosing', 'labelling', 'reviewing', 'preparing']);
    const { activities } = await timeOf(byHand);
    expect(activities.find(({ activity }) => activity === 'reviewing')?.pictures).toBe(pictures.length);
    expect(await panel.getByRole('row').count()).toBe(5);
    await panel.getByText('Only sums of all people are shown.').waitFor();
    expect(await panel.textContent()).not.toContain('owner');
    expect(desk.faults).toEqual([]);
  });

  it.runIf(SHOTS)('looks well', async () => {
    for (const [width, height] of [[1440, 900], [390, 844]] as const) for (const theme of ['light', 'dark'] as const) for (const locale of ['en', 'zh'] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate(([chosen, language]) => (localStorage.setItem('argus.theme', chosen as string), localStorage.setItem('argus.locale', language as string)), [theme, locale]);
      await page.reload();
      await page.getByTestId('time').getByRole('table').waitFor();
      await page.getByTestId('time').scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(SHOTS as string, `time-${locale}-${theme}-${width}.png`) });
    }
  });
});
