import type { ModelManifest } from '@argus/contracts';
import { ModelOutputError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Classification } from './classification.js';
import { decodeClassifier } from './classifier.js';
import { decodePosture } from './movenet-posture.js';
import { requireOutputs } from './require-outputs.js';

/** Reads picture `index` of a second-stage model's outputs. Throws ModelOutputError when the outputs are not those of its family. */
export function decodeClassification(manifest: ModelManifest, outputs: readonly Tensor[], index: number): Classification {
  requireOutputs(manifest, outputs);
  if (manifest.family === 'classifier') return decodeClassifier(manifest, outputs, index);
  if (manifest.family === 'movenet-posture') return decodePosture(manifest, outputs, index);
  throw new ModelOutputError(`expected a second-stage family, got ${manifest.family} of model ${manifest.id}`);
}
