import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AVERROR_EAGAIN, AVERROR_EOF, type AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, Frame, Rational } from 'node-av/lib';
import type { StreamCodec } from '@argus/contracts';
import { MediaError } from './media-error.js';
import type { MediaPacket, MediaSource } from './media-source.js';
import { DemuxedSource } from './demuxed-source.js';
import { NativeFrame } from './native-frame.js';
import { NativePacket } from './native-packet.js';
import { MICROSECONDS } from './timeline.js';
import type { VideoFrame } from './video-frame.js';

const CODEC_IDS: Readonly<Record<StreamCodec, AVCodecID>> = { h264: AV_CODEC_ID_H264, hevc: AV_CODEC_ID_HEVC, mjpeg: AV_CODEC_ID_MJPEG };

/**
 * Packets in, pictures out, synchronously, one thread. Every packet given is counted once: decoded into the stream, skipped
 * on purpose, or damaged. Damaged packets are never fatal; the picture comes back at the next good key frame.
 */
export class VideoDecoder {
  /**
   * all: every picture. key: key frames only, about a seventh of the work. May change at any time; going from key to all takes
   * effect at the next key frame, because pictures between would lack what they refer to.
   */
  mode: 'all' | 'key' = 'all';
  readonly counts = { decoded: 0, skipped: 0, damaged: 0 };
  #context: CodecContext | null;
  readonly #scratch = new Frame();
  #latestUs = -1;
  /** Whether everything since the last key frame was decoded, so that the next picture can refer to it. */
  #unbroken = false;

  constructor(source: MediaSource) {
    if (!(source instanceof DemuxedSource)) throw new MediaError('expected a source made by openSource');
    const context = new CodecContext();
    const codec = Codec.findDecoder(CODEC_IDS[source.stream.codec]);
    if (codec === null) throw new MediaError(`expected a decoder for ${source.stream.codec}, this build of the native library has none`);
    context.allocContext3(codec);
    context.parametersToContext(source.parameters);
    context.pktTimebase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
    context.threadCount = 1;
    const result = context.open2Sync(codec, null);
    if (result < 0) throw new MediaError(`could not open the decoder for ${source.stream.codec} (native error ${result})`);
    this.#context = context;
    this.#scratch.alloc();
  }

  /** The pictures that this packet completes: none, one, or several. The packet still belongs to the caller. */
  decode(packet: MediaPacket): VideoFrame[] {
    const context = this.#open();
    if (!(packet instanceof NativePacket)) throw new MediaError('expected a packet made by openSource');
    if (!packet.key && (this.mode === 'key' || !this.#unbroken)) {
      this.counts.skipped += 1;
      this.#unbroken = false;
      return [];
    }
    this.#unbroken = true;
    const result = context.sendPacketSync(packet.native);
    if (result < 0 && result !== AVERROR_EAGAIN) {
      this.counts.damaged += 1;
      return [];
    }
    const damagedBefore = this.counts.damaged;
    const frames = this.mode === 'all' ? this.#receive(context) : this.#drain(context);
    if (this.counts.damaged === damagedBefore) this.counts.decoded += 1;
    return frames;
  }

  /** The pictures still held back for reordering; the decoder can go on with a key frame. */
  flush(): VideoFrame[] {
    return this.#drain(this.#open());
  }

  close(): void {
    this.#context?.freeContext();
    this.#context = null;
    this.#scratch.free();
  }

  #open(): CodecContext {
    if (this.#context === null) throw new MediaError('expected an open decoder, this one was closed');
    return this.#context;
  }

  /** A lone key frame would wait for its successors in the reordering queue, seconds in key mode: push it out. */
  #drain(context: CodecContext): VideoFrame[] {
    context.sendPacketSync(null);
    const frames = this.#receive(context);
    context.flushBuffers();
    this.#unbroken = false;
    return frames;
  }

  #receive(context: CodecContext): VideoFrame[] {
    const frames: VideoFrame[] = [];
    for (;;) {
      const result = context.receiveFrameSync(this.#scratch);
      if (result < 0) {
        if (result !== AVERROR_EAGAIN && result !== AVERROR_EOF) this.counts.damaged += 1;
        return frames;
      }
      const frame = this.#scratch.clone();
      this.#scratch.unref();
      if (frame === null) throw new MediaError('no memory for a decoded picture');
      frame.timeBase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
      // RTSP gives the first packet no time: with B-frames the next few could come out at or before it.
      this.#latestUs = Math.max(Number(frame.bestEffortTimestamp), this.#latestUs + 1);
      frames.push(new NativeFrame(frame, this.#latestUs));
    }
  }
}
