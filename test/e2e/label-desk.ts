import { followedLines, type Camera, type FootageObjects, type Page as ListPage, type Sample, type SampleSummary } from '@argus/contracts';
import { startProduct, waitFor, type Product } from '@argus/testing';
import type { Browser, Page } from 'playwright-core';
import { openAsOwner } from './browser.js';
import { lastFootage, recordOnly } from './footage-page.js';

/** How long somebody is followed in these tests. */
export const SECONDS = 2;
/** demo/street.mp4 */
const STREET = { width: 768, height: 576 } as const;

export interface Shares {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the engine saw somebody, in shares of the picture. */
export interface Seen {
  readonly ms: number;
  readonly box: Shares;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The page for labels from footage, in the built product with the recorded demo camera; and what a hand does there. */
export class LabelDesk {
  private constructor(
    readonly product: Product,
    readonly browser: Browser,
    readonly page: Page,
    readonly faults: readonly string[],
    readonly camera: Camera,
    /** Somebody whom the engine has seen for some seconds: where he is, by another way than ours. */
    readonly person: readonly Seen[],
  ) {}

  static async open(): Promise<LabelDesk> {
    const product = await startProduct({ demo: true });
    let browser: Browser | undefined;
    try {
      const { page, faults, ...opened } = await openAsOwner(product.setUpLink);
      ({ browser } = opened);
      const camera = await recordOnly(product, 'Street north');
      const person = await waitFor(() => findPerson(product, camera), 120_000, () => `nobody is seen for ${SECONDS} s; ${product.output()}`);
      return new LabelDesk(product, browser, page, faults, camera, person);
    } catch (error) {
      await browser?.close();
      await product.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.product.stop();
  }

  readonly canvas = () => this.page.getByTestId('label-canvas');
  readonly boxes = () => this.page.getByTestId('label-box');
  readonly shownAt = async (): Promise<number> => Number(await this.canvas().getAttribute('data-at'));

  /** The picture is shown that was taken at this moment, and the film stands. */
  shown(ms: number): Promise<unknown> {
    return waitFor(async () => Math.abs((await this.shownAt()) - ms) < 120, 30_000, () => `not at ${new Date(ms).toISOString()}`);
  }

  /** To the next picture, by its key. */
  async step(): Promise<number> {
    const before = await this.shownAt();
    await this.page.keyboard.press('ArrowRight');
    await waitFor(async () => (await this.shownAt()) > before, 10_000, () => 'it does not step');
    return this.shownAt();
  }

  /** On the screen, of a place in the picture. */
  place(x: number, y: number): Promise<Point> {
    return this.canvas().evaluate((svg, [over, down]) => {
      const { width, height } = (svg as SVGSVGElement).viewBox.baseVal;
      const point = new DOMPoint((over as number) * width, (down as number) * height).matrixTransform((svg as SVGSVGElement).getScreenCTM() as DOMMatrix);
      return { x: point.x, y: point.y };
    }, [x, y]);
  }

  async drag(from: Point, to: Point): Promise<void> {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await this.page.mouse.move(to.x, to.y);
    await this.page.mouse.up();
  }

  /** A new box, from corner to corner. */
  async draw({ x, y, width, height }: Shares): Promise<void> {
    await this.drag(await this.place(x, y), await this.place(x + width, y + height));
  }

  /** Of a set, in the order of time. */
  async samples(datasetId: string): Promise<Sample[]> {
    const { items } = await this.product.api<ListPage<SampleSummary>>('GET', `/datasets/${datasetId}/samples?limit=500`);
    const all = await Promise.all(items.map(({ sha256 }) => this.product.api<Sample>('GET', `/datasets/${datasetId}/samples/${sha256}`)));
    return all.sort((a, b) => takenAt(a) - takenAt(b));
  }
}

export const takenAt = ({ origin }: Sample): number => Date.parse(origin?.wallTime ?? '');

async function findPerson(product: Product, camera: Camera): Promise<readonly Seen[] | false> {
  const span = (await lastFootage(product, camera)).spans.at(-1);
  if (!span) return false;
  const toMs = Date.parse(span.endAt) - 2000;
  const { pictures } = await product.api<FootageObjects>('GET', `/cameras/${camera.id}/footage-objects?from=${span.startAt}&to=${new Date(toMs).toISOString()}`);
  const tracks = new Map<string, Seen[]>();
  for (const { at, objects } of pictures) for (const { trackId, box, label } of objects) if (label === 'person') tracks.set(trackId, [...(tracks.get(trackId) ?? []), { ms: Date.parse(at), box }]);
  const inside = ({ box }: Seen) => box.x > 0.1 && box.x + box.width < 0.9 && box.y > 0.12 && box.y + box.height < 0.95 && box.height > 0.1;
  const long = [...tracks.values()].map((seen) => seen.filter(inside)).filter((seen) => seen.length > 4 && (seen.at(-1) as Seen).ms - (seen[0] as Seen).ms > SECONDS * 1000);
  for (const seen of long.sort((a, b) => b.length - a.length)) if (await isFollowed(product, camera, seen[0] as Seen)) return seen;
  return false;
}

/** How well boxes are followed, other tests measure; this page is shown one that is not lost. */
async function isFollowed(product: Product, camera: Camera, { ms, box }: Seen): Promise<boolean> {
  const drawn = { x: box.x * STREET.width, y: box.y * STREET.height, width: box.width * STREET.width, height: box.height * STREET.height };
  const body = JSON.stringify({ untilMs: ms + SECONDS * 1000, boxes: [{ track: 'a', atMs: ms, box: drawn }] });
  const answer = await fetch(`${product.url}/api/v1/cameras/${camera.id}/footage-tracks`, { method: 'POST', headers: { authorization: `Bearer ${product.token}`, 'content-type': 'application/json' }, body });
  const pictures = followedLines(await answer.text()).filter((line) => line.kind === 'picture');
  return pictures.length > 14 && pictures.every(({ boxes: followed }) => followed.length === 1);
}
