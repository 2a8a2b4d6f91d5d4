import { decodeStill, measureStill, rgbDigest, StillError, stillType, thumbnail, type StillType } from '@argus/media';
import type { MeasuredPicture } from './measure-picture.js';

export interface TakenPicture extends MeasuredPicture {
  readonly mime: StillType;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: Uint8Array;
}

const THUMBNAIL_SIDE = 320;

/** All that is kept of a picture from elsewhere beside its bytes. @throws StillError */
export function takePictureIn(content: Uint8Array): TakenPicture {
  const mime = stillType(content);
  if (mime === null) throw new StillError('expected a JPEG, PNG, WebP or BMP picture, found something else');
  const frame = decodeStill(content);
  try {
    return { mime, width: frame.width, height: frame.height, rgb: rgbDigest(frame), quality: measureStill(frame), thumbnail: thumbnail(content, THUMBNAIL_SIDE) };
  } finally {
    frame.free();
  }
}
