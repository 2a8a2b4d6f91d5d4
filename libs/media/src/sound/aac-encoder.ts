import { AV_CHANNEL_ORDER_NATIVE, AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER, AV_OPT_SEARCH_CHILDREN, AV_OPT_TYPE_STRING, AV_SAMPLE_FMT_FLTP, FF_ENCODER_AAC } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { MediaError } from '../media-error.js';

/** Samples of each channel in a frame. */
export const AAC_FRAME = 1024;
/** Enough for all that G.711 has in it; per channel. */
const BITS_OF_8_KHZ = 24_000;
const BITS_OF_MORE = 48_000;
/** Speakers, as the native library numbers them. */
const LAYOUTS = { 1: { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n }, 2: { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n } } as const;

export interface AacFrame {
  /** Samples since the first one that went in; the very first frame begins before it. */
  readonly at: number;
  readonly data: Buffer;
}

/** Whole frames of samples in, AAC-LC out, at once: a frame takes some 0.1 ms. */
export class AacEncoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #samples: Buffer;
  /** A channel after the other. */
  readonly frame: Float32Array;
  #at = 0;

  /** Throws MediaError where the native library cannot. */
  constructor(
    private readonly sampleRate: number,
    private readonly channels: 1 | 2,
  ) {
    const codec = Codec.findEncoderByName(FF_ENCODER_AAC);
    if (codec === null) throw new MediaError('expected an encoder for AAC, this build of the native library has none');
    const context = this.#context;
    context.allocContext3(codec);
    context.sampleRate = sampleRate;
    context.channelLayout = LAYOUTS[channels];
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.bitRate = BigInt((sampleRate > 8000 ? BITS_OF_MORE : BITS_OF_8_KHZ) * channels);
    context.timeBase = new Rational(1, sampleRate);
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
    // Half of the work of the usual one, and of no matter to a telephone's sound.
    context.setOption('aac_coder', 'fast', AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN);
    const code = context.open2Sync(codec, null);
    if (code < 0) {
      context.freeContext();
      throw new MediaError(`expected sound that can be encoded as AAC, got ${sampleRate} Hz (native error ${code})`);
    }
    this.#packet.alloc();
    this.#samples = Buffer.alloc(AAC_FRAME * channels * 4);
    this.frame = new Float32Array(this.#samples.buffer, this.#samples.byteOffset, AAC_FRAME * channels);
  }

  /** The AudioSpecificConfig. */
  get config(): Uint8Array {
    return Uint8Array.from(this.#context.extraData ?? []);
  }

  /** Takes what is in `frame`; says what has become of it and of what was before. Throws MediaError. */
  encode(): AacFrame[] {
    const { sampleRate, channels } = this;
    const frame = Frame.fromAudioBuffer(this.#samples, { nbSamples: AAC_FRAME, format: AV_SAMPLE_FMT_FLTP, sampleRate, channelLayout: LAYOUTS[channels], timeBase: { num: 1, den: sampleRate }, pts: BigInt(this.#at) });
    this.#at += AAC_FRAME;
    const code = this.#context.sendFrameSync(frame);
    frame.free();
    if (code < 0) throw new MediaError(`sound could not be encoded (native error ${code})`);
    const frames: AacFrame[] = [];
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      frames.push({ at: Number(this.#packet.pts), data: Buffer.from(this.#packet.data ?? []) });
      this.#packet.unref();
    }
    return frames;
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}

const silences = new Map<string, Uint8Array | null>();

/** A frame of AAC-LC in which nothing is heard; null: none can be made for such a stream. */
export function silentAac(sampleRate: number, channels: number): Uint8Array | null {
  const key = `${sampleRate} ${channels}`;
  const known = silences.get(key);
  if (known !== undefined) return known;
  const made = makeSilence(sampleRate, channels);
  silences.set(key, made);
  return made;
}

function makeSilence(sampleRate: number, channels: number): Uint8Array | null {
  if (channels !== 1 && channels !== 2) return null;
  let encoder: AacEncoder | null = null;
  try {
    encoder = new AacEncoder(sampleRate, channels);
    const [first] = [encoder.encode(), encoder.encode(), encoder.encode()].flat().slice(1);
    return first?.data ?? null;
  } catch (error) {
    if (error instanceof MediaError) return null;
    throw error;
  } finally {
    encoder?.close();
  }
}
