import type { ModelManifest } from '@argus/contracts';
import { ModelOutputError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { findShapeProblem } from './family-shapes.js';

/** Shapes are compared on every call: a few small arrays, against a wrong box in an alarm. Throws ModelOutputError. */
export function requireOutputs(manifest: ModelManifest, outputs: readonly Tensor[]): void {
  const problem = findShapeProblem(manifest, outputs);
  if (problem) throw new ModelOutputError(`model ${manifest.id}: ${problem.at}: expected ${problem.expected}, got ${problem.got}`, { model: manifest.id });
}
