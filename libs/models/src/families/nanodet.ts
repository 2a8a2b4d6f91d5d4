import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Candidates } from './candidates.js';
import type { ExpectedShapes } from './expected-shape.js';
import { visitRows } from './visit-rows.js';

/** Each side of a box is a distribution over 0..10 strides; its expectation is the distance from the cell's centre. */
const BINS = 11;
const FIRST_STRIDE = 8;

const strideOf = (level: number): number => FIRST_STRIDE * 2 ** level;
const cellsAlong = (pixels: number, stride: number): number => Math.ceil(pixels / stride);

/** Outputs in pairs per stride 8, 16, 32, …: scores (cells x labels, 0..1) and box distributions (cells x 44). */
export function nanodetShapes({ input, outputs, labels }: ModelManifest): ExpectedShapes {
  if (outputs.length < 2 || outputs.length % 2 !== 0) return 'pairs of outputs: scores and boxes of stride 8, then 16, …';
  return outputs.map((_, index) => {
    const stride = strideOf(index >> 1);
    const cells = cellsAlong(input.width, stride) * cellsAlong(input.height, stride);
    return index % 2 === 0 ? { dims: [cells, labels.length], meaning: `scores of ${labels.length} labels at stride ${stride}` } : { dims: [cells, 4 * BINS], meaning: `box distributions at stride ${stride}` };
  });
}

/** Adds the cells of picture `index` whose best label reaches `minScore`; one box a cell. */
export function decodeNanodet(manifest: ModelManifest, outputs: readonly Tensor[], index: number, minScore: number, into: Candidates): void {
  for (let level = 0; level * 2 + 1 < outputs.length; level += 1) {
    decodeLevel(outputs[level * 2] as Tensor, outputs[level * 2 + 1] as Tensor, index, strideOf(level), manifest.input.width, minScore, into);
  }
}

function decodeLevel(scores: Tensor, boxes: Tensor, picture: number, stride: number, width: number, minScore: number, into: Candidates): void {
  const labels = scores.dims.at(-1) as number;
  const columns = cellsAlong(width, stride);
  visitRows(scores, picture, (cell, row) => {
    const from = row * labels;
    let label = -1;
    let best = minScore;
    for (let k = 0; k < labels; k += 1) {
      const score = scores.data[from + k] as number;
      if (score < best || (label >= 0 && score === best)) continue;
      best = score;
      label = k;
    }
    if (label < 0) return;
    const side = row * 4 * BINS;
    const x = ((cell % columns) + 0.5) * stride;
    const y = (Math.floor(cell / columns) + 0.5) * stride;
    const left = x - stride * expectation(boxes.data, side);
    const top = y - stride * expectation(boxes.data, side + BINS);
    const right = x + stride * expectation(boxes.data, side + 2 * BINS);
    const bottom = y + stride * expectation(boxes.data, side + 3 * BINS);
    into.add(left, top, right, bottom, best, label);
  });
}

/** Mean of 0..10 under the soft-max of eleven values. */
function expectation(data: Float32Array, from: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < BINS; bin += 1) highest = Math.max(highest, data[from + bin] as number);
  let weight = 0;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const share = Math.exp((data[from + bin] as number) - highest);
    weight += share;
    sum += share * bin;
  }
  return sum / weight;
}
