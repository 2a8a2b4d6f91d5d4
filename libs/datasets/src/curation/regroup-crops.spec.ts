import { describe, expect, it } from 'vitest';
import type { ObjectBox } from './quality.js';
import { seededRandom } from './random.js';
import { regroupCrops } from './regroup-crops.js';

const PICTURE = { width: 1920, height: 1080 };
const holds = (crop: ObjectBox, box: ObjectBox) => box.x >= crop.x && box.y >= crop.y && box.x + box.width <= crop.x + crop.width && box.y + box.height <= crop.y + crop.height;
const touches = (a: ObjectBox, b: ObjectBox) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('crops around neighbours (S25)', () => {
  it('have every box in one crop alone, wholly, with its margin, inside of the picture', () => {
    for (let trial = 0; trial < 200; trial += 1) {
      const random = seededRandom(trial);
      const boxes = Array.from({ length: 1 + Math.floor(25 * random()) }, () => {
        const [width, height] = [10 + 120 * random(), 10 + 200 * random()];
        return { x: (PICTURE.width - width) * random(), y: (PICTURE.height - height) * random(), width, height };
      });
      const options = { reach: 0.1 + random(), margin: 0.3 * random(), ratio: trial % 2 === 0 ? null : 4 / 3, step: 1 + (trial % 3) };
      const crops = regroupCrops(boxes, PICTURE, options);
      expect(crops.flatMap(({ boxes: members }) => members).sort((a, b) => a - b)).toEqual([...boxes.keys()]);
      for (const { crop, boxes: members } of crops) {
        expect([crop.x % options.step, crop.y % options.step]).toEqual([0, 0]);
        expect(holds({ x: 0, y: 0, ...PICTURE }, crop)).toBe(true);
        for (const [index, box] of boxes.entries()) expect([holds(crop, box), touches(crop, box)]).toEqual(members.includes(index) ? [true, true] : [false, false]);
        const own = members.map((index) => boxes[index] as ObjectBox);
        const [left, right] = [Math.min(...own.map(({ x }) => x)), Math.max(...own.map(({ x, width }) => x + width))];
        const [top, bottom] = [Math.min(...own.map(({ y }) => y)), Math.max(...own.map(({ y, height }) => y + height))];
        const margin = options.margin * Math.max(right - left, bottom - top);
        expect(crop.x).toBeLessThanOrEqual(Math.max(0, left - margin));
        expect(crop.x + crop.width).toBeGreaterThanOrEqual(Math.min(PICTURE.width, right + margin));
      }
      expect(regroupCrops(boxes, PICTURE, options)).toEqual(crops);
    }
  });

  it('stay what they are when they are regrouped again', () => {
    const random = seededRandom(9);
    const boxes = Array.from({ length: 30 }, () => ({ x: 1800 * random(), y: 950 * random(), width: 30 + 60 * random(), height: 40 + 80 * random() }));
    for (const { crop, boxes: members } of regroupCrops(boxes, PICTURE, { reach: 1 })) {
      const moved = members.map((index) => ({ ...(boxes[index] as ObjectBox), x: (boxes[index] as ObjectBox).x - crop.x, y: (boxes[index] as ObjectBox).y - crop.y }));
      expect(regroupCrops(moved, crop, { reach: 1 })).toEqual([{ crop: { ...crop, x: 0, y: 0 }, boxes: [...members.keys()] }]);
    }
  });

  it('join by reach, and leave out what is not in the picture', () => {
    const pair = [{ x: 100, y: 100, width: 40, height: 40 }, { x: 170, y: 100, width: 40, height: 40 }, { x: 3000, y: 0, width: 10, height: 10 }];
    expect(regroupCrops(pair, PICTURE, { reach: 0.5, margin: 0 }).map(({ boxes }) => boxes)).toEqual([[0, 1]]);
    expect(regroupCrops(pair, PICTURE, { reach: 0.2, margin: 0 }).map(({ boxes }) => boxes)).toEqual([[0], [1]]);
    expect(regroupCrops([{ x: 100, y: 100, width: 40, height: 40 }], PICTURE, { margin: 0.25, ratio: 2 })[0]?.crop).toEqual({ x: 60, y: 90, width: 120, height: 60 });
    expect(regroupCrops([], PICTURE)).toEqual([]);
  });
});
