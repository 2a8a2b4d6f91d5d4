import { createHash } from 'node:crypto';
import { AV_PIX_FMT_RGB24, AVCOL_RANGE_JPEG } from 'node-av/constants';
import { nativeOf } from '../native-frame.js';
import { SizedScaler } from '../sized-scaler.js';
import type { VideoFrame } from '../video-frame.js';

/** SHA-256 of a picture's size and RGB, row by row: the same for the same picture in another wrapping. */
export function rgbDigest(frame: VideoFrame): string {
  const { width, height } = frame;
  const scaler = new SizedScaler('area', AVCOL_RANGE_JPEG);
  try {
    const { planes, strides } = scaler.scale(nativeOf(frame), width, height, AV_PIX_FMT_RGB24);
    const hash = createHash('sha256').update(`${width}x${height}\n`);
    const [plane, stride] = [planes[0] as Buffer, strides[0] ?? width * 3];
    for (let row = 0; row < height; row += 1) hash.update(plane.subarray(row * stride, row * stride + width * 3));
    return hash.digest('hex');
  } finally {
    scaler.close();
  }
}
