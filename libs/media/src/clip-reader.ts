import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, avRescaleQ, Codec, CodecContext, Dictionary, FormatContext, Frame, Log, Packet, type Stream } from 'node-av/lib';
import { explainFailure } from './explain-failure.js';
import { NativeFrame } from './native-frame.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { MICROSECONDS } from './timeline.js';
import type { VideoFrame } from './video-frame.js';

// What goes wrong comes back as error codes; the native library's own words on stderr are for its makers.
Log.setLevel(AV_LOG_QUIET);

/** Every picture of a clip in the order of presentation. For offline work: any codec that the native library decodes. */
export interface ClipReader {
  readonly width: number;
  readonly height: number;
  /** Nominal pictures per second; null when the file does not say. */
  readonly fps: number | null;
  /** Length in seconds; null when the file does not say. */
  readonly seconds: number | null;
  /**
   * The caller frees each frame. `ptsUs` starts at 0 and rises. Throws SourceError `corrupt` when reading breaks off or nothing
   * could be decoded.
   */
  frames(): AsyncGenerator<VideoFrame, void, undefined>;
  close(): Promise<void>;
}

/** Opens a file of this machine that the caller may read. Throws SourceError: not-found, unsupported or corrupt. */
export async function openClip(path: string): Promise<ClipReader> {
  const plan: SourcePlan = { input: `file:${path}`, options: { protocol_whitelist: 'file' }, name: path, kind: 'file', readTimeoutMs: 30_000, silenceMs: 30_000, loop: false, startSeconds: 0, paced: false };
  const context = new FormatContext();
  const options = Dictionary.fromObject(plan.options);
  const opened = await context.openInput(plan.input, null, options);
  options.free();
  if (opened < 0) throw await explainFailure(plan, opened);
  try {
    const found = await context.findStreamInfo(null);
    if (found < 0) throw await explainFailure(plan, found);
    const stream = context.streams[context.findBestStream(AVMEDIA_TYPE_VIDEO)];
    if (stream === undefined) throw new SourceError('unsupported', `${path} has no video in it.`);
    return new NativeClip(path, plan, context, stream, openDecoder(path, stream));
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

function openDecoder(path: string, stream: Stream): CodecContext {
  const { codecId, width, height } = stream.codecpar;
  const codec = Codec.findDecoder(codecId);
  const name = avGetCodecName(codecId) ?? 'an unknown codec';
  if (codec === null) throw new SourceError('unsupported', `${path} holds ${name}, for which this build of the native library has no decoder.`);
  if (width <= 0 || height <= 0) throw new SourceError('corrupt', `${path} holds ${name}, but no picture size could be read from it.`);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  const result = decoder.open2Sync(codec, null);
  if (result < 0) throw new SourceError('corrupt', `The decoder for ${name} refused ${path} (native error ${result}).`);
  return decoder;
}

class NativeClip implements ClipReader {
  readonly width: number;
  readonly height: number;
  readonly fps: number | null;
  readonly seconds: number | null;
  readonly #scratch = new Frame();
  #firstUs: number | null = null;
  #lastUs = -1;
  #closed = false;

  constructor(
    private readonly path: string,
    private readonly plan: SourcePlan,
    private readonly context: FormatContext,
    private readonly stream: Stream,
    private readonly decoder: CodecContext,
  ) {
    const { codecpar, avgFrameRate } = stream;
    this.width = codecpar.width;
    this.height = codecpar.height;
    this.fps = avgFrameRate.num > 0 && avgFrameRate.den > 0 ? avgFrameRate.num / avgFrameRate.den : null;
    this.seconds = context.duration > 0n ? Number(context.duration) / 1e6 : null;
    this.#scratch.alloc();
  }

  async *frames(): AsyncGenerator<VideoFrame, void, undefined> {
    const packet = new Packet();
    packet.alloc();
    try {
      for (;;) {
        const code = await this.context.readFrame(packet);
        if (code === AVERROR_EAGAIN) continue;
        if (code < 0) {
          this.decoder.sendPacketSync(null);
          yield* this.#receive();
          if (code !== AVERROR_EOF) throw await explainFailure(this.plan, code);
          break;
        }
        // A damaged packet is left out; the decoder recovers at the next good picture.
        if (packet.streamIndex === this.stream.index && this.decoder.sendPacketSync(packet) >= 0) yield* this.#receive();
        packet.unref();
      }
    } finally {
      packet.free();
    }
    if (this.#lastUs < 0) throw new SourceError('corrupt', `No picture could be decoded from ${this.path}: the file is damaged or incomplete.`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#scratch.free();
    this.decoder.freeContext();
    await this.context.closeInput();
  }

  *#receive(): Generator<VideoFrame, void, undefined> {
    while (this.decoder.receiveFrameSync(this.#scratch) >= 0) {
      const frame = this.#scratch.clone();
      this.#scratch.unref();
      if (frame === null) continue;
      // The JPEG encoder refuses a frame without one.
      frame.timeBase = this.stream.timeBase;
      yield new NativeFrame(frame, this.#timeOf(frame));
    }
  }

  #timeOf(frame: Frame): number {
    const raw = frame.bestEffortTimestamp;
    const stepUs = Math.round(1e6 / (this.fps ?? 25));
    const us = raw === AV_NOPTS_VALUE ? null : Number(avRescaleQ(raw, this.stream.timeBase, MICROSECONDS));
    if (us !== null) this.#firstUs ??= us;
    const time = us === null ? this.#lastUs + stepUs : us - (this.#firstUs ?? 0);
    this.#lastUs = this.#lastUs < 0 ? Math.max(0, time) : Math.max(this.#lastUs + 1, time);
    return this.#lastUs;
  }
}
