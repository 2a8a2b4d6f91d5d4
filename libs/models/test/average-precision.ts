import type { BoxPixels } from '@argus/contracts';

export interface Found {
  readonly picture: number;
  readonly box: BoxPixels;
  readonly score: number;
}

/** True boxes by picture number. */
export type Truth = ReadonlyMap<number, readonly BoxPixels[]>;

export function iou(a: BoxPixels, b: BoxPixels): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** Average precision at 101 recall points, and the best F1 over all score limits, for one label and one IoU limit. */
export function averagePrecision(truth: Truth, found: readonly Found[], limit: number): { ap: number; f1: number } {
  const total = [...truth.values()].reduce((sum, boxes) => sum + boxes.length, 0);
  const used = new Set<BoxPixels>();
  const curve: { recall: number; precision: number }[] = [];
  let hits = 0;
  let f1 = 0;
  for (const [index, { picture, box }] of [...found].sort((a, b) => b.score - a.score).entries()) {
    const free = (truth.get(picture) ?? []).filter((candidate) => !used.has(candidate) && iou(candidate, box) >= limit);
    const best = free.sort((a, b) => iou(b, box) - iou(a, box))[0];
    if (best) {
      used.add(best);
      hits += 1;
    }
    curve.push({ recall: hits / total, precision: hits / (index + 1) });
    f1 = Math.max(f1, (2 * hits) / (index + 1 + total));
  }
  let sum = 0;
  for (let point = 0; point <= 100; point += 1) sum += Math.max(0, ...curve.filter(({ recall }) => recall >= point / 100).map(({ precision }) => precision));
  return { ap: sum / 101, f1 };
}
