import type { StreamInfo } from '@argus/contracts';
import { codecString, readParameterSets, type ParameterSets } from '@argus/footage';
import { AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import type { CodecParameters, Packet } from 'node-av/lib';
import { deadline } from './deadline.js';
import { explainFailure } from './explain-failure.js';
import type { MediaPacket, MediaSource } from './media-source.js';
import { NativePacket } from './native-packet.js';
import { openInput } from './open-input.js';
import { packetPool } from './native-pool.js';
import { SoundIntake } from './sound/sound-intake.js';
import type { SoundStream } from './sound/sound-stream.js';
import { Pacer } from './pacer.js';
import { explainDelay } from './probe-picture.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { Timeline } from './timeline.js';
import type { Attempt, Input } from './video-input.js';

/** A camera that sends well may have one key frame in ten seconds and more; it is not given up for that at the connect time-out. */
const KEY_FRAME_WITHIN_MS = 20_000;

/** A source read by the native demuxers. */
export class DemuxedSource implements MediaSource {
  readonly stream: StreamInfo;
  readonly codecString: string;
  readonly live: boolean;
  /** B-frames: packets do not come in the order of their times. */
  readonly reorders: boolean;
  readonly #plan: SourcePlan;
  readonly #timeline: Timeline;
  readonly #pacer: Pacer | null;
  /** Motion JPEG over HTTP carries no times: pictures are stamped when they come. */
  readonly #stampArrival: boolean;
  readonly #sets: ParameterSets;
  readonly #sound: SoundIntake | null;
  readonly #openedAtMs = performance.now();
  #input: Input;
  /** Microseconds of one step of the stream's own clock. */
  #tickUs: number;
  #reading: Promise<number> | null = null;
  #readingSinceMs = 0;
  #giveUp: ((error: Error) => void) | null = null;
  readonly #watch: NodeJS.Timeout;
  #closed = false;

  static async open(plan: SourcePlan, connectTimeoutMs: number, signal?: AbortSignal): Promise<DemuxedSource> {
    const attempt: Attempt = { givenUp: false, stage: 'connecting' };
    const opening = openInput(plan, attempt);
    const late = async () => {
      attempt.givenUp = true;
      const input = await opening.catch(() => null);
      if (input !== null) await closeInput(input);
    };
    const startedMs = performance.now();
    const onTimeout = () => {
      const waitedMs = performance.now() - startedMs;
      const moreMs = attempt.stage === 'waiting for a key frame' ? KEY_FRAME_WITHIN_MS - waitedMs : 0;
      return moreMs > 0 ? moreMs : explainDelay(plan, attempt, waitedMs);
    };
    const input = await deadline(opening, connectTimeoutMs, signal, late, onTimeout);
    return new DemuxedSource(plan, input);
  }

  private constructor(plan: SourcePlan, input: Input) {
    const { codec, picture, stream, backlog, context } = input;
    this.#plan = plan;
    this.#input = input;
    this.#tickUs = tickOf(input);
    this.#sets = codec === 'mjpeg' ? { lengthSize: 0, units: [] } : readParameterSets(stream.codecpar.extradata ?? backlog[0]?.data ?? null, codec);
    this.stream = { codec, width: picture.width, height: picture.height, fps: picture.fps };
    this.codecString = codecString(codec, this.#sets);
    this.live = plan.kind !== 'file' || plan.paced;
    this.reorders = picture.reorders;
    this.#timeline = new Timeline(picture);
    this.#sound = plan.sound === true ? new SoundIntake(this.#timeline) : null;
    this.#sound?.follow(input);
    this.#pacer = plan.paced || comesInBursts(plan, input) ? new Pacer() : null;
    this.#stampArrival = context.iformat?.name === 'mpjpeg';
    // One timer for all reads: one for each was measured to cost more than the reading.
    this.#watch = setInterval(() => this.#checkSilence(), Math.min(500, plan.silenceMs / 4)).unref();
  }

  /** What the decoder must know. */
  get parameters(): CodecParameters {
    this.#requireOpen();
    return this.#input.stream.codecpar;
  }

  /** The sound that goes along with the packets; null: none, or nothing is known of it yet. */
  get sound(): SoundStream | null {
    return this.#sound?.stream ?? null;
  }

  get foreignSound(): string | null {
    return this.#sound?.foreign ?? null;
  }

  get jumps(): number {
    return this.#timeline.jumps;
  }

  /** VPS, SPS, PPS as the stream was opened with, and the form of its packets; none for motion JPEG. */
  get parameterSets(): ParameterSets {
    return this.#sets;
  }

  async next(): Promise<MediaPacket | null> {
    this.#requireOpen();
    const waiting = this.#input.backlog.shift();
    if (waiting !== undefined) return this.#deliver(waiting);
    // Sound alone is no sign of life: the silence is that of the pictures.
    const startedMs = performance.now();
    for (;;) {
      this.#requireOpen();
      const packet = packetPool.take();
      const code = await this.#read(packet, startedMs);
      // From here on a closed source's native stream may be gone: it must not be looked at.
      if (!this.#closed && code >= 0 && packet.streamIndex === this.#input.stream.index) return this.#deliver(packet);
      if (!this.#closed && code >= 0) this.#sound?.take(packet);
      packetPool.giveBack(packet);
      this.#requireOpen();
      if (code >= 0 || code === AVERROR_EAGAIN) continue;
      if (code !== AVERROR_EOF) throw await explainFailure(this.#plan, code, performance.now() - startedMs);
      if (!this.#plan.loop) return null;
      await this.#rewind();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watch);
    this.#pacer?.cancel();
    const reading = this.#reading;
    const input = this.#input;
    // A blocked read cannot be called off safely: it is left to its time-out, and nobody waits for it.
    if (reading === null) await closeInput(input);
    else void reading.catch(() => undefined).then(() => closeInput(input));
  }

  /** Rejects when the stream is silent for too long; the native read is then left to its own time-out, and its packet to it. */
  #read(packet: Packet, startedMs: number): Promise<number> {
    if (this.#reading !== null) {
      packetPool.giveBack(packet);
      throw new SourceError('timeout', `${this.#plan.name} has not yet answered the read before.`);
    }
    const reading = this.#input.context.readFrame(packet);
    this.#reading = reading;
    this.#readingSinceMs = startedMs;
    return new Promise<number>((resolve, reject) => {
      let givenUp = false;
      this.#giveUp = (error) => {
        givenUp = true;
        this.#giveUp = null;
        reject(error);
      };
      const settle = (code: number | null, error?: unknown) => {
        if (givenUp) return packet.free();
        this.#reading = null;
        this.#giveUp = null;
        if (code === null) reject(error);
        else resolve(code);
      };
      reading.then((code) => settle(code), (error: unknown) => settle(null, error));
    });
  }

  #checkSilence(): void {
    if (this.#giveUp === null || performance.now() - this.#readingSinceMs < this.#plan.silenceMs) return;
    this.#giveUp(new SourceError('timeout', `${this.#plan.name} sent nothing for ${this.#plan.silenceMs / 1000} s.`));
  }

  #requireOpen(): void {
    if (this.#closed) throw new SourceError('ended', `${this.#plan.name} was closed.`);
  }

  #deliver(packet: Packet): MediaPacket | Promise<MediaPacket> {
    this.#sound?.see(packet);
    const ptsUs = this.#timeline.next(this.#stampArrival ? Math.round((performance.now() - this.#openedAtMs) * 1000) : this.#rawTime(packet));
    packet.pts = BigInt(ptsUs);
    packet.dts = AV_NOPTS_VALUE;
    const delivered = new NativePacket(packet, ptsUs, this.#input.codec, this.#sets, this.#sound?.give());
    return this.#pacer === null ? delivered : this.#pacer.until(ptsUs).then(() => delivered);
  }

  #rawTime(packet: Packet): number | null {
    const { pts } = packet;
    const time = pts === AV_NOPTS_VALUE ? packet.dts : pts;
    return time === AV_NOPTS_VALUE ? null : Math.round(Number(time) * this.#tickUs);
  }

  /** Opening anew costs a few milliseconds and, unlike seeking, works for every format. */
  async #rewind(): Promise<void> {
    const input = await openInput({ ...this.#plan, startSeconds: 0 });
    if (this.#closed) {
      await closeInput(input);
      return;
    }
    const old = this.#input;
    this.#input = input;
    this.#tickUs = tickOf(input);
    await closeInput(old);
    this.#timeline.restart();
    this.#sound?.follow(input);
  }
}

function tickOf({ stream }: Input): number {
  const { num, den } = stream.timeBase;
  return (num * 1_000_000) / den;
}

/** HLS comes in segments of seconds, and a finished clip over HTTP as fast as the network: both are played at their own speed. */
function comesInBursts(plan: SourcePlan, { context }: Input): boolean {
  return plan.kind === 'http' && (context.duration > 0n || (context.iformat?.name ?? '').includes('hls'));
}

/** Never throws: what cannot be closed is only reported by the native library, and that is silenced. */
async function closeInput(input: Input): Promise<void> {
  for (const packet of input.backlog.splice(0)) packet.free();
  await input.context.closeInput();
}
