import type { Annotation } from '@argus/contracts';
import { boundsOf, homographyFrom, homographyOf, isInQuad, mapPoint, turnedBox, type Point, type Quad } from '@argus/geometry';
import { describe, expect, it } from 'vitest';
import { maskArea, maskIou, maskOfPolygon } from '../package/geometry.js';
import { annotationsInCrop } from './annotations-in-crop.js';
import { annotationsInQuad } from './annotations-in-quad.js';
import { seededRandom } from './random.js';

const PICTURE = { width: 640, height: 700 };
const QUAD: Quad = [{ x: 141, y: 131 }, { x: 480, y: 159 }, { x: 493, y: 630 }, { x: 64, y: 601 }];
const INTO = { width: 300, height: 400 };
const BOUNDS = { boxes: 'bounds', leastVisible: 0.25 } as const;
const annotation = (id: string, more: Partial<Annotation>): Annotation => ({ id, kind: 'box', label: 'person', box: { x: 200, y: 250, width: 120, height: 90 }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {}, ...more });
const close = (a: readonly number[], b: readonly number[], by: number) => expect(Math.max(...a.map((value, at) => Math.abs(value - (b[at] as number))), a.length === b.length ? 0 : Infinity)).toBeLessThan(by);
const numbers = ({ x, y, width, height }: Annotation['box']): number[] => [x, y, width, height];

/** Where points of this quad go, by the system of eight equations as OpenCV solves it, with LAPACK. */
const CORNERS = [[63.889005721165, 114.31873306613], [162.98282586794, 105.31054735882], [167.17593306462, 187.38607903898], [72.488538910108, 195.30564693583]] as const;
const POINTS = [[52.823906050898, 161.6092733721], [230.0381156546, 70.039065730471], [159.04419799049, 317.40483684085]] as const;

describe('labels of a known homography', () => {
  it('are those of the reference', () => {
    const made = annotationsInQuad([annotation('box', {}), annotation('outline', { kind: 'polygon', points: [180, 300, 400.5, 220.25, 300, 500] }), annotation('joints', { kind: 'points', points: [180, 300, 2, 400.5, 220.25, 1, 10, 10, 2, 0, 0, 0] })], QUAD, PICTURE, INTO, BOUNDS);
    const [box, outline, joints] = made.annotations as [Annotation, Annotation, Annotation];
    const bounds = boundsOf(CORNERS.map(([x, y]) => ({ x, y })));
    close(numbers(box.box), numbers(bounds), 1e-9);
    close(outline.points as number[], POINTS.flat(), 1e-9);
    close(numbers(outline.box), numbers(boundsOf(POINTS.map(([x, y]) => ({ x, y })))), 1e-9);
    // One that lies beside the new picture is not labelled in it, as one that was not labelled.
    close(joints.points as number[], [...(POINTS[0] as [number, number]), 2, ...(POINTS[1] as [number, number]), 1, 0, 0, 0, 0, 0, 0], 1e-9);
    expect(made.annotations.map(({ kind, id, label }) => [kind, id, label])).toEqual([['box', 'box', 'person'], ['polygon', 'outline', 'person'], ['points', 'joints', 'person']]);
    const [exact] = annotationsInQuad([annotation('box', {})], QUAD, PICTURE, INTO, { ...BOUNDS, boxes: 'outline' }).annotations as [Annotation];
    expect(exact.kind).toBe('polygon');
    // Wherever its corners begin.
    const at = (exact.points as number[]).findIndex((value, index) => index % 2 === 0 && Math.abs(value - (CORNERS[0] as [number, number])[0]) < 1e-9);
    close([...(exact.points as number[]).slice(at), ...(exact.points as number[]).slice(0, at)], CORNERS.flat(), 1e-9);
  });

  it('are cut off at its border, and left out where too little is left', () => {
    const whole = turnedBox({ x: 100, y: 100, width: 200, height: 100 }, 0);
    const seen = (x: number, leastVisible = 0.25) => annotationsInQuad([annotation('a', { box: { x, y: 120, width: 40, height: 20 } })], whole, PICTURE, { width: 200, height: 100 }, { ...BOUNDS, leastVisible });
    expect(seen(280).annotations.map(({ box }) => box)).toEqual([{ x: 180, y: 20, width: 20, height: 20 }]);
    expect(seen(291)).toEqual({ annotations: [], leftOut: 1 });
    expect(seen(291, 0.2).annotations).toHaveLength(1);
    expect(seen(300)).toEqual({ annotations: [], leftOut: 0 });
    const ignored = annotationsInQuad([annotation('a', { kind: 'ignore', label: '', box: { x: 299, y: 120, width: 400, height: 20 } })], whole, PICTURE, { width: 200, height: 100 }, BOUNDS);
    expect(ignored.annotations.map(({ kind, box }) => [kind, box])).toEqual([['ignore', { x: 199, y: 20, width: 1, height: 20 }]]);
  });

  it('of outlines in parts keep all parts that are seen', () => {
    const parts = [[110, 110, 150, 110, 150, 150], [200, 120, 260, 120, 260, 180], [10, 10, 20, 10, 20, 20]];
    const { annotations: [made] } = annotationsInQuad([annotation('a', { kind: 'polygon', points: parts[1], attributes: { segmentation: parts, color: 'red' } })], turnedBox({ x: 100, y: 100, width: 200, height: 100 }, 0), PICTURE, { width: 200, height: 100 }, BOUNDS);
    expect(made?.attributes['color']).toBe('red');
    const seen = made?.attributes['segmentation'] as number[][];
    expect(seen.map((part) => boundsOf(Array.from({ length: 3 }, (_unused, at) => ({ x: part[2 * at] as number, y: part[2 * at + 1] as number }))))).toEqual([{ x: 10, y: 10, width: 40, height: 40 }, { x: 100, y: 20, width: 60, height: 60 }]);
    expect(made?.points).toEqual(seen[1]);
    expect(made?.box).toEqual({ x: 10, y: 10, width: 150, height: 70 });
  });

  it('are in a plain cut what they are in a crop', () => {
    const crop = { x: 180, y: 220, width: 160, height: 140 };
    const labels = [annotation('box', {}), annotation('outline', { kind: 'polygon', points: [200, 250, 320, 250, 260, 340] }), annotation('mask', { kind: 'mask', runs: maskOfPolygon([200, 250, 320, 250, 260, 340], 640, 700) }), annotation('ignored', { kind: 'ignore', box: { x: 0, y: 0, width: 190, height: 400 } })];
    const one = annotationsInQuad(labels, turnedBox(crop, 0), PICTURE, crop, BOUNDS).annotations;
    const other = annotationsInCrop(labels, new Set(['box', 'outline', 'mask']), crop, PICTURE);
    for (const [at, made] of one.entries()) {
      expect([made.id, made.kind, made.runs]).toEqual([other[at]?.id, other[at]?.kind, other[at]?.runs]);
      // That of a mask is what bounds its pixels.
      if (made.kind !== 'mask') close(numbers(made.box), numbers(other[at]?.box as Annotation['box']), 1e-9);
    }
  });
});

describe('labels of any homography', () => {
  const random = seededRandom(7);
  const wobbled = (quad: Quad, by: number): Quad => quad.map(({ x, y }) => ({ x: x + by * (random() - 0.5), y: y + by * (random() - 0.5) })) as unknown as Quad;

  it('bound what is seen of a box: of all its points, the nearest and the farthest', () => {
    for (let trial = 0; trial < 40; trial += 1) {
      const quad = wobbled(QUAD, 120);
      const box = { x: 600 * random() - 20, y: 600 * random() - 20, width: 20 + 200 * random(), height: 20 + 200 * random() };
      const { annotations: [made] } = annotationsInQuad([annotation('a', { box })], quad, PICTURE, INTO, { ...BOUNDS, leastVisible: 0 });
      const there = homographyOf(quad, INTO);
      const points: Point[] = [];
      for (let u = 0; u <= 200; u += 1) for (let v = 0; v <= 200; v += 1) {
        const point = { x: box.x + (u / 200) * box.width, y: box.y + (v / 200) * box.height };
        if (isInQuad(point, quad)) points.push(mapPoint(there, point));
      }
      if (points.length < 50) continue;
      const bounds = boundsOf(points);
      close(numbers(made?.box ?? { x: 0, y: 0, width: 0, height: 0 }), numbers(bounds), 3);
      expect([made && made.box.x <= bounds.x + 1e-6, made && made.box.x + made.box.width >= bounds.x + bounds.width - 1e-6]).toEqual([true, true]);
    }
  });

  it('of masks are the outline’s mask, but for pixels that it goes through', () => {
    for (let trial = 0; trial < 20; trial += 1) {
      const quad = wobbled(QUAD, 100);
      const points = [250, 250, 400, 260, 420, 450, 330, 500, 240, 420].map((value) => value + 30 * (random() - 0.5));
      const labels = [annotation('mask', { kind: 'mask', runs: maskOfPolygon(points, PICTURE.width, PICTURE.height) }), annotation('outline', { kind: 'polygon', points })];
      const [mask, outline] = annotationsInQuad(labels, quad, PICTURE, INTO, BOUNDS).annotations as [Annotation, Annotation];
      const expected = maskOfPolygon(outline.points as number[], INTO.width, INTO.height);
      expect(mask.runs?.reduce((sum, run) => sum + run, 0)).toBe(INTO.width * INTO.height);
      expect(maskIou(mask.runs as number[], expected)).toBeGreaterThan(0.97);
      close(numbers(mask.box), numbers(outline.box), 2);
      // Pixel by pixel: what the middle of each comes from.
      const back = homographyFrom(INTO, quad);
      const source = labels[0]?.runs as number[];
      let [inside, at] = [0, 0];
      const ends = source.map((run) => (at += run));
      for (let column = 0; column < INTO.width; column += 1) for (let row = 0; row < INTO.height; row += 1) {
        const { x, y } = mapPoint(back, { x: column + 0.5, y: row + 0.5 });
        if (x >= 0 && y >= 0 && x < PICTURE.width && y < PICTURE.height && ends.findIndex((end) => end > Math.floor(x) * PICTURE.height + Math.floor(y)) % 2 === 1) inside += 1;
      }
      expect(maskArea(mask.runs as number[])).toBe(inside);
    }
  }, 30_000);
});
