/**
 * All detections of one picture, columnar: one value through all stages, no object per box.
 * Row i is boxes[4i..4i+3] = x, y, width, height in source pixels; scores[i] in 0..1; labels[i] indexes `labelNames`.
 */
export interface Detections {
  readonly count: number;
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  readonly labels: Uint16Array;
  readonly labelNames: readonly string[];
}
