import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Candidates } from './candidates.js';
import type { ExpectedShapes } from './expected-shape.js';

const STRIDES = [8, 16, 32] as const;
/** Centre, size and objectness come before the labels. */
const HEAD = 5;

const gridOf = (pixels: number, stride: number): number => Math.floor(pixels / stride);

/** One output: cells of strides 8, 16, 32 in that order, each x, y, width, height (raw), objectness and label scores (0..1). */
export function yoloxShapes({ input, outputs, labels }: ModelManifest): ExpectedShapes {
  if (outputs.length !== 1) return 'one output';
  const cells = STRIDES.reduce((sum, stride) => sum + gridOf(input.width, stride) * gridOf(input.height, stride), 0);
  return [{ dims: [cells, HEAD + labels.length], meaning: `x, y, width, height, objectness and ${labels.length} labels a cell` }];
}

/** Adds the cells of picture `index` whose objectness times best label reaches `minScore`. */
export function decodeYolox(manifest: ModelManifest, outputs: readonly Tensor[], index: number, minScore: number, into: Candidates): void {
  const { data, dims } = outputs[0] as Tensor;
  const [, cells = 0, width = 0] = dims;
  let at = index * cells * width;
  for (const stride of STRIDES) {
    const columns = gridOf(manifest.input.width, stride);
    const rows = gridOf(manifest.input.height, stride);
    for (let cell = 0; cell < columns * rows; cell += 1, at += width) {
      if ((data[at + 4] as number) >= minScore) addCell(data, at, width, cell % columns, Math.floor(cell / columns), stride, minScore, into);
    }
  }
}

function addCell(data: Float32Array, at: number, width: number, column: number, row: number, stride: number, minScore: number, into: Candidates): void {
  let label = 0;
  for (let k = 1; k < width - HEAD; k += 1) if ((data[at + HEAD + k] as number) > (data[at + HEAD + label] as number)) label = k;
  const score = (data[at + 4] as number) * (data[at + HEAD + label] as number);
  if (score < minScore) return;
  const x = ((data[at] as number) + column) * stride;
  const y = ((data[at + 1] as number) + row) * stride;
  const halfWidth = (Math.exp(data[at + 2] as number) * stride) / 2;
  const halfHeight = (Math.exp(data[at + 3] as number) * stride) / 2;
  into.add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, label);
}
