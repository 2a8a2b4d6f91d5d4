import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Classification } from './classification.js';
import type { ExpectedShapes } from './expected-shape.js';

const MOST_CANDIDATES = 5;

/** One output: a number per label. */
export function classifierShapes({ outputs, labels }: ModelManifest): ExpectedShapes {
  return outputs.length === 1 ? [{ dims: [labels.length], meaning: 'one number a label' }] : 'one output';
}

/** Soft-max (unless the graph did it already), best five. Quality is the winner's score: a torn answer counts less. */
export function decodeClassifier(manifest: ModelManifest, outputs: readonly Tensor[], index: number): Classification {
  const width = manifest.labels.length;
  const values = (outputs[0] as Tensor).data.subarray(index * width, (index + 1) * width);
  const scores = isDistribution(values) ? values : softMax(values);
  const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const candidates = order.slice(0, MOST_CANDIDATES).map((k) => ({ label: manifest.labels[k] as string, score: scores[k] as number }));
  return { candidates, quality: candidates[0]?.score ?? 0 };
}

/** Already soft-maxed: nothing negative, sum 1. Raw scores that happen to look so would have to sum to 1 within a thousandth. */
function isDistribution(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) {
    if (!(value >= 0)) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 1e-3;
}

function softMax(values: Float32Array): Float32Array {
  const highest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const shares = values.map((value) => Math.exp(value - highest));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}
