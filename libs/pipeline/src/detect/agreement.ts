import type { Detections } from '@argus/contracts';
import { boxAt, boxIou } from '@argus/geometry';

export interface Agreement {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

const SAME_IOU = 0.5;

/** How far two detectors say the same of one picture, over what reaches its own score: same label, IoU 0.5 or more, best pairs first. */
export function agreementOf(first: Detections, firstScore: number, second: Detections, secondScore: number): Agreement {
  const left = rowsFrom(first, firstScore);
  const right = new Set(rowsFrom(second, secondScore));
  let both = 0;
  for (const row of left) {
    const match = bestMatch(first, row, second, right);
    if (match === null) continue;
    right.delete(match);
    both += 1;
  }
  return { both, onlyFirst: left.length - both, onlySecond: right.size };
}

function rowsFrom({ count, scores }: Detections, lowest: number): number[] {
  return Array.from({ length: count }, (_, row) => row).filter((row) => (scores[row] as number) >= lowest);
}

function bestMatch(first: Detections, row: number, second: Detections, candidates: ReadonlySet<number>): number | null {
  const box = boxAt(first.boxes, row);
  const label = first.labelNames[first.labels[row] as number];
  let best: number | null = null;
  let bestIou = SAME_IOU;
  for (const candidate of candidates) {
    if (second.labelNames[second.labels[candidate] as number] !== label) continue;
    const iou = boxIou(box, boxAt(second.boxes, candidate));
    if (iou < bestIou) continue;
    best = candidate;
    bestIou = iou;
  }
  return best;
}
