import type { BoxPixels } from '@argus/contracts';
import { quantized, toInt8 } from '@argus/datasets';
import { decodeStill } from '@argus/media';
import { coverWithMeans } from './cover-with-means.js';
import { openedEmbedder, openedTextEmbedder } from './opened-models.js';

export interface EmbedOrder {
  readonly content: Uint8Array;
  readonly model: string;
  readonly whole: boolean;
  /** null: the background is not asked for. */
  readonly boxes: readonly BoxPixels[] | null;
}

export interface KeptVector {
  readonly numbers: Int8Array;
  /** What a step of them is. */
  readonly scale: number;
}

export interface EmbeddedPicture {
  readonly whole: KeptVector | null;
  readonly background: KeptVector | null;
}

/** Of the shipped detector's vectors: jobs compare them as they are, so they have one scale. */
const ONE_SCALE = 1 / 127;

/** Opens it, and says what its vectors are called. */
export async function describeEmbedder(model: string): Promise<{ readonly name: string; readonly dims: number }> {
  const { embedder } = await openedEmbedder(model);
  return { name: embedder.name, dims: embedder.dims };
}

/** A vector of words beside those of pictures. */
export async function embedText({ model, text }: { readonly model: string; readonly text: string }): Promise<Float32Array> {
  return (await openedTextEmbedder(model)).embed(text);
}

/** @throws StillError */
export async function embedPicture({ content, model, whole, boxes }: EmbedOrder): Promise<EmbeddedPicture> {
  const { embedder, view, isPackage } = await openedEmbedder(model);
  const vector = async (): Promise<KeptVector> => {
    const data = await embedder.embed(view.pixels, 1);
    return isPackage ? quantized(data) : { numbers: toInt8({ data, dims: embedder.dims }).data as Int8Array, scale: ONE_SCALE };
  };
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
