import type { ModelManifest } from '@argus/contracts';
import type { ExpectedShapes } from './expected-shape.js';

/** One output: a vector of each picture. */
export function embedderShapes({ outputs, dims }: ModelManifest): ExpectedShapes {
  return outputs.length === 1 && dims !== undefined ? [{ dims: [dims], meaning: 'a vector of `dims` numbers' }] : 'one output';
}
