import { fitSize } from '../extract/fit-size.js';
import { nativeOf } from '../native-frame.js';
import { decodeStill } from './decode-still.js';
import { JpegEncoder } from './jpeg-encoder.js';

/** A small JPEG of an encoded picture, neither side longer than `maxSide`; a smaller picture keeps its size. Throws StillError. */
export function thumbnail(bytes: Uint8Array, maxSide: number, quality = 80): Uint8Array {
  const frame = decodeStill(bytes);
  const encoder = new JpegEncoder(quality);
  try {
    const prepared = encoder.prepare(nativeOf(frame), (size) => fitSize(size, { width: maxSide, height: maxSide }));
    try {
      return encoder.encode(prepared);
    } finally {
      prepared.free();
    }
  } finally {
    encoder.close();
    frame.free();
  }
}
