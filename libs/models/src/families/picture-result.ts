import type { Detections, ModelManifest, Placement, SizePixels } from '@argus/contracts';
import { ModelOutputError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Classification } from './classification.js';
import { decodeClassification } from './decode-classification.js';
import { decodeDetections } from './decode-detections.js';

/** What a detector's answer is to be mapped to: the source picture and where it lies in the model's input. */
export interface DetectionView {
  readonly placement: Placement;
  readonly frame: SizePixels;
  /** Lowest score that counts, 0..1. */
  readonly minScore: number;
}

/** What a model says of one picture. */
export type PictureResult = { readonly kind: 'detections'; readonly detections: Detections } | { readonly kind: 'classification'; readonly classification: Classification };

/** Reads picture `index` of a run; a detector needs a view. Throws ModelOutputError. */
export function decodePicture(manifest: ModelManifest, outputs: readonly Tensor[], index: number, view: DetectionView | null): PictureResult {
  if (manifest.task === 'classify') return { kind: 'classification', classification: decodeClassification(manifest, outputs, index) };
  if (!view) throw new ModelOutputError(`model ${manifest.id}: expected to be told the picture that its boxes are mapped to, got nothing`, { model: manifest.id });
  return { kind: 'detections', detections: decodeDetections(manifest, outputs, index, view.placement, view) };
}
