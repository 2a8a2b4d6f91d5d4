import type { SizePixels } from '@argus/contracts';
import { codecString, splitAnnexB } from '@argus/footage';
import { AV_NOPTS_VALUE, AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P, AVERROR_EAGAIN, type FFEncoderCodec } from 'node-av/constants';
import { Codec, CodecContext, Rational, SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { nativeOf } from '../native-frame.js';
import { framePool, packetPool } from '../native-pool.js';
import { MICROSECONDS } from '../timeline.js';
import type { VideoFrame } from '../video-frame.js';

/** In the order in which they are tried. Those on devices come last: they have few places, and are slow to open. */
const ENCODERS: readonly (readonly [name: string, options: Readonly<Record<string, string>>])[] = [
  ['libx264', { preset: 'ultrafast', tune: 'zerolatency', 'forced-idr': '1', crf: '21' }],
  ['libopenh264', { allow_skip_frames: '0' }],
  ['h264_nvenc', { preset: 'p1', tune: 'ull', 'forced-idr': '1', delay: '0' }],
  ['h264_videotoolbox', { realtime: '1' }],
  ['h264_v4l2m2m', {}],
];
/** A peak of so much of a bit for each pixel: 3.5 Mbit/s for 1280x720 at 25 a second. */
const BITS_PER_PIXEL = 0.15;

/** One encoded picture: Annex B, with parameter sets before a key frame. */
export interface EncodedPicture {
  readonly key: boolean;
  readonly ptsUs: number;
  readonly data: Uint8Array;
}

interface Opened {
  readonly context: CodecContext;
  readonly name: string;
}

/**
 * Pictures of one size in, H.264 out, for eyes that wait: every picture comes out at once, none is reordered. Throws MediaError where this build has
 * no encoder that works; `whyNone` says so beforehand.
 */
export class H264Encoder {
  /** Even: H.264 keeps one sample of colour for two pixels. The last column and row of an odd picture are scaled away. */
  readonly width: number;
  readonly height: number;
  readonly #size: SizePixels;
  readonly #opened: Opened;
  #converter: { readonly context: SoftwareScaleContext; readonly frame: Frame } | null = null;
  #codecString: string | null = null;

  /** @param size of the pictures that are to come */
  constructor({ width, height }: SizePixels, fps: number) {
    this.#size = { width, height };
    [this.width, this.height] = [even(width), even(height)];
    const opened = openFirst(this.width, this.height, fps);
    if (typeof opened === 'string') throw new MediaError(opened);
    this.#opened = opened;
  }

  /** Why nothing can be encoded here; null: it can. Asked once, for a small picture. */
  static whyNone(): string | null {
    if (known === undefined) {
      const opened = openFirst(320, 240, 25);
      known = typeof opened === 'string' ? opened : null;
      if (typeof opened !== 'string') opened.context.freeContext();
    }
    return known;
  }

  /** For people: `libx264`. */
  get name(): string {
    return this.#opened.name;
  }

  /** For WebCodecs, e.g. `avc1.42c01f`; null before the first picture came out. */
  get codecString(): string | null {
    return this.#codecString;
  }

  /** Whether a picture has the size that this one was made for. */
  fits({ width, height }: SizePixels): boolean {
    return width === this.#size.width && height === this.#size.height;
  }

  /** In a native thread. The picture still belongs to the caller. Until it resolves nothing else may be asked. Throws MediaError. */
  async encode(frame: VideoFrame, key: boolean): Promise<EncodedPicture[]> {
    if (!this.fits(frame)) throw new MediaError(`expected a picture of ${this.#size.width}x${this.#size.height}, got ${frame.width}x${frame.height}`);
    const input = this.#prepared(nativeOf(frame), frame.ptsUs, key);
    try {
      const sent = await this.#opened.context.sendFrame(input);
      if (sent < 0) throw new MediaError(`${this.#opened.name} did not take a picture (native error ${sent})`);
    } finally {
      framePool.giveBack(input);
    }
    return this.#receive();
  }

  close(): void {
    this.#opened.context.freeContext();
    this.#converter?.context.freeContext();
    this.#converter?.frame.free();
    this.#converter = null;
  }

  /** A handle of its own, so that time and kind are not written on the caller's. */
  #prepared(frame: Frame, ptsUs: number, key: boolean): Frame {
    const input = framePool.take();
    const result = input.ref(frame.format === AV_PIX_FMT_YUV420P && frame.width === this.width && frame.height === this.height ? frame : this.#converted(frame));
    if (result < 0) {
      framePool.giveBack(input);
      throw new MediaError(`no memory for a picture to be encoded (native error ${result})`);
    }
    input.pts = BigInt(ptsUs);
    input.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    return input;
  }

  #converted(frame: Frame): Frame {
    if (this.#converter === null) {
      const context = new SoftwareScaleContext();
      context.allocContext();
      this.#converter = { context, frame: newFrame(this.width, this.height, AV_PIX_FMT_YUV420P) };
    }
    const { context, frame: output } = this.#converter;
    const result = context.scaleFrameSync(output, frame);
    if (result < 0) throw new MediaError(`could not convert a picture of pixel format ${frame.format} for the encoder (native error ${result})`);
    return output;
  }

  #receive(): EncodedPicture[] {
    const pictures: EncodedPicture[] = [];
    for (;;) {
      const packet = packetPool.take();
      try {
        const result = this.#opened.context.receivePacketSync(packet);
        if (result === AVERROR_EAGAIN) return pictures;
        if (result < 0 || packet.data === null || packet.pts === AV_NOPTS_VALUE) throw new MediaError(`${this.#opened.name} gave no picture (native error ${result})`);
        const data = Uint8Array.from(packet.data);
        if (packet.isKeyframe) this.#codecString ??= codecString('h264', { lengthSize: 0, units: splitAnnexB(data) });
        pictures.push({ key: packet.isKeyframe, ptsUs: Number(packet.pts), data });
      } finally {
        packetPool.giveBack(packet);
      }
    }
  }
}

const even = (length: number): number => Math.max(2, length - (length % 2));

let known: string | null | undefined;

/** The opened encoder, or why there is none. */
function openFirst(width: number, height: number, fps: number): Opened | string {
  const problems: string[] = [];
  for (const [name, options] of ENCODERS) {
    const codec = Codec.findEncoderByName(name as FFEncoderCodec);
    if (codec === null) continue;
    const context = new CodecContext();
    context.allocContext3(codec);
    Object.assign(context, { width, height, pixelFormat: AV_PIX_FMT_YUV420P, timeBase: new Rational(MICROSECONDS.num, MICROSECONDS.den), framerate: new Rational(Math.max(1, Math.round(fps)), 1), threadCount: 1, maxBFrames: 0, gopSize: 600 });
    const peak = Math.round(Math.max(500_000, width * height * fps * BITS_PER_PIXEL));
    context.rcMaxRate = BigInt(peak);
    context.rcBufferSize = peak;
    if (name !== 'libx264') context.bitRate = BigInt(Math.round(peak / 2));
    // One by one: a dictionary that was given to `open2` is freed twice by the binding, and the process dies of it.
    for (const [option, value] of Object.entries(options)) context.setOption(option, value);
    const result = context.open2Sync(codec, null);
    if (result >= 0) return { context, name };
    problems.push(`${name} could not be opened (native error ${result})`);
    context.freeContext();
  }
  return problems.length > 0 ? problems.join('; ') : `this build of the native library has no encoder for H.264 (looked for ${ENCODERS.map(([name]) => name).join(', ')})`;
}
