import type { ModelManifest, SizePixels } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Candidates } from './candidates.js';
import type { ExpectedShapes } from './expected-shape.js';
import { visitRows } from './visit-rows.js';

const STRIDES = [8, 16, 32] as const;
/** Centre, size and objectness come before the labels. */
const HEAD = 5;
/** The column that no score of the row exceeds. */
export const OBJECTNESS = 4;

const gridOf = (pixels: number, stride: number): number => Math.floor(pixels / stride);

/** One output: cells of strides 8, 16, 32 in that order, each x, y, width, height (raw), objectness and label scores (0..1). */
export function yoloxShapes({ input, outputs, labels }: ModelManifest): ExpectedShapes {
  if (outputs.length !== 1) return 'one output';
  const cells = STRIDES.reduce((sum, stride) => sum + gridOf(input.width, stride) * gridOf(input.height, stride), 0);
  return [{ dims: [cells, HEAD + labels.length], meaning: `x, y, width, height, objectness and ${labels.length} labels a cell` }];
}

/** Adds the cells of picture `index` whose objectness times best label reaches `minScore`. */
export function decodeYolox(manifest: ModelManifest, outputs: readonly Tensor[], index: number, minScore: number, into: Candidates): void {
  const output = outputs[0] as Tensor;
  const { data } = output;
  const width = output.dims.at(-1) as number;
  const grids = gridsOf(manifest.input);
  visitRows(output, index, (cell, row) => {
    const at = row * width;
    if (!((data[at + OBJECTNESS] as number) >= minScore)) return;
    const grid = grids.findLast(({ first }) => first <= cell);
    if (grid) addCell(data, at, width, (cell - grid.first) % grid.columns, Math.floor((cell - grid.first) / grid.columns), grid.stride, minScore, into);
  });
}

/** Where the cells of each stride begin. */
function gridsOf({ width, height }: SizePixels): { stride: number; columns: number; first: number }[] {
  let next = 0;
  return STRIDES.map((stride) => {
    const [columns, first] = [gridOf(width, stride), next];
    next += columns * gridOf(height, stride);
    return { stride, columns, first };
  });
}

function addCell(data: Float32Array, at: number, width: number, column: number, row: number, stride: number, minScore: number, into: Candidates): void {
  let label = 0;
  for (let k = 1; k < width - HEAD; k += 1) if ((data[at + HEAD + k] as number) > (data[at + HEAD + label] as number)) label = k;
  const score = (data[at + OBJECTNESS] as number) * (data[at + HEAD + label] as number);
  if (score < minScore) return;
  const x = ((data[at] as number) + column) * stride;
  const y = ((data[at + 1] as number) + row) * stride;
  const halfWidth = (Math.exp(data[at + 2] as number) * stride) / 2;
  const halfHeight = (Math.exp(data[at + 3] as number) * stride) / 2;
  into.add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, label);
}
