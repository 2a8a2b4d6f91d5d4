import type { Detections, ModelManifest, Placement } from '@argus/contracts';
import { ModelOutputError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { Candidates, toDetections, type DecodeOptions } from './candidates.js';
import { decodeNanodet } from './nanodet.js';
import { requireOutputs } from './require-outputs.js';
import { rowCount } from './visit-rows.js';
import { decodeYolox } from './yolox.js';

/**
 * Reads picture `index` of a detector's outputs: boxes in source pixels (through `placement`, clipped to the frame), best first,
 * suppressed per label with the manifest's threshold. One label a cell: the best.
 * Throws ModelOutputError when the outputs are not those of the manifest's family.
 */
export function decodeDetections(manifest: ModelManifest, outputs: readonly Tensor[], index: number, placement: Placement, options: DecodeOptions): Detections {
  requireOutputs(manifest, outputs);
  // Each row of NanoDet's boxes is a row of its scores.
  const rows = manifest.family === 'nanodet' ? outputs.filter((_, index) => index % 2 === 0) : outputs;
  const candidates = new Candidates(rows.reduce((sum, output) => sum + rowCount(output), 0));
  if (manifest.family === 'nanodet') decodeNanodet(manifest, outputs, index, options.minScore, candidates);
  else if (manifest.family === 'yolox') decodeYolox(manifest, outputs, index, options.minScore, candidates);
  else throw new ModelOutputError(`expected a detector family, got ${manifest.family} of model ${manifest.id}`);
  return toDetections(candidates, manifest.thresholds.nms, placement, options, manifest.labels);
}
