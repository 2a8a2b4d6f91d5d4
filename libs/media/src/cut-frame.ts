import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  type AVPixelFormat,
} from 'node-av/constants';
import { avImageCopy2, Frame, SoftwareScaleContext } from 'node-av/lib';
import { MediaError } from './media-error.js';
import type { NativeFrame } from './native-frame.js';
import type { Rect } from './placement.js';

/** Per plane: bytes per sample, and by how many bits its columns and rows are fewer than the picture's. */
type Plane = readonly [bytes: number, shiftX: number, shiftY: number];
type Layout = readonly Plane[];

const planar = (bytes: number, shiftX: number, shiftY: number): Layout => [[bytes, 0, 0], [bytes, shiftX, shiftY], [bytes, shiftX, shiftY]];

const RGB: Layout = [[3, 0, 0]];

/** What H.264, H.265 and JPEG decoders give. Anything else is converted to RGB first. */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [AV_PIX_FMT_YUV420P, planar(1, 1, 1)],
  [AV_PIX_FMT_YUVJ420P, planar(1, 1, 1)],
  [AV_PIX_FMT_YUV422P, planar(1, 1, 0)],
  [AV_PIX_FMT_YUVJ422P, planar(1, 1, 0)],
  [AV_PIX_FMT_YUV444P, planar(1, 0, 0)],
  [AV_PIX_FMT_YUVJ444P, planar(1, 0, 0)],
  [AV_PIX_FMT_YUV420P10LE, planar(2, 1, 1)],
  [AV_PIX_FMT_YUV422P10LE, planar(2, 1, 0)],
  [AV_PIX_FMT_YUV444P10LE, planar(2, 0, 0)],
  [AV_PIX_FMT_NV12, [[1, 0, 0], [2, 1, 1]]],
  [AV_PIX_FMT_GRAY8, [[1, 0, 0]]],
  [AV_PIX_FMT_RGB24, RGB],
]);

/**
 * Copies a rectangle of a frame into a frame of its own, in the frame's own pixel format. The rectangle lies inside the
 * frame and begins at even pixels. The caller frees the result.
 */
export function cutFrame(frame: NativeFrame, rect: Rect): Frame {
  const layout = LAYOUTS.get(frame.native.format);
  if (layout !== undefined) return cutPlanes(frame.native, frame.planes, layout, rect);
  const converted = toRgb(frame.native);
  try {
    return cutPlanes(converted, converted.data ?? [], RGB, rect);
  } finally {
    converted.free();
  }
}

function cutPlanes(frame: Frame, planes: readonly Buffer[], layout: Layout, rect: Rect): Frame {
  const cut = newFrame(rect.width, rect.height, frame.format as AVPixelFormat);
  cut.copyProps(frame);
  const lines = frame.linesize;
  const from = layout.map(([bytes, shiftX, shiftY], index) => {
    const start = (rect.y >> shiftY) * (lines[index] ?? 0) + (rect.x >> shiftX) * bytes;
    return (planes[index] as Buffer).subarray(start);
  });
  avImageCopy2(cut.data ?? [], cut.linesize, from, lines, frame.format as AVPixelFormat, rect.width, rect.height);
  return cut;
}

/** An empty picture with padded native memory. */
export function newFrame(width: number, height: number, format: AVPixelFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  const result = frame.getBuffer(0);
  if (result < 0) {
    frame.free();
    throw new MediaError(`no memory for a ${width}x${height} picture (native error ${result})`);
  }
  return frame;
}

function toRgb(frame: Frame): Frame {
  const context = new SoftwareScaleContext();
  context.allocContext();
  const output = newFrame(frame.width, frame.height, AV_PIX_FMT_RGB24);
  const result = context.scaleFrameSync(output, frame);
  context.freeContext();
  if (result >= 0) return output;
  output.free();
  throw new MediaError(`could not convert a picture of pixel format ${frame.format} (native error ${result})`);
}
