import type { Detections } from '@argus/contracts';

export interface DetectionFilterOptions {
  /** Labels looked for on the camera; null: all. */
  readonly labels: readonly string[] | null;
  /** Rows below this score are removed; keep it at the tracker's `lowScore`. */
  readonly minScore: number;
}

/** Keeps the rows that a camera looks for. Stays columnar; when every row stays, the very same value comes back. */
export class DetectionFilter {
  readonly #wanted: ReadonlySet<string> | null;
  readonly #minScore: number;

  constructor(options: DetectionFilterOptions) {
    this.#wanted = options.labels === null ? null : new Set(options.labels);
    this.#minScore = options.minScore;
  }

  apply(detections: Detections): Detections {
    const rows: number[] = [];
    for (let row = 0; row < detections.count; row += 1) {
      const label = detections.labelNames[detections.labels[row] ?? -1];
      if ((detections.scores[row] ?? 0) < this.#minScore || label === undefined) continue;
      if (this.#wanted === null || this.#wanted.has(label)) rows.push(row);
    }
    return rows.length === detections.count ? detections : pick(detections, rows);
  }
}

function pick(from: Detections, rows: readonly number[]): Detections {
  const boxes = new Float32Array(rows.length * 4);
  rows.forEach((row, index) => boxes.set(from.boxes.subarray(row * 4, row * 4 + 4), index * 4));
  return {
    count: rows.length,
    boxes,
    scores: Float32Array.from(rows, (row) => from.scores[row] ?? 0),
    labels: Uint16Array.from(rows, (row) => from.labels[row] ?? 0),
    labelNames: from.labelNames,
  };
}
