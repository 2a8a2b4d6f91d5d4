import type { BoxPixels } from '@argus/contracts';
import { toInt8 } from '@argus/datasets';
import { decodeStill } from '@argus/media';
import { coverWithMeans } from './cover-with-means.js';
import { openedEmbedder } from './opened-models.js';

export interface EmbedOrder {
  readonly content: Uint8Array;
  readonly model: string;
  readonly whole: boolean;
  /** null: the background is not asked for. */
  readonly boxes: readonly BoxPixels[] | null;
}

export interface EmbeddedPicture {
  readonly whole: Int8Array | null;
  readonly background: Int8Array | null;
}

/** Opens it, and says what its vectors are called. */
export async function describeEmbedder(model: string): Promise<{ readonly name: string; readonly dims: number }> {
  const { embedder } = await openedEmbedder(model);
  return { name: embedder.name, dims: embedder.dims };
}

/** @throws StillError */
export async function embedPicture({ content, model, whole, boxes }: EmbedOrder): Promise<EmbeddedPicture> {
  const { embedder, view } = await openedEmbedder(model);
  const vector = async (): Promise<Int8Array> => toInt8({ data: await embedder.embed(view.pixels, 1), dims: embedder.dims }).data as Int8Array;
  const frame = decodeStill(content);
  try {
    const placement = view.take(frame, null);
    const wholeVector = whole ? await vector() : null;
    if (boxes === null) return { whole: wholeVector, background: null };
    coverWithMeans(view, placement, boxes);
    return { whole: wholeVector, background: await vector() };
  } finally {
    frame.free();
  }
}
