import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av/constants';

/** How one plane is laid out, and what stands in it where a picture is covered. */
export interface PaintablePlane {
  readonly sampleBytes: 1 | 2;
  /** Samples beside each other for one column: NV12 has both colours in one plane. */
  readonly perPixel: 1 | 2;
  /** By how many bits its columns and rows are fewer than the picture's. */
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  readonly value: number;
}

/** Dark, and lighter than the night: a mask is to be seen as one. */
const LUMA = 48;
const NO_COLOUR = 128;

const luma = (bits: 8 | 10): PaintablePlane => ({ sampleBytes: bits === 8 ? 1 : 2, perPixel: 1, shiftX: 0, shiftY: 0, value: LUMA << (bits - 8) });
const colour = (bits: 8 | 10, shiftX: 0 | 1, shiftY: 0 | 1, perPixel: 1 | 2 = 1): PaintablePlane => ({ sampleBytes: bits === 8 ? 1 : 2, perPixel, shiftX, shiftY, value: NO_COLOUR << (bits - 8) });
const planar = (bits: 8 | 10, shiftX: 0 | 1, shiftY: 0 | 1): readonly PaintablePlane[] => [luma(bits), colour(bits, shiftX, shiftY), colour(bits, shiftX, shiftY)];

/** What H.264, H.265 and JPEG decoders give, in software and from devices. */
const PLANES: ReadonlyMap<number, readonly PaintablePlane[]> = new Map<number, readonly PaintablePlane[]>([
  [AV_PIX_FMT_YUV420P, planar(8, 1, 1)],
  [AV_PIX_FMT_YUVJ420P, planar(8, 1, 1)],
  [AV_PIX_FMT_YUV422P, planar(8, 1, 0)],
  [AV_PIX_FMT_YUVJ422P, planar(8, 1, 0)],
  [AV_PIX_FMT_YUV444P, planar(8, 0, 0)],
  [AV_PIX_FMT_YUVJ444P, planar(8, 0, 0)],
  [AV_PIX_FMT_YUV420P10LE, planar(10, 1, 1)],
  [AV_PIX_FMT_YUV422P10LE, planar(10, 1, 0)],
  [AV_PIX_FMT_YUV444P10LE, planar(10, 0, 0)],
  [AV_PIX_FMT_NV12, [luma(8), colour(8, 1, 1, 2)]],
  [AV_PIX_FMT_GRAY8, [luma(8)]],
]);

/** null: pictures of this pixel format are converted first. */
export const paintablePlanes = (format: number): readonly PaintablePlane[] | null => PLANES.get(format) ?? null;
