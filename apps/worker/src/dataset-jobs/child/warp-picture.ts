import type { SizePixels } from '@argus/contracts';
import { homographyFrom, type Quad } from '@argus/geometry';
import { decodeStill, StillError, warpStill } from '@argus/media';
import { madePicture, type MadeJpeg } from './made-picture.js';

export interface WarpOrder {
  readonly content: Uint8Array;
  /** As the picture is said to be: what its places are meant in. */
  readonly picture: SizePixels;
  readonly quad: Quad;
  readonly size: SizePixels;
}

/** A new picture of a quad of one. @throws StillError */
export function warpPicture({ content, picture, quad, size }: WarpOrder): MadeJpeg {
  const frame = decodeStill(content);
  try {
    if (frame.width !== picture.width || frame.height !== picture.height) throw new StillError(`expected a picture of ${picture.width}x${picture.height}, as it is listed, found ${frame.width}x${frame.height}`);
    return madePicture(warpStill(frame, { back: homographyFrom(size, quad), ...size }));
  } finally {
    frame.free();
  }
}
