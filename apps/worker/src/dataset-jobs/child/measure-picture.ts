import type { SampleQuality } from '@argus/contracts';
import { decodeStill, measureStill, rgbDigest } from '@argus/media';

export interface MeasuredPicture {
  /** SHA-256 of the pixels, hexadecimal. */
  readonly rgb: string;
  readonly quality: SampleQuality;
}

/** @throws StillError */
export function measurePicture(content: Uint8Array): MeasuredPicture {
  const frame = decodeStill(content);
  try {
    return { rgb: rgbDigest(frame), quality: measureStill(frame) };
  } finally {
    frame.free();
  }
}
