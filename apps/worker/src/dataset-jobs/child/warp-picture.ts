import type { Annotation, SizePixels } from '@argus/contracts';
import { annotationsInQuad, type QuadLabelOptions, type QuadLabels } from '@argus/datasets';
import { homographyFrom, type Quad } from '@argus/geometry';
import { decodeStill, StillError, warpStill } from '@argus/media';
import { madePicture, type MadeJpeg } from './made-picture.js';

export interface WarpOrder extends QuadLabelOptions {
  readonly content: Uint8Array;
  /** As the picture is said to be: what its places are meant in. */
  readonly picture: SizePixels;
  readonly quad: Quad;
  readonly size: SizePixels;
  readonly annotations: readonly Annotation[];
}

/** A new picture of a quad of one, with its labels: many large masks take long. @throws StillError */
export function warpPicture({ content, picture, quad, size, annotations, ...options }: WarpOrder): MadeJpeg & QuadLabels {
  const frame = decodeStill(content);
  try {
    if (frame.width !== picture.width || frame.height !== picture.height) throw new StillError(`expected a picture of ${picture.width}x${picture.height}, as it is listed, found ${frame.width}x${frame.height}`);
    return { ...madePicture(warpStill(frame, { back: homographyFrom(size, quad), ...size })), ...annotationsInQuad(annotations, quad, picture, size, options) };
  } finally {
    frame.free();
  }
}
