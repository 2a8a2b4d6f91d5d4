import { AV_PIX_FMT_RGB24, type AVPixelFormat } from 'node-av/constants';
import { avImageCopy2, Frame, SoftwareScaleContext } from 'node-av/lib';
import { MediaError } from './media-error.js';
import type { NativeFrame } from './native-frame.js';
import type { Rect } from './placement.js';
import { planeLayouts, type PlaneLayout } from './plane-layouts.js';

/** What anything without a layout of its own is converted to first. */
const RGB: readonly PlaneLayout[] = [{ sampleBytes: 1, perPixel: 3, shiftX: 0, shiftY: 0 }];

/**
 * Copies a rectangle of a frame into a frame of its own, in the frame's own pixel format. The rectangle lies inside the
 * frame and begins at even pixels. The caller frees the result.
 */
export function cutFrame(frame: Pick<NativeFrame, 'native' | 'planes'>, rect: Rect): Frame {
  const { format } = frame.native;
  const layout = format === AV_PIX_FMT_RGB24 ? RGB : planeLayouts(format);
  if (layout !== undefined) return cutPlanes(frame.native, frame.planes, layout, rect);
  const converted = toRgb(frame.native);
  try {
    return cutPlanes(converted, converted.data ?? [], RGB, rect);
  } finally {
    converted.free();
  }
}

function cutPlanes(frame: Frame, planes: readonly Buffer[], layout: readonly PlaneLayout[], rect: Rect): Frame {
  const cut = newFrame(rect.width, rect.height, frame.format as AVPixelFormat);
  cut.copyProps(frame);
  const lines = frame.linesize;
  const from = layout.map(({ sampleBytes, perPixel, shiftX, shiftY }, index) => {
    const start = (rect.y >> shiftY) * (lines[index] ?? 0) + (rect.x >> shiftX) * sampleBytes * perPixel;
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

/** A copy in RGB, to be freed by the caller. */
export function toRgb(frame: Frame): Frame {
  const context = new SoftwareScaleContext();
  context.allocContext();
  const output = newFrame(frame.width, frame.height, AV_PIX_FMT_RGB24);
  const result = context.scaleFrameSync(output, frame);
  context.freeContext();
  if (result >= 0) return output;
  output.free();
  throw new MediaError(`could not convert a picture of pixel format ${frame.format} (native error ${result})`);
}
