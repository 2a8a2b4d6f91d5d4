import type { BoxPixels, Detections } from '@argus/contracts';
import { boxAt, boxCoverage, boxIou } from '@argus/geometry';
import type { TileDetections } from '@argus/pipeline';

export interface Score {
  readonly found: number;
  readonly recall: number;
  readonly precision: number;
  /** Boxes on a person that has been found already: the detector's own, from one tile, and those that a merge should have seen. */
  readonly doubles: number;
  readonly seamDoubles: number;
}

interface Row {
  readonly box: BoxPixels;
  /** Which view saw exactly this; -1: joined of several. */
  readonly view: number;
}

/** Persons only. A box finds the person that it overlaps most, from IoU 0.5 on, best boxes first; detections come in that order. */
export function scorePersons(detections: Detections, persons: readonly BoxPixels[], views: readonly TileDetections[] = []): Score {
  const rows: Row[] = [];
  for (let row = 0; row < detections.count; row += 1) if (detections.labelNames[detections.labels[row] ?? -1] === 'person') rows.push({ box: boxAt(detections.boxes, row), view: viewOf(views, detections, row) });
  const finders = new Map<number, Row>();
  const left = rows.filter((row) => {
    const best = bestOf(persons, (person, index) => (finders.has(index) ? 0 : boxIou(row.box, person)));
    if (best.value < 0.5) return true;
    finders.set(best.index, row);
    return false;
  });
  const firsts = left.flatMap((row) => {
    const best = bestOf(persons, (person, index) => (finders.has(index) ? Math.max(boxCoverage(row.box, person), boxCoverage(person, row.box)) : 0));
    return best.value >= 0.5 ? [{ row, first: finders.get(best.index) as Row }] : [];
  });
  const seamDoubles = firsts.filter(({ row, first }) => row.view < 0 || row.view !== first.view).length;
  return { found: finders.size, recall: finders.size / persons.length, precision: rows.length === 0 ? 1 : finders.size / rows.length, doubles: firsts.length, seamDoubles };
}

function viewOf(views: readonly TileDetections[], { boxes, scores }: Detections, row: number): number {
  const box = boxAt(boxes, row);
  return views.findIndex(({ detections }) => detections.scores.some((score, index) => score === scores[row] && boxIou(boxAt(detections.boxes, index), box) > 0.999));
}

function bestOf(persons: readonly BoxPixels[], valueOf: (person: BoxPixels, index: number) => number): { index: number; value: number } {
  let best = { index: -1, value: 0 };
  for (const [index, person] of persons.entries()) {
    const value = valueOf(person, index);
    if (value > best.value) best = { index, value };
  }
  return best;
}

const median = (values: readonly number[]): string => ([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0).toFixed(0);
/** For messages. */
export const middleSize = (boxes: readonly BoxPixels[]): string => `${median(boxes.map(({ width }) => width))} x ${median(boxes.map(({ height }) => height))} px`;
export const scoreText = ({ recall, precision, found, doubles, seamDoubles }: Score): string => `recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}, doubles ${doubles}, at seams ${seamDoubles} of ${found}`;
