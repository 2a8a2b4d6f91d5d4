import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Rational, type CodecContext, type Packet } from 'node-av/lib';
import { framePool } from './native-pool.js';
import { hardwareDevices } from './hardware-devices.js';
import { MediaError } from './media-error.js';
import type { MediaPacket, MediaSource } from './media-source.js';
import { DemuxedSource } from './demuxed-source.js';
import { NativeFrame } from './native-frame.js';
import { NativePacket } from './native-packet.js';
import { openDecoder, softwareFrame, type OpenDecoder } from './open-decoder.js';
import { MICROSECONDS } from './timeline.js';
import type { VideoFrame } from './video-frame.js';

const TIME_BASE = new Rational(MICROSECONDS.num, MICROSECONDS.den);
const NOTHING: readonly VideoFrame[] = [];
const EVERY = (): boolean => true;
/** A key frame of 230 kB at 1280x720 takes 14 ms on one core, one of 20 kB takes 6, and each picture of 3840x2160 about 15. */
const HEAVY_BYTES = 64 * 1024;
const HEAVY_PIXELS = 4_000_000;

/**
 * Packets in, pictures out, synchronously, one thread. The caller may leave out any packets it likes: it says so by `missed`.
 * Damaged packets are never fatal; the picture comes back at the next good key frame.
 */
export class VideoDecoder {
  /** pictures: those that came out, wanted or not; damaged: packets that were refused; keyWait: those whose references are missing. */
  readonly counts = { pictures: 0, damaged: 0, keyWait: 0 };
  /** Pictures come out in another order than packets go in. */
  readonly reorders: boolean;
  readonly #source: DemuxedSource;
  #opened: OpenDecoder | null = null;
  #closed = false;
  #scratch = framePool.take();
  #latestUs = -1;
  /** Of the newest picture that was wanted; a camera may change its size. */
  #pixels: number;
  /** Whether everything since the last key frame was decoded, so that the next picture can refer to it. */
  #unbroken = false;

  /** @param hardware decode on a device of this machine, where one proves itself. */
  constructor(
    source: MediaSource,
    private readonly hardware = false,
  ) {
    if (!(source instanceof DemuxedSource)) throw new MediaError('expected a source made by openSource');
    this.#source = source;
    this.reorders = source.reorders;
    this.#pixels = source.stream.width * source.stream.height;
  }

  /** What decodes, e.g. `h264 (software)`; null before the first key frame. */
  get name(): string | null {
    return this.#opened?.name ?? null;
  }

  /** Packets after the last key frame can follow: none was left out since. */
  get canContinue(): boolean {
    return this.#unbroken;
  }

  /**
   * The pictures that this packet completes and that are wanted: none, one, or several. Pictures that nobody wants cost no more than
   * their decoding. The packet still belongs to the caller.
   */
  decode(packet: MediaPacket, wants: (ptsUs: number) => boolean = EVERY): readonly VideoFrame[] {
    const context = this.#contextFor(packet);
    return context === null ? NOTHING : this.#answer(context, context.sendPacketSync(nativePacket(packet)), wants);
  }

  /** Like `decode`, but in a native thread: for what would hold this one up. Until it resolves nothing else may be asked of this decoder. */
  async decodeAside(packet: MediaPacket, wants: (ptsUs: number) => boolean = EVERY): Promise<readonly VideoFrame[]> {
    const context = this.#contextFor(packet);
    return context === null ? NOTHING : this.#answer(context, await context.sendPacket(nativePacket(packet)), wants);
  }

  /** Whether the packet is large enough to take many milliseconds. */
  isHeavy({ byteLength }: MediaPacket): boolean {
    return byteLength >= HEAVY_BYTES || this.#pixels >= HEAVY_PIXELS;
  }

  /**
   * A key frame whose successors are left out. Where the decoder would hold it back to put pictures in order, seconds here, it is
   * pushed out, and the next packet must be a key frame again.
   */
  decodeAlone(packet: MediaPacket, wants: (ptsUs: number) => boolean = EVERY): readonly VideoFrame[] {
    const before = this.counts.pictures;
    const frames = this.decode(packet, wants);
    return this.counts.pictures > before ? frames : this.flush(wants);
  }

  /** Like `decodeAlone`, as `decodeAside` is like `decode`. */
  async decodeAloneAside(packet: MediaPacket, wants: (ptsUs: number) => boolean = EVERY): Promise<readonly VideoFrame[]> {
    const before = this.counts.pictures;
    const frames = await this.decodeAside(packet, wants);
    return this.counts.pictures > before ? frames : this.flush(wants);
  }

  /** A packet was left out: until the next key frame there is nothing to refer to. */
  missed(): void {
    this.#unbroken = false;
  }

  /** The pictures still held back for reordering; the decoder can go on with a key frame. */
  flush(wants: (ptsUs: number) => boolean = EVERY): readonly VideoFrame[] {
    this.#unbroken = false;
    if (this.#opened === null) return NOTHING;
    const { context } = this.#opened;
    context.sendPacketSync(null);
    const frames = this.#receive(context, wants);
    context.flushBuffers();
    return frames;
  }

  /** Gives the native decoder and its pictures back; the next key frame opens another one. One on a device is kept: to open it is dear. */
  rest(): void {
    this.#unbroken = false;
    if (this.#opened?.onDevice === true) this.#opened.context.flushBuffers();
    else this.#free();
  }

  close(): void {
    if (this.#closed) return;
    this.#free();
    this.#closed = true;
    framePool.giveBack(this.#scratch);
  }

  #free(): void {
    this.#opened?.context.freeContext();
    this.#opened = null;
  }

  /** Ready for this packet; null: its references are missing. */
  #contextFor(packet: MediaPacket): CodecContext | null {
    if (this.#closed) throw new MediaError('expected an open decoder, this one was closed');
    if (!packet.key && !this.#unbroken) {
      this.counts.keyWait += 1;
      return null;
    }
    this.#opened ??= openDecoder(this.#source.stream.codec, this.#source.parameters, nativePacket(packet), this.hardware ? hardwareDevices().devices : []);
    this.#unbroken = true;
    return this.#opened.context;
  }

  #answer(context: CodecContext, sent: number, wants: (ptsUs: number) => boolean): readonly VideoFrame[] {
    if (sent >= 0 || sent === AVERROR_EAGAIN) return this.#receive(context, wants);
    this.counts.damaged += 1;
    return NOTHING;
  }

  #receive(context: CodecContext, wants: (ptsUs: number) => boolean): readonly VideoFrame[] {
    let frames: VideoFrame[] | null = null;
    for (;;) {
      const result = context.receiveFrameSync(this.#scratch);
      if (result < 0) {
        if (result !== AVERROR_EAGAIN && result !== AVERROR_EOF) this.counts.damaged += 1;
        return frames ?? NOTHING;
      }
      this.counts.pictures += 1;
      // RTSP gives the first packet no time: with B-frames the next few could come out at or before it.
      this.#latestUs = Math.max(Number(this.#scratch.bestEffortTimestamp), this.#latestUs + 1);
      if (!wants(this.#latestUs)) continue;
      // Handed out itself instead of a copy of it: each picture in native memory weighs on the garbage collector.
      const taken = this.#scratch;
      this.#scratch = framePool.take();
      const frame = softwareFrame(taken);
      this.#pixels = frame.width * frame.height;
      frame.timeBase = TIME_BASE;
      (frames ??= []).push(new NativeFrame(frame, this.#latestUs));
    }
  }
}

function nativePacket(packet: MediaPacket): Packet {
  if (!(packet instanceof NativePacket)) throw new MediaError('expected a packet made by openSource');
  return packet.native;
}
