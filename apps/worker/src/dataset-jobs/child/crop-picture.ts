import type { BoxPixels, SampleQuality } from '@argus/contracts';
import { cropStill, decodeStill, measureStill, thumbnail } from '@argus/media';

export interface CropOrder {
  readonly content: Uint8Array;
  readonly parts: readonly BoxPixels[];
}

export interface CroppedPicture {
  readonly jpeg: Uint8Array;
  readonly thumbnail: Uint8Array;
  readonly quality: SampleQuality;
}

const THUMBNAIL_SIDE = 320;

/** New pictures of parts of one. @throws StillError */
export function cropPicture({ content, parts }: CropOrder): CroppedPicture[] {
  const frame = decodeStill(content);
  try {
    return cropStill(frame, parts).map((jpeg) => {
      const made = decodeStill(jpeg);
      try {
        return { jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), quality: measureStill(made) };
      } finally {
        made.free();
      }
    });
  } finally {
    frame.free();
  }
}
