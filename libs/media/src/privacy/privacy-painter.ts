import type { PointNormalized } from '@argus/contracts';
import { AV_PIX_FMT_YUV420P, type AVPixelFormat } from 'node-av/constants';
import { SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { NativeFrame, nativeOf } from '../native-frame.js';
import { framePool } from '../native-pool.js';
import type { VideoFrame } from '../video-frame.js';
import { BLOCK, coveredBlocks } from './covered-blocks.js';
import { paintablePlanes, type PaintablePlane } from './paintable-planes.js';

/** From..to (without `to`) in the samples of one plane. */
interface Span {
  readonly samples: Uint8Array | Uint16Array;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** A picture of the painter's own, kept: cameras send one size. Views of it are kept too, each new one weighs on the garbage collector as its pixels. */
interface Canvas {
  readonly frame: Frame;
  readonly spans: readonly Span[];
}

/**
 * Covers polygons of pictures with one dark grey, in the pictures' own pixel format: no pixel that a polygon touches keeps anything of what it was.
 * What it gives is a copy: decoders refer to their pictures, and detectors look at them.
 *
 * Measured on 2 shared cores, 1280x720, a quarter of it covered: 0.10 ms a picture, where FFmpeg's overlay takes 0.19 and drawbox 0.88.
 */
export class PrivacyPainter {
  readonly #polygons: readonly (readonly PointNormalized[])[];
  #converter: SoftwareScaleContext | null = null;
  #canvas: Canvas | null = null;

  /** @param polygons fractions of the picture, at least three points each */
  constructor(polygons: readonly (readonly PointNormalized[])[]) {
    this.#polygons = polygons;
  }

  /** The picture with its areas covered, to be freed by the caller; the other one is untouched. Throws MediaError, and then there is no picture. */
  paint(frame: VideoFrame): VideoFrame {
    const source = nativeOf(frame);
    const canvas = this.#canvasFor(source);
    this.#copy(source, canvas.frame);
    for (const { samples, value, from, to } of canvas.spans) samples.fill(value, from, to);
    return handOut(canvas.frame, source, frame.ptsUs);
  }

  close(): void {
    this.#canvas?.frame.free();
    this.#canvas = null;
    this.#converter?.freeContext();
    this.#converter = null;
  }

  #copy(source: Frame, canvas: Frame): void {
    const result = source.format === canvas.format ? canvas.copy(source) : this.#converterOf().scaleFrameSync(canvas, source);
    if (result < 0) throw new MediaError(`could not copy a picture of pixel format ${source.format} to cover a part of it (native error ${result})`);
  }

  #converterOf(): SoftwareScaleContext {
    if (this.#converter !== null) return this.#converter;
    const context = new SoftwareScaleContext();
    context.allocContext();
    return (this.#converter = context);
  }

  #canvasFor({ width, height, format }: Frame): Canvas {
    const wanted = paintablePlanes(format) === null ? AV_PIX_FMT_YUV420P : (format as AVPixelFormat);
    const kept = this.#canvas?.frame;
    // Somebody may still hold the last picture: it must not change under him.
    if (this.#canvas !== null && kept?.width === width && kept.height === height && kept.format === wanted && kept.isWritable) return this.#canvas;
    kept?.free();
    this.#canvas = null;
    const frame = newFrame(width, height, wanted);
    return (this.#canvas = { frame, spans: spansOf(frame, coveredBlocks(this.#polygons, { width, height })) });
  }
}

/** Another handle of the same pixels. Of the camera's picture only what says how to read colours goes along: its other data may tell of what is covered. */
function handOut(canvas: Frame, source: Frame, ptsUs: number): VideoFrame {
  const painted = framePool.take();
  const result = painted.ref(canvas);
  if (result < 0) {
    framePool.giveBack(painted);
    throw new MediaError(`no memory for a covered picture (native error ${result})`);
  }
  painted.pts = source.pts;
  painted.timeBase = source.timeBase;
  painted.sampleAspectRatio = source.sampleAspectRatio;
  painted.colorRange = source.colorRange;
  painted.colorSpace = source.colorSpace;
  painted.colorPrimaries = source.colorPrimaries;
  painted.colorTrc = source.colorTrc;
  return new NativeFrame(painted, ptsUs);
}

function spansOf(frame: Frame, runs: ReturnType<typeof coveredBlocks>): Span[] {
  const planes = paintablePlanes(frame.format);
  const data = frame.data ?? [];
  if (planes === null || data.length < planes.length) throw new MediaError(`expected a pixel format that can be painted on, got ${frame.format}`);
  return planes.flatMap((plane, index) => spansOnPlane(plane, data[index] as Buffer, frame.linesize[index] ?? 0, frame, runs));
}

function spansOnPlane(plane: PaintablePlane, bytes: Buffer, lineBytes: number, { width, height }: Frame, runs: ReturnType<typeof coveredBlocks>): Span[] {
  const { sampleBytes, perPixel, shiftX, shiftY, value } = plane;
  const samples = sampleBytes === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
  const stride = lineBytes / sampleBytes;
  const [columns, rows] = [-(-width >> shiftX), -(-height >> shiftY)];
  const [across, down] = [BLOCK >> shiftX, BLOCK >> shiftY];
  return runs.flatMap(({ row, from, to }) => {
    const first = row * down;
    const lines = Math.max(0, Math.min(down, rows - first));
    const [left, right] = [Math.min(columns, from * across) * perPixel, Math.min(columns, to * across) * perPixel];
    return Array.from({ length: lines }, (_unused, line) => ({ samples, value, from: (first + line) * stride + left, to: (first + line) * stride + right }));
  });
}
