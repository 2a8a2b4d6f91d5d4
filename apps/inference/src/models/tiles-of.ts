import type { ModelManifest, SizePixels, TilingSettings } from '@argus/contracts';
import { planTiles, type PictureTile } from '@argus/pipeline';

/** What a detector is shown of a picture; without tiling the whole of it. */
export function tilesOf(tiling: TilingSettings | null, frame: SizePixels, { input }: Pick<ModelManifest, 'input'>): PictureTile[] {
  return tiling ? planTiles(frame, input.width / input.height, tiling) : [null];
}
