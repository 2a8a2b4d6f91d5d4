import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openClip } from './clip-reader.js';
import { encodeJpeg } from './encode-jpeg.js';
import { FrameScaler } from './frame-scaler.js';
import { MotionMeter } from './motion-meter.js';
import type { MediaPacket, MediaSource } from './media-source.js';
import type { PixelTarget } from './placement.js';
import { selfTest } from './self-test.js';
import { openSource } from './sources/open-source.js';
import { VideoDecoder } from './video-decoder.js';
import type { VideoFrame } from './video-frame.js';

// Real: files, native decoding, scaling, filters and encoding.
const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const FIXTURES = folder('../fixtures/');
const DEMO = folder('../../../demo/');
const VTEST = folder('../../../../shared/data/videos/vtest.avi');
/** The gate's default threshold. */
const MOVING = 0.0008;

const openFast = (file: string, query = ''): Promise<MediaSource> => openSource(`${pathToFileURL(file).href}?pace=fast${query}`, { fileRoots: [FIXTURES, DEMO] });

async function eachFrame(source: MediaSource, see: (frame: VideoFrame, decoder: VideoDecoder) => void, limit = Number.POSITIVE_INFINITY): Promise<VideoDecoder['counts']> {
  const decoder = new VideoDecoder(source);
  let seen = 0;
  const show = (frames: readonly VideoFrame[]) => {
    for (const frame of frames) {
      if (seen < limit) see(frame, decoder);
      seen += 1;
      frame.free();
    }
  };
  for (let packet = await source.next(); packet !== null; packet = seen < limit ? await source.next() : null) {
    show(decoder.decode(packet));
    packet.free();
  }
  show(decoder.flush());
  decoder.close();
  await source.close();
  return decoder.counts;
}

const times = async (source: MediaSource, limit?: number): Promise<number[]> => {
  const list: number[] = [];
  await eachFrame(source, (frame) => list.push(frame.ptsUs), limit);
  return list;
};

describe('clips', () => {
  it('pass the self-test', () => selfTest());

  it.each([
    ['h265-b-frames.mp4', 'hevc', 'hvc1.1.6.L30.90'],
    ['h264-b-frames.mp4', 'h264', 'avc1.64000b'],
    ['h264.mpegts', 'h264', 'avc1.64000b'],
  ])('%s comes out in the order of presentation', async (name, codec, codecString) => {
    const source = await openFast(FIXTURES + name);
    expect([source.stream.codec, source.codecString]).toEqual([codec, codecString]);
    expect(await times(source)).toEqual(Array.from({ length: 20 }, (_unused, index) => index * 100_000));
  });

  it.each(['h264.mpegts', 'h264-b-frames.mp4'])('%s loops without end and without a jump', async (name) => {
    const list = await times(await openFast(FIXTURES + name, '&loop=true'), 70);
    const steps = list.slice(1).map((time, index) => time - (list[index] as number));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThanOrEqual(400_000);
  });

  it('starts at the key frame at or before the wanted second', async () => {
    expect(await times(await openFast(`${DEMO}street.mp4`, '&start=70'))).toHaveLength(95);
    expect(await times(await openFast(`${DEMO}street.mp4`, '&start=71.5'))).toHaveLength(95);
  });

  it('keep to their own speed when asked', async () => {
    const started = performance.now();
    const source = await openSource(pathToFileURL(`${FIXTURES}h264.mpegts`).href, { fileRoots: [FIXTURES] });
    expect(source.live).toBe(true);
    expect(await times(source, 8)).toHaveLength(8);
    expect(performance.now() - started).toBeGreaterThan(600);
  });

  it('close while a read waits', async () => {
    const source = await openSource(pathToFileURL(`${FIXTURES}h264.mpegts`).href, { fileRoots: [FIXTURES] });
    (await source.next())?.free();
    const next = source.next().then((packet) => packet?.free(), () => undefined);
    await source.close();
    await next;
    await expect(source.next()).rejects.toThrow('closed');
  });
});

describe('VideoDecoder', () => {
  const STREET = `${DEMO}street.mp4`;
  /** Media times in tenths of a second: the clip's pictures are numbered by them. */
  const numbers = (frames: readonly VideoFrame[]): number[] =>
    frames.map((frame) => {
      frame.free();
      return Math.round(frame.ptsUs / 100_000);
    });
  const packets = async (source: MediaSource): Promise<MediaPacket[]> => {
    const list: MediaPacket[] = [];
    for (let packet = await source.next(); packet !== null; packet = await source.next()) list.push(packet);
    return list;
  };

  it.each([
    ['street.mp4', DEMO, '&start=70'],
    ['h264-b-frames.mp4', FIXTURES, ''],
    ['h265-b-frames.mp4', FIXTURES, ''],
  ])('%s: gives key frames alone at once, and goes on where the references are', async (name, folder, query) => {
    const source = await openFast(folder + name, query);
    const decoder = new VideoDecoder(source);
    const all = await packets(source);
    const keys = all.filter(({ key }) => key);
    expect(decoder.name).toBeNull();
    expect(keys.flatMap((key) => numbers(decoder.decodeAlone(key))).length).toBe(keys.length);
    expect(decoder.name).toMatch(/^(h264|hevc) \(.+\)$/);
    decoder.missed();
    expect(decoder.canContinue).toBe(false);
    const [key, next, ...rest] = all.slice(all.lastIndexOf(keys.at(-1) as MediaPacket));
    expect(decoder.decode(next as MediaPacket)).toEqual([]);
    expect(decoder.counts.keyWait).toBe(1);
    const following = [key, next, ...rest].flatMap((packet) => numbers(decoder.decode(packet as MediaPacket)));
    expect([...following, ...numbers(decoder.flush())].length).toBe(rest.length + 2);
    for (const packet of all) packet.free();
    decoder.close();
    await source.close();
  });

  it('hands out the pictures that are wanted and counts the others', async () => {
    const source = await openFast(STREET, '&start=70');
    const decoder = new VideoDecoder(source);
    const all = await packets(source);
    const seen = all.flatMap((packet) => numbers(decoder.decode(packet, (ptsUs) => ptsUs % 500_000 === 0)));
    expect(seen).toEqual(Array.from({ length: 19 }, (_unused, index) => index * 5));
    expect(decoder.counts).toEqual({ pictures: 95, damaged: 0, keyWait: 0 });
    for (const packet of all) packet.free();
    decoder.close();
    await source.close();
  });

  it('gives its memory back while it rests, and goes on at the next key frame', async () => {
    const source = await openFast(STREET, '&start=70');
    const decoder = new VideoDecoder(source);
    const all = await packets(source);
    expect(numbers(decoder.decode(all[0] as MediaPacket))).toEqual([0]);
    decoder.rest();
    expect(decoder.name).toBe(null);
    expect(numbers(decoder.decode(all[1] as MediaPacket))).toEqual([]);
    expect(all.slice(20, 25).flatMap((packet) => numbers(decoder.decode(packet)))).toEqual([20, 21, 22, 23, 24]);
    for (const packet of all) packet.free();
    decoder.close();
    expect(() => decoder.decode(all[0] as MediaPacket)).toThrow('closed');
    await source.close();
  });
});

describe('FrameScaler', () => {
  const unscaled: PixelTarget = { width: 768, height: 576, color: 'rgb', resize: 'stretch', align: 'top-left', pad: [0, 0, 0] };
  const scale = (frame: VideoFrame, target: PixelTarget, crop: Parameters<FrameScaler['scaleInto']>[1] = null) => {
    const scaler = new FrameScaler(target);
    const into = new Uint8Array(target.width * target.height * 3).fill(77);
    const placement = scaler.scaleInto(frame, crop, into);
    scaler.close();
    return { into, placement };
  };
  const onePicture = async (see: (frame: VideoFrame) => void): Promise<void> => {
    await eachFrame(await openFast(`${DEMO}street.mp4`), see, 1);
  };

  it('letterboxes with the exact pad colour and nothing left unwritten', () =>
    onePicture((frame) => {
      const { into } = scale(frame, { width: 416, height: 416, color: 'bgr', resize: 'letterbox', align: 'center', pad: [1, 2, 3] });
      const row = (y: number) => [...into.subarray(y * 416 * 3, (y + 1) * 416 * 3)];
      const pad = Array.from({ length: 416 }, () => [1, 2, 3]).flat();
      expect(row(0)).toEqual(pad);
      expect(row(51)).toEqual(pad);
      expect(row(52)).not.toEqual(pad);
      expect(row(363)).not.toEqual(pad);
      expect(row(364)).toEqual(pad);
      expect(row(415)).toEqual(pad);
    }));

  it('cuts exactly the pixels of the whole picture', () =>
    onePicture((frame) => {
      const whole = scale(frame, unscaled).into;
      const { into, placement } = scale(frame, { ...unscaled, width: 64, height: 80 }, { x: 300, y: 200, width: 64, height: 80 });
      expect(placement).toEqual({ scaleX: 1, scaleY: 1, offsetX: -300, offsetY: -200 });
      let largest = 0;
      for (let y = 2; y < 78; y += 1) {
        const expected = whole.subarray(((200 + y) * 768 + 302) * 3, ((200 + y) * 768 + 362) * 3);
        into.subarray((y * 64 + 2) * 3, (y * 64 + 62) * 3).forEach((value, index) => (largest = Math.max(largest, Math.abs(value - (expected[index] ?? 0)))));
      }
      expect(largest).toBeLessThanOrEqual(2);
    }));

  it('swaps colours for bgr and pads what lies outside', () =>
    onePicture((frame) => {
      const target: PixelTarget = { ...unscaled, width: 60, height: 60, resize: 'letterbox', pad: [9, 8, 7] };
      const crop = { x: -30, y: -30, width: 60, height: 60 };
      const rgb = scale(frame, target, crop).into;
      const bgr = scale(frame, { ...target, color: 'bgr' }, crop).into;
      expect([...rgb.subarray(0, 3)]).toEqual([9, 8, 7]);
      expect([...rgb.subarray((45 * 60 + 29) * 3, (45 * 60 + 30) * 3)]).toEqual([9, 8, 7]);
      const inside = [...rgb.subarray((45 * 60 + 45) * 3, (45 * 60 + 46) * 3)];
      expect([...bgr.subarray((45 * 60 + 45) * 3, (45 * 60 + 46) * 3)]).toEqual(inside.toReversed());
      expect(new Set(scale(frame, target, { x: 900, y: 0, width: 10, height: 10 }).into)).toEqual(new Set([9, 8, 7]));
    }));

  it.each(['rgb', 'bgr'] as const)('puts the same %s picture into planes when asked', (color) =>
    onePicture((frame) => {
      const target: PixelTarget = { width: 64, height: 64, color, resize: 'letterbox', align: 'center', pad: [9, 8, 7] };
      const hwc = scale(frame, target);
      const chw = scale(frame, { ...target, layout: 'chw' });
      expect(chw.placement).toEqual(hwc.placement);
      const distance = (order: readonly number[]): number => {
        let sum = 0;
        for (let pixel = 0; pixel < 64 * 64; pixel += 1) order.forEach((plane, colour) => (sum += Math.abs((hwc.into[pixel * 3 + colour] ?? 0) - (chw.into[plane * 64 * 64 + pixel] ?? 255))));
        return sum / (3 * 64 * 64);
      };
      // Interleaved colours are computed from one colour sample for two pixels, planes from one for each.
      expect(distance([0, 1, 2])).toBeLessThan(3);
      expect(distance([2, 1, 0])).toBeGreaterThan(2 * distance([0, 1, 2]));
      expect([0, 1, 2].map((plane) => chw.into[plane * 64 * 64])).toEqual([9, 8, 7]);
    }));

  it('refuses a buffer of the wrong size', () =>
    onePicture((frame) => {
      const scaler = new FrameScaler(unscaled);
      expect(() => scaler.scaleInto(frame, null, new Uint8Array(5))).toThrow('expected a buffer of');
      scaler.close();
    }));
});

describe('encodeJpeg', () => {
  /** Height and width from the frame header (SOF0). */
  const sizeOf = (jpeg: Uint8Array) => {
    const bytes = Buffer.from(jpeg);
    const at = bytes.indexOf(Buffer.of(0xff, 0xc0));
    return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  };

  it('encodes whole pictures and cuts, smaller when asked, never larger', async () => {
    await eachFrame(await openFast(`${DEMO}street.mp4`), (frame) => {
      expect(sizeOf(encodeJpeg(frame))).toEqual([768, 576]);
      expect(sizeOf(encodeJpeg(frame, { maxWidth: 320 }))).toEqual([320, 240]);
      expect(sizeOf(encodeJpeg(frame, { maxWidth: 4000 }))).toEqual([768, 576]);
      expect(sizeOf(encodeJpeg(frame, { crop: { x: -20, y: 500, width: 100, height: 200 }, maxWidth: 4000 }))).toEqual([80, 76]);
      expect(encodeJpeg(frame, { quality: 30 }).byteLength).toBeLessThan(encodeJpeg(frame, { quality: 95 }).byteLength / 2);
      expect(() => encodeJpeg(frame, { crop: { x: 800, y: 0, width: 5, height: 5 } })).toThrow('touches');
    }, 1);
  });
});

describe('MotionMeter', () => {
  /** Shares of every second picture: five a second, the default rate of analysis. */
  const shares = async (path: string, limit = Number.POSITIVE_INFINITY): Promise<number[]> => {
    const clip = await openClip(path);
    const meter = new MotionMeter();
    const list: number[] = [];
    let index = 0;
    for await (const frame of clip.frames()) {
      if (index % 2 === 0 && list.length < limit) list.push(meter.changedShare(frame));
      index += 1;
      frame.free();
      if (list.length >= limit) break;
    }
    meter.close();
    await clip.close();
    return list;
  };

  it('calls the first picture all new', async () => expect((await shares(`${FIXTURES}lone-person.mp4`, 1))[0]).toBe(1));

  it('sees a lone person of 30x90 px walk in every picture', async () => {
    const list = (await shares(`${FIXTURES}lone-person.mp4`)).slice(1);
    expect(list.length).toBeGreaterThan(20);
    expect(list.filter((share) => share < MOVING)).toEqual([]);
  });

  it('does not take noise for motion', async () => {
    expect(Math.max(...(await shares(`${FIXTURES}noise.mp4`)).slice(1))).toBeLessThan(MOVING / 2);
  });

  it('sees nothing change in a picture shown twice', async () => {
    const meter = new MotionMeter();
    await eachFrame(await openFast(`${DEMO}street.mp4`), (frame) => {
      meter.changedShare(frame);
      expect(meter.changedShare(frame)).toBe(0);
    }, 1);
    meter.close();
  });

  if (!existsSync(VTEST)) console.warn('skipped: the original street clip is not at ../shared/data');
  it.skipIf(!existsSync(VTEST))('loses no picture of the original street clip, where somebody always walks', async () => {
    const list = (await shares(VTEST, 200)).slice(1);
    expect(list.filter((share) => share < MOVING).length / list.length).toBeLessThanOrEqual(0.01);
  });
});

describe('memory', () => {
  it('stays flat over 240 sources opened, decoded and closed', async () => {
    const target: PixelTarget = { width: 96, height: 96, color: 'bgr', resize: 'letterbox', align: 'center', pad: [0, 0, 0] };
    const into = new Uint8Array(96 * 96 * 3);
    const round = async (index: number) => {
      const scaler = new FrameScaler(target);
      const meter = new MotionMeter();
      await eachFrame(await openFast(`${FIXTURES}${index % 2 === 0 ? 'h264.mpegts' : 'h265-b-frames.mp4'}`), (frame) => {
        scaler.scaleInto(frame, index % 3 === 0 ? { x: 10, y: 10, width: 50, height: 60 } : null, into);
        meter.changedShare(frame);
        if (frame.ptsUs === 0) encodeJpeg(frame);
      }, 8);
      scaler.close();
      meter.close();
    };
    for (let index = 0; index < 40; index += 1) await round(index);
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 200; index += 1) await round(index);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(30);
  });
});
