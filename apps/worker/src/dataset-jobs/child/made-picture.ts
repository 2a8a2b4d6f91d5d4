import type { SampleQuality } from '@argus/contracts';
import { decodeStill, measureStill, thumbnail } from '@argus/media';

/** A new picture with what is kept beside it. */
export interface MadeJpeg {
  readonly jpeg: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly quality: SampleQuality;
}

const THUMBNAIL_SIDE = 320;

/** Measured as it is in the file. @throws StillError */
export function madePicture(jpeg: Uint8Array): MadeJpeg {
  const made = decodeStill(jpeg);
  try {
    return { jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), quality: measureStill(made) };
  } finally {
    made.free();
  }
}
