import type { ModelManifest } from '@argus/contracts';
import type { RowSelection } from '../graph/select-rows.js';
import { OBJECTNESS } from './yolox.js';

/**
 * What the graph itself can leave out of a detector's outputs: most cells hold nothing. NanoDet-g's whole outputs are 1.8 MB a picture, which is
 * as much to copy and to collect again; those of its rows that can become a box are a few kilobytes.
 */
export function rowSelectionsOf({ family, outputs }: Pick<ModelManifest, 'family' | 'outputs'>): RowSelection[] {
  if (family === 'yolox') return outputs.map((output) => ({ outputs: [output], column: OBJECTNESS }));
  if (family !== 'nanodet') return [];
  return outputs.flatMap((scores, index) => (index % 2 === 0 ? [{ outputs: [scores, outputs[index + 1] ?? scores], column: null }] : []));
}
