import type { StreamCodec, StreamInfo } from '@argus/contracts';
import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_NOPTS_VALUE,
  AV_LOG_QUIET,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_STREAM_NOT_FOUND,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { avGetCodecName, avRescaleQ, Dictionary, FormatContext, Log, Packet, type CodecParameters, type Stream } from 'node-av/lib';
import { readParameterSets, type ParameterSets } from './annex-b.js';
import { codecString } from './codec-string.js';
import { explainFailure } from './explain-failure.js';
import type { MediaPacket, MediaSource } from './media-source.js';
import { NativePacket } from './native-packet.js';
import { Pacer } from './pacer.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { MICROSECONDS, Timeline } from './timeline.js';
import { deadline } from './deadline.js';

// The native library prints URLs, passwords included, to stderr. What goes wrong comes back as error codes.
Log.setLevel(AV_LOG_QUIET);

const CODECS: ReadonlyMap<number, StreamCodec> = new Map<number, StreamCodec>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
  [AV_CODEC_ID_MJPEG, 'mjpeg'],
]);

/** One opened input: its context and the video stream in it. */
interface Input {
  readonly context: FormatContext;
  readonly stream: Stream;
  readonly codec: StreamCodec;
}

/** A source read by the native demuxers. */
export class DemuxedSource implements MediaSource {
  readonly stream: StreamInfo;
  readonly codecString: string;
  readonly live: boolean;
  readonly #plan: SourcePlan;
  readonly #timeline: Timeline;
  readonly #pacer: Pacer | null;
  readonly #stampArrival: boolean;
  readonly #sets: ParameterSets;
  readonly #openedAtMs = performance.now();
  #input: Input;
  #reading: Promise<number> | null = null;
  #closed = false;

  static async open(plan: SourcePlan, connectTimeoutMs: number, signal?: AbortSignal): Promise<DemuxedSource> {
    const opening = openInput(plan);
    const late = async () => {
      const input = await opening.catch(() => null);
      await input?.context.closeInput();
    };
    const input = await deadline(opening, connectTimeoutMs, signal, late, () => new SourceError('timeout', `${plan.name} did not show a picture within ${connectTimeoutMs / 1000} s.`));
    return new DemuxedSource(plan, input);
  }

  private constructor(plan: SourcePlan, input: Input) {
    const { codecpar, avgFrameRate } = input.stream;
    const fps = avgFrameRate.num > 0 && avgFrameRate.den > 0 ? avgFrameRate.num / avgFrameRate.den : null;
    this.#plan = plan;
    this.#input = input;
    this.#sets = input.codec === 'mjpeg' ? { lengthSize: 0, units: [] } : readParameterSets(codecpar.extradata, input.codec);
    this.stream = { codec: input.codec, width: codecpar.width, height: codecpar.height, fps };
    this.codecString = codecString(input.codec, this.#sets);
    this.live = plan.kind !== 'file' || plan.paced;
    this.#timeline = new Timeline({ fps, reorders: codecpar.videoDelay > 0 });
    this.#pacer = plan.paced ? new Pacer() : null;
    this.#stampArrival = input.context.iformat?.name === 'mpjpeg';
  }

  /** What the decoder must know. */
  get parameters(): CodecParameters {
    return this.#input.stream.codecpar;
  }

  async next(): Promise<MediaPacket | null> {
    for (;;) {
      const packet = new Packet();
      packet.alloc();
      const code = await this.#read(packet);
      if (code >= 0 && packet.streamIndex === this.#input.stream.index) return this.#deliver(packet);
      packet.free();
      if (code >= 0 || code === AVERROR_EAGAIN) continue;
      if (code !== AVERROR_EOF) throw await explainFailure(this.#plan, code);
      if (!this.#plan.loop || this.#closed) return null;
      await this.#rewind();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#pacer?.cancel();
    const { context } = this.#input;
    const tidy = async () => {
      await this.#reading?.catch(() => undefined);
      await context.closeInput();
    };
    // Interrupting a blocked read has crashed the process: it is left to its time-out, and nobody waits for it.
    if (this.#reading === null) await tidy();
    else void tidy();
  }

  async #read(packet: Packet): Promise<number> {
    if (this.#closed) throw new SourceError('ended', `${this.#plan.name} was closed.`);
    const reading = this.#input.context.readFrame(packet);
    this.#reading = reading;
    const settled = () => {
      if (this.#reading === reading) this.#reading = null;
    };
    reading.then(settled, settled);
    return deadline(reading, this.#plan.silenceMs, undefined, async () => undefined, () => new SourceError('timeout', `${this.#plan.name} sent nothing for ${this.#plan.silenceMs / 1000} s.`));
  }

  async #deliver(packet: Packet): Promise<MediaPacket> {
    const ptsUs = this.#timeline.next(this.#stampArrival ? Math.round((performance.now() - this.#openedAtMs) * 1000) : this.#rawTime(packet));
    packet.pts = BigInt(ptsUs);
    packet.dts = packet.pts;
    packet.timeBase = MICROSECONDS;
    await this.#pacer?.until(ptsUs);
    return new NativePacket(packet, ptsUs, this.#input.codec, this.#sets);
  }

  #rawTime(packet: Packet): number | null {
    const time = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    return time === AV_NOPTS_VALUE ? null : Number(avRescaleQ(time, this.#input.stream.timeBase, MICROSECONDS));
  }

  /** Opening anew costs a few milliseconds and, unlike seeking, works for every format. */
  async #rewind(): Promise<void> {
    const old = this.#input;
    this.#input = await openInput({ ...this.#plan, startSeconds: 0 });
    await old.context.closeInput();
    this.#timeline.restart();
  }
}

async function openInput(plan: SourcePlan): Promise<Input> {
  const context = new FormatContext();
  const options = Dictionary.fromObject(plan.options);
  const opened = await context.openInput(plan.input, null, options);
  options.free();
  if (opened < 0) throw await explainFailure(plan, opened);
  try {
    const found = await context.findStreamInfo(null);
    if (found < 0) throw await explainFailure(plan, found);
    const index = context.findBestStream(AVMEDIA_TYPE_VIDEO);
    const stream = context.streams[index];
    if (index < 0 || stream === undefined) throw await explainFailure(plan, AVERROR_STREAM_NOT_FOUND);
    const input = { context, stream, codec: codecOf(plan, stream) };
    if (plan.startSeconds > 0) await seek(plan, input);
    return input;
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

function codecOf(plan: SourcePlan, stream: Stream): StreamCodec {
  const { codecId, width, height } = stream.codecpar;
  const codec = CODECS.get(codecId);
  if (codec === undefined) throw new SourceError('unsupported', `${plan.name} sends ${avGetCodecName(codecId) ?? 'an unknown codec'}. Expected H.264, H.265 or motion JPEG; most cameras can be set to H.264.`);
  if (width <= 0 || height <= 0) throw new SourceError('corrupt', `${plan.name} sends ${codec}, but no picture size could be read from it.`);
  return codec;
}

async function seek(plan: SourcePlan, input: Input): Promise<void> {
  const { context, stream } = input;
  const start = stream.startTime === AV_NOPTS_VALUE ? 0n : stream.startTime;
  const target = start + avRescaleQ(Math.round(plan.startSeconds * 1_000_000), MICROSECONDS, stream.timeBase);
  const code = await context.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD);
  if (code < 0) throw new SourceError('unsupported', `${plan.name} cannot be started at ${plan.startSeconds} s.`);
}
