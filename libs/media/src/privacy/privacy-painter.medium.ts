import { pathToFileURL, fileURLToPath } from 'node:url';
import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_NV12, AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ420P, type AVPixelFormat } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { newFrame } from '../cut-frame.js';
import { NativeFrame, requireNative } from '../native-frame.js';
import { openSource } from '../sources/open-source.js';
import { VideoDecoder } from '../video-decoder.js';
import type { VideoFrame } from '../video-frame.js';
import { H264Encoder } from './h264-encoder.js';
import { paintablePlanes } from './paintable-planes.js';
import { PrivacyPainter } from './privacy-painter.js';

// Real: native pictures, decoding, encoding.
const DEMO = fileURLToPath(new URL('../../../../demo/', import.meta.url));
/** A quarter in the middle, its edges between blocks of 64x48. */
const MIDDLE = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }];

function noise(width: number, height: number, format: AVPixelFormat): NativeFrame {
  const frame = newFrame(width, height, format);
  let seed = 1;
  for (const plane of frame.data ?? []) for (let at = 0; at < plane.length; at += 1) plane[at] = (seed = (seed * 16807) % 2147483647) & 0xff;
  return new NativeFrame(frame, 7);
}

/** Each sample of a picture with the pixel (top left) that it stands for. */
function samplesOf(frame: VideoFrame): { plane: number; x: number; y: number; value: number }[] {
  const { planes, native } = requireNative(frame);
  return (paintablePlanes(native.format) ?? []).flatMap(({ sampleBytes, perPixel, shiftX, shiftY }, plane) => {
    const [columns, rows] = [Math.ceil(frame.width / 2 ** shiftX), Math.ceil(frame.height / 2 ** shiftY)];
    const bytes = planes[plane] as Buffer;
    return Array.from({ length: rows * columns * perPixel }, (_unused, index) => {
      const row = Math.floor(index / (columns * perPixel));
      const sample = index % (columns * perPixel);
      const at = row * (native.linesize[plane] ?? 0) + sample * sampleBytes;
      return { plane, x: Math.floor(sample / perPixel) << shiftX, y: row << shiftY, value: sampleBytes === 1 ? (bytes[at] as number) : bytes.readUInt16LE(at) };
    });
  });
}

describe('PrivacyPainter', () => {
  it.each([
    ['4:2:0', AV_PIX_FMT_YUV420P, 64, 48],
    ['4:2:0, full range', AV_PIX_FMT_YUVJ420P, 64, 48],
    ['4:2:2', AV_PIX_FMT_YUV422P, 64, 48],
    ['4:4:4', AV_PIX_FMT_YUV444P, 64, 48],
    ['NV12', AV_PIX_FMT_NV12, 64, 48],
    ['4:2:0 with 10 bits', AV_PIX_FMT_YUV420P10LE, 64, 48],
    ['grey', AV_PIX_FMT_GRAY8, 64, 48],
    ['4:2:0, odd', AV_PIX_FMT_YUV420P, 63, 47],
    ['4:2:2, odd', AV_PIX_FMT_YUV422P, 61, 33],
    ['NV12, odd', AV_PIX_FMT_NV12, 63, 47],
  ])('leaves nothing inside and everything outside: %s', (_name, format, width, height) => {
    const original = noise(width, height, format);
    const before = samplesOf(original);
    const painter = new PrivacyPainter([MIDDLE]);
    const painted = painter.paint(original);
    const [left, right, top, bottom] = [width / 4, (width * 3) / 4, height / 4, (height * 3) / 4];
    const seen = new Map<number, Set<number>>();
    samplesOf(painted).forEach(({ plane, x, y, value }, index) => {
      // A sample of colour stands for a block: it counts as inside when any pixel of that is.
      const [endX, endY] = [x - (x % 2) + 2, y - (y % 2) + 2];
      const touched = endX > left && x - (x % 2) < right && endY > top && y - (y % 2) < bottom;
      if (touched) seen.set(plane, (seen.get(plane) ?? new Set()).add(value));
      else if (value !== before[index]?.value) throw new Error(`plane ${plane} at ${x},${y} changed from ${before[index]?.value} to ${value}`);
    });
    for (const values of seen.values()) expect(values.size).toBe(1);
    expect(seen.size).toBe((paintablePlanes(format) ?? []).length);
    expect(samplesOf(original)).toEqual(before);
    expect([painted.ptsUs, painted.width, painted.height]).toEqual([7, width, height]);
    for (const frame of [painted, original]) frame.free();
    painter.close();
  });

  it('covers a picture whose format it does not know in another one', () => {
    const original = noise(64, 48, AV_PIX_FMT_RGB24);
    const painter = new PrivacyPainter([MIDDLE]);
    const painted = painter.paint(original);
    const inside = samplesOf(painted).filter(({ plane, x, y }) => plane === 0 && x >= 16 && x < 48 && y >= 12 && y < 36);
    expect(new Set(inside.map(({ value }) => value)).size).toBe(1);
    painted.free();
    painter.close();
  });

  it('does not change a picture that it gave out and that is still held, and follows another size', () => {
    const painter = new PrivacyPainter([MIDDLE]);
    const [one, two, wide] = [noise(64, 48, AV_PIX_FMT_YUV420P), noise(64, 48, AV_PIX_FMT_YUV420P), noise(128, 48, AV_PIX_FMT_YUV420P)];
    requireNative(two).planes[0]?.fill(9);
    const first = painter.paint(one);
    const kept = samplesOf(first);
    const second = painter.paint(two);
    const third = painter.paint(wide);
    expect(samplesOf(first)).toEqual(kept);
    expect(samplesOf(second)[0]?.value).toBe(9);
    expect(third.width).toBe(128);
    for (const frame of [first, second, third, one, two, wide]) frame.free();
    painter.close();
  });

  it('covers decoded pictures, and what is encoded of them decodes to pictures with nothing there', async () => {
    const source = await openSource(`${pathToFileURL(`${DEMO}street.mp4`).href}?pace=fast`, { fileRoots: [DEMO] });
    const decoder = new VideoDecoder(source);
    const painter = new PrivacyPainter([MIDDLE]);
    let encoder: H264Encoder | null = null;
    const [times, encoded]: [number[], { key: boolean; ptsUs: number; bytes: number }[]] = [[], []];
    while (times.length < 30) {
      const packet = await source.next();
      if (packet === null) break;
      for (const frame of decoder.decode(packet)) {
        const painted = painter.paint(frame);
        encoder ??= new H264Encoder(frame, 10);
        times.push(frame.ptsUs);
        encoded.push(...(await encoder.encode(painted, times.length === 1 || times.length === 21)).map(({ key, ptsUs, data }) => ({ key, ptsUs, bytes: data.byteLength })));
        for (const each of [painted, frame]) each.free();
      }
      packet.free();
    }
    expect(encoder?.codecString).toMatch(/^avc1\.42c0/);
    expect(encoded.map(({ ptsUs }) => ptsUs)).toEqual(times);
    expect(encoded.flatMap(({ key }, index) => (key ? [index] : []))).toEqual([0, 20]);
    encoder?.close();
    painter.close();
    decoder.close();
    await source.close();
  });
});
