import type { BoxPixels, TilingSettings } from '@argus/contracts';
import { boxAt } from '@argus/geometry';
import { decodeStill } from '@argus/media';
import { detectIn } from './opened-models.js';

export interface SeenBox {
  readonly label: string;
  readonly score: number;
  readonly box: BoxPixels;
}

export interface DetectOrder {
  readonly content: Uint8Array;
  readonly model: string;
  readonly minScore: number;
  readonly tiling: TilingSettings | null;
}

/** Best first. @throws StillError */
export async function detectPicture({ content, model, minScore, tiling }: DetectOrder): Promise<SeenBox[]> {
  const frame = decodeStill(content);
  try {
    const { count, boxes, scores, labels, labelNames } = await detectIn(frame, model, minScore, tiling);
    return Array.from({ length: count }, (_unused, row) => ({ label: labelNames[labels[row] as number] ?? '', score: scores[row] as number, box: boxAt(boxes, row) }));
  } finally {
    frame.free();
  }
}
