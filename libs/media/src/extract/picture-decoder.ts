import { AV_FRAME_FLAG_CORRUPT, AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { CodecContext, Rational, type Frame, type Packet } from 'node-av/lib';
import { hardwareDevices } from '../hardware-devices.js';
import { framePool } from '../native-pool.js';
import { openOnDevice } from '../open-decoder.js';
import { MICROSECONDS } from '../timeline.js';
import type { VideoFile } from './open-video-file.js';
import { VideoFileError } from './video-file-error.js';

export interface DecoderOptions {
  readonly threads: number;
  readonly hardware: boolean;
}

/** A decoded picture, in native memory; whoever gets it gives it back to the pool. */
export interface DecodedPicture {
  readonly ordinal: number;
  readonly frame: Frame;
  /** The decoder said that parts of it are guessed. */
  readonly damaged: boolean;
}

/** A decoder that is broken for good says so each time. */
const MOST_ERRORS = 64;

/**
 * Decodes for throughput: with threads that work ahead, so that pictures come out several packets later. Packets are told by their ordinals, which stand in the place
 * of their times.
 */
export class PictureDecoder {
  /** Pictures that came out, wanted or not. */
  pictures = 0;
  readonly #file: VideoFile;
  readonly #options: DecoderOptions;
  readonly #onDamage: (ordinal: number) => void;
  #context: CodecContext | null = null;
  #scratch = framePool.take();
  #lastOrdinal = 0;
  /** What the decoder may leave out, as it was last told. */
  #skips = false;
  name = '';

  constructor(file: VideoFile, options: DecoderOptions, onDamage: (ordinal: number) => void) {
    this.#file = file;
    this.#options = options;
    this.#onDamage = onDamage;
  }

  /**
   * @param spare the picture is not wanted: it may be left out where no other refers to it.
   * @param wants asked with the ordinal of each picture that comes out; the others cost no more than their decoding.
   */
  decode(packet: Packet, ordinal: number, spare: boolean, wants: (ordinal: number) => boolean): DecodedPicture[] {
    const context = (this.#context ??= this.#open(packet));
    if (spare !== this.#skips) {
      this.#skips = spare;
      context.setOption('skip_frame', spare ? 'noref' : 'default');
    }
    packet.pts = BigInt(ordinal);
    packet.dts = AV_NOPTS_VALUE;
    this.#lastOrdinal = ordinal;
    const sent = context.sendPacketSync(packet);
    const pictures: DecodedPicture[] = [];
    this.#receive(context, wants, pictures);
    if (sent === AVERROR_EAGAIN) {
      // Its output was full: now it is not.
      if (context.sendPacketSync(packet) < 0) this.#onDamage(ordinal);
      this.#receive(context, wants, pictures);
    } else if (sent < 0) this.#onDamage(ordinal);
    return pictures;
  }

  /** The pictures still inside; the decoder can go on with a key frame. */
  drain(wants: (ordinal: number) => boolean): DecodedPicture[] {
    const pictures: DecodedPicture[] = [];
    if (this.#context === null) return pictures;
    this.#context.sendPacketSync(null);
    this.#receive(this.#context, wants, pictures);
    this.#context.flushBuffers();
    return pictures;
  }

  close(): void {
    this.#context?.freeContext();
    this.#context = null;
    framePool.giveBack(this.#scratch);
  }

  #receive(context: CodecContext, wants: (ordinal: number) => boolean, into: DecodedPicture[]): void {
    for (let errors = 0; errors < MOST_ERRORS; ) {
      const result = context.receiveFrameSync(this.#scratch);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      if (result < 0) {
        // With threads the error of one picture comes in the place of a later one.
        this.#onDamage(this.#lastOrdinal);
        errors += 1;
        continue;
      }
      this.pictures += 1;
      const ordinal = Number(this.#scratch.pts);
      const damaged = this.#scratch.decodeErrorFlags !== 0 || (this.#scratch.flags & AV_FRAME_FLAG_CORRUPT) !== 0;
      if (damaged) this.#onDamage(ordinal);
      if (!wants(ordinal)) continue;
      into.push({ ordinal, frame: this.#scratch, damaged });
      this.#scratch = framePool.take();
    }
  }

  #open(key: Packet): CodecContext {
    const { codec, stream, path } = this.#file;
    const { opened, problems } = openOnDevice(codec.name ?? 'video', codec, stream.codecpar, key, this.#options.hardware ? hardwareDevices().devices : []);
    if (opened !== null) {
      this.name = opened.name;
      return opened.context;
    }
    const context = new CodecContext();
    context.allocContext3(codec);
    context.parametersToContext(stream.codecpar);
    context.pktTimebase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
    context.threadCount = this.#options.threads;
    const result = context.open2Sync(codec, null);
    if (result < 0) throw new VideoFileError(`The decoder for ${codec.name} refused ${path} (native error ${result}).`, { path });
    this.name = `${codec.name} (software, ${this.#options.threads} threads${problems})`;
    return context;
  }
}
