import { splitAnnexB } from '@argus/footage';
import { AV_CODEC_FLAG_GLOBAL_HEADER, AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, AVCOL_RANGE_MPEG, AVERROR_EAGAIN, AVERROR_EOF, FF_ENCODER_LIBOPENH264, FF_ENCODER_LIBX264, type AVPixelFormat, type FFEncoderCodec } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, Packet, Rational, SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { MICROSECONDS } from '../timeline.js';

/** In this order; a build of the native library without any of them cannot encode, and says so. */
const ENCODERS = [FF_ENCODER_LIBX264, FF_ENCODER_LIBOPENH264];
/** What libx264 calls visually lossless is 18; at 20 a film of a street takes about what the camera sent. */
const QUALITY = '20';
/** A place in the film can be sought in steps of these. */
const KEY_US = 2_000_000;

export interface EncoderOptions {
  readonly width: number;
  readonly height: number;
  /** Of pictures a second; about. */
  readonly fps: number;
  /** Numbers its parameter sets, so that they can stand beside those of a camera. */
  readonly setsId?: number;
  /** The first picture is the only key frame. */
  readonly keyOnce?: boolean;
}

/** A picture in H.264, as its units without start codes. Valid until the next call. */
export interface EncodedPicture {
  readonly ptsUs: number;
  readonly key: boolean;
  readonly units: readonly Uint8Array[];
}

/** Whether this machine's native library can encode H.264, and by what. */
export const findH264Encoder = (): FFEncoderCodec | null => ENCODERS.find((name) => Codec.findEncoderByName(name) !== null) ?? null;

/** Pictures in, H.264 out, in the order of their times, without B-frames. Works in native threads. */
export class H264Encoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #keyUs = -Infinity;
  #format: AVPixelFormat | null = null;
  #scaler: SoftwareScaleContext | null = null;

  /** Opened by the first picture, which says its range of colours. */
  constructor(private readonly options: EncoderOptions) {
    this.#packet.alloc();
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.options;
  }

  /** SPS and PPS; empty before the first picture. */
  get sets(): readonly Uint8Array[] {
    const { extraData } = this.#context;
    return this.#format === null || extraData === null ? [] : splitAnnexB(extraData).filter((unit) => [7, 8].includes((unit[0] ?? 0) & 31));
  }

  /** The frame stays the caller's. */
  async *encode(frame: Frame, ptsUs: number): AsyncGenerator<EncodedPicture, void, undefined> {
    const picture = this.#prepare(frame);
    const { keyOnce = false } = this.options;
    try {
      if (this.#format === null) await this.#open(picture);
      picture.pts = BigInt(ptsUs);
      const isKey = !keyOnce && ptsUs - this.#keyUs >= KEY_US;
      if (isKey) this.#keyUs = ptsUs;
      picture.pictType = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      requireDone(await this.#context.sendFrame(picture), 'encoded');
    } finally {
      if (picture !== frame) picture.free();
    }
    yield* this.#receive();
  }

  async *flush(): AsyncGenerator<EncodedPicture, void, undefined> {
    if (this.#format === null) return;
    await this.#context.sendFrame(null);
    yield* this.#receive();
  }

  close(): void {
    this.#packet.free();
    this.#scaler?.freeContext();
    this.#context.freeContext();
  }

  async #open(picture: Frame): Promise<void> {
    const name = findH264Encoder();
    const codec = name === null ? null : Codec.findEncoderByName(name);
    if (codec === null) throw new MediaError(`expected an encoder for H.264 (${ENCODERS.join(' or ')}), this build of the native library has none: export without boxes, blur and exact trimming`);
    const { width, height, fps, setsId } = this.options;
    const context = this.#context;
    context.allocContext3(codec);
    context.width = width;
    context.height = height;
    context.pixelFormat = picture.format as AVPixelFormat;
    context.colorRange = picture.format === AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    context.timeBase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
    context.framerate = new Rational(Math.max(1, Math.round(fps)), 1);
    // Key frames come by time: the rate of a camera is no more than a guess.
    context.gopSize = 100_000;
    context.maxBFrames = 0;
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    // A thread that looks ahead by itself decides by the load of the machine what the last pictures look like: the same film is to be the same bytes.
    const x264 = { preset: 'veryfast', crf: QUALITY, 'forced-idr': '1', 'x264-params': `scenecut=0:sync-lookahead=0${setsId === undefined ? '' : `:sps-id=${setsId}`}` };
    const options = Dictionary.fromObject(name === FF_ENCODER_LIBX264 ? x264 : {});
    // Its synchronous twin leaves the options freed behind itself, and the process dies of the second time.
    const code = await context.open2(codec, options);
    options.free();
    requireDone(code, 'opened');
    this.#format = picture.format as AVPixelFormat;
  }

  /** Planes at half the size of the picture for colours are what every player decodes. */
  #prepare(frame: Frame): Frame {
    const { width, height } = this.options;
    const wanted = this.#format ?? (frame.format === AV_PIX_FMT_YUVJ420P ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P);
    if (frame.format === wanted && frame.width === width && frame.height === height) return frame;
    const converted = newFrame(width, height, wanted);
    if (this.#scaler === null) {
      this.#scaler = new SoftwareScaleContext();
      this.#scaler.allocContext();
    }
    const code = this.#scaler.scaleFrameSync(converted, frame);
    if (code >= 0) return converted;
    converted.free();
    throw new MediaError(`a picture could not be converted for the encoder (native error ${code})`);
  }

  async *#receive(): AsyncGenerator<EncodedPicture, void, undefined> {
    for (;;) {
      const code = await this.#context.receivePacket(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      requireDone(code, 'encoded');
      const units = splitAnnexB(this.#packet.data ?? new Uint8Array(0));
      yield { ptsUs: Number(this.#packet.pts), key: this.#packet.isKeyframe, units };
      this.#packet.unref();
    }
  }
}

function requireDone(code: number, what: string): void {
  if (code < 0) throw new MediaError(`H.264 could not be ${what} (native error ${code})`);
}
