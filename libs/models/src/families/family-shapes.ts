import type { ModelManifest } from '@argus/contracts';
import { dimsText, type Tensor } from '../tensor/tensor.js';
import { nanodetShapes } from './nanodet.js';
import { postureShapes } from './movenet-posture.js';
import { yoloxShapes } from './yolox.js';
import { classifierShapes } from './classifier.js';
import { embedderShapes } from './embedder.js';

/** What is wrong between a manifest and the shapes of its outputs; `at` is the manifest field to look at. */
export interface ShapeProblem {
  readonly at: string;
  readonly expected: string;
  readonly got: string;
}

const SHAPES = { nanodet: nanodetShapes, yolox: yoloxShapes, classifier: classifierShapes, 'movenet-posture': postureShapes, embedder: embedderShapes };
const TASKS = { nanodet: 'detect', yolox: 'detect', classifier: 'classify', 'movenet-posture': 'classify', embedder: 'embed' } as const;

/** Compares output shapes with what the family reads: number of outputs, cells, labels. Null: they fit. */
export function findShapeProblem(manifest: ModelManifest, outputs: readonly Pick<Tensor, 'dims' | 'places'>[]): ShapeProblem | null {
  const task = TASKS[manifest.family];
  if (manifest.task !== task) return { at: 'manifest.json task', expected: `'${task}' for family ${manifest.family}`, got: `'${manifest.task}'` };
  const expected = SHAPES[manifest.family](manifest);
  if (typeof expected === 'string') return { at: 'manifest.json outputs', expected, got: `${manifest.outputs.length}` };
  for (const [index, wanted] of expected.entries()) {
    const { dims, places } = outputs[index] ?? { dims: [] };
    // Of rows that the graph has selected only the width can be compared.
    if (dimsText(dims.slice(1)) === dimsText(places === undefined ? wanted.dims : wanted.dims.slice(1))) continue;
    return { at: `manifest.json outputs ${index} (${manifest.outputs[index]})`, expected: `shape Nx${dimsText(wanted.dims)} (${wanted.meaning})`, got: `shape ${dimsText(dims)}` };
  }
  return null;
}
