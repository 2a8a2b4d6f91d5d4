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

/** How one plane of a picture lies in memory. */
export interface PlaneLayout {
  /** 2: ten bits in two bytes. */
  readonly sampleBytes: 1 | 2;
  /** Samples beside each other for one column: NV12 has both colours in one plane, RGB three. */
  readonly perPixel: 1 | 2 | 3;
  /** By how many bits its columns and rows are fewer than the picture's. */
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
}

const luma = (sampleBytes: 1 | 2): PlaneLayout => ({ sampleBytes, perPixel: 1, shiftX: 0, shiftY: 0 });
const planar = (sampleBytes: 1 | 2, shiftX: 0 | 1, shiftY: 0 | 1): readonly PlaneLayout[] => {
  const colour: PlaneLayout = { sampleBytes, perPixel: 1, shiftX, shiftY };
  return [luma(sampleBytes), colour, colour];
};

/** What H.264, H.265 and JPEG decoders give, in software and from devices: brightness first, then colours. */
const LAYOUTS: ReadonlyMap<number, readonly PlaneLayout[]> = new Map<number, readonly PlaneLayout[]>([
  [AV_PIX_FMT_YUV420P, planar(1, 1, 1)],
  [AV_PIX_FMT_YUVJ420P, planar(1, 1, 1)],
  [AV_PIX_FMT_YUV422P, planar(1, 1, 0)],
  [AV_PIX_FMT_YUVJ422P, planar(1, 1, 0)],
  [AV_PIX_FMT_YUV444P, planar(1, 0, 0)],
  [AV_PIX_FMT_YUVJ444P, planar(1, 0, 0)],
  [AV_PIX_FMT_YUV420P10LE, planar(2, 1, 1)],
  [AV_PIX_FMT_YUV422P10LE, planar(2, 1, 0)],
  [AV_PIX_FMT_YUV444P10LE, planar(2, 0, 0)],
  [AV_PIX_FMT_NV12, [luma(1), { sampleBytes: 1, perPixel: 2, shiftX: 1, shiftY: 1 }]],
  [AV_PIX_FMT_GRAY8, [luma(1)]],
]);

/** undefined: pictures of this pixel format are converted first. */
export const planeLayouts = (format: number): readonly PlaneLayout[] | undefined => LAYOUTS.get(format);
