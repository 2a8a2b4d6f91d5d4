import type { Detections } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { agreementOf } from './agreement.js';

type Row = readonly [x: number, label: string, score?: number];
/** Boxes of 10 x 10 at x. Each detector has labels of its own. */
function found(names: string[], ...rows: Row[]): Detections {
  return { count: rows.length, boxes: Float32Array.from(rows.flatMap(([x]) => [x, 0, 10, 10])), scores: Float32Array.from(rows, ([, , score]) => score ?? 0.9), labels: Uint16Array.from(rows, ([, label]) => names.indexOf(label)), labelNames: names };
}

describe('agreementOf', () => {
  const current = (...rows: Row[]) => found(['person', 'car'], ...rows);
  const candidate = (...rows: Row[]) => found(['car', 'dog', 'person'], ...rows);

  it('counts what both have, by the name of the label and the place', () => {
    expect(agreementOf(current([0, 'person'], [50, 'car'], [90, 'car']), 0.5, candidate([2, 'person'], [50, 'dog'], [91, 'car']), 0.5)).toEqual({ both: 2, onlyFirst: 1, onlySecond: 1 });
  });
  it('pairs a box once', () => expect(agreementOf(current([0, 'car'], [1, 'car']), 0.5, candidate([0, 'car']), 0.5)).toEqual({ both: 1, onlyFirst: 1, onlySecond: 0 }));
  it('leaves out what each of them would not report', () => expect(agreementOf(current([0, 'car', 0.4]), 0.5, candidate([0, 'car', 0.4]), 0.3)).toEqual({ both: 0, onlyFirst: 0, onlySecond: 1 }));
  it('has nothing to say of empty pictures', () => expect(agreementOf(current(), 0.5, candidate(), 0.5)).toEqual({ both: 0, onlyFirst: 0, onlySecond: 0 }));
});
