import type { BoxPixels } from '@argus/contracts';
import { cropStill, decodeStill } from '@argus/media';
import { madePicture, type MadeJpeg } from './made-picture.js';

export interface CropOrder {
  readonly content: Uint8Array;
  readonly parts: readonly BoxPixels[];
}

/** New pictures of parts of one. @throws StillError */
export function cropPicture({ content, parts }: CropOrder): MadeJpeg[] {
  const frame = decodeStill(content);
  try {
    return cropStill(frame, parts).map(madePicture);
  } finally {
    frame.free();
  }
}
