import type { ModelManifest } from '@argus/contracts';

/**
 * Outputs whose rows are scores by label and whose best score the graph computes as well: most rows hold nothing, and the decoder then
 * looks at one number instead of eighty (reading NanoDet-g's outputs without took 0.68 ms a picture).
 */
export function rowMaximaOf({ family, outputs }: Pick<ModelManifest, 'family' | 'outputs'>): string[] {
  return family === 'nanodet' ? outputs.filter((_, index) => index % 2 === 0) : [];
}
