import type { BoxPixels } from '@argus/contracts';
import { cutFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { nativeOf } from '../native-frame.js';
import type { VideoFrame } from '../video-frame.js';
import { JpegEncoder } from './jpeg-encoder.js';

/**
 * New JPEGs of parts of a picture, pixel for pixel. A part lies inside of the picture, has whole pixels and begins at even ones: samples of colour are not split.
 * Throws MediaError.
 */
export function cropStill(frame: VideoFrame, parts: readonly BoxPixels[], quality = 95): Uint8Array[] {
  const encoder = new JpegEncoder(quality);
  try {
    const prepared = encoder.prepare(nativeOf(frame), (size) => size);
    try {
      return parts.map((part) => {
        requirePart(part, prepared);
        const cut = cutFrame({ native: prepared, planes: prepared.data ?? [] }, part);
        try {
          return encoder.encode(cut);
        } finally {
          cut.free();
        }
      });
    } finally {
      prepared.free();
    }
  } finally {
    encoder.close();
  }
}

function requirePart({ x, y, width, height }: BoxPixels, picture: { readonly width: number; readonly height: number }): void {
  const isInside = x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= picture.width && y + height <= picture.height;
  const isWhole = [x, y, width, height].every(Number.isInteger) && x % 2 === 0 && y % 2 === 0;
  if (!isInside || !isWhole) throw new MediaError(`expected a part of the ${picture.width}x${picture.height} picture in whole pixels that begins at even ones, got ${JSON.stringify({ x, y, width, height })}`);
}
