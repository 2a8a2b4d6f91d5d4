import { AVERROR_EAGAIN } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, type FormatContext, type Stream } from 'node-av/lib';
import { explainFailure } from './explain-failure.js';
import { ParserLag } from './sound/parser-lag.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { codecOf, pickSound, pickVideo, rateOf, type Attempt, type Input, type PictureInfo } from './video-input.js';

/** Far more than any camera sends between two key frames within the connect time-out. */
const MAX_BACKLOG = 2000;

/**
 * Reads packets until a key frame gives a picture. The library's own stream analysis is not used for connections: on garbage or
 * wrong parameter sets it was measured to go on without end, it cannot be called off, and it takes 0.8 s where this takes 0.05.
 */
export async function probePicture(plan: SourcePlan, context: FormatContext, attempt: Attempt): Promise<Input> {
  const backlog: Packet[] = [];
  const lag = plan.sound === true && plan.kind === 'rtsp' ? new ParserLag() : null;
  let decoder: ProbeDecoder | null = null;
  attempt.stage = 'waiting for packets';
  try {
    for (;;) {
      const packet = await readVideo(plan, context);
      if (attempt.givenUp) {
        packet.free();
        throw new SourceError('timeout', `${plan.name} was given up.`);
      }
      const stream = pickVideo(context, plan.sound);
      if (stream === null || packet.streamIndex !== stream.index || (backlog.length === 0 && !packet.isKeyframe)) {
        if (stream !== null && packet.streamIndex === stream.index) lag?.see(packet, stream);
        packet.free();
        if (stream !== null) attempt.stage = attempt.stage === 'undecodable' ? 'undecodable' : 'waiting for a key frame';
        continue;
      }
      lag?.see(packet, stream);
      if (packet.isKeyframe) for (const old of backlog.splice(0)) old.free();
      backlog.push(packet);
      if (!packet.isKeyframe) {
        if (backlog.length > MAX_BACKLOG) throw new SourceError('corrupt', `${plan.name} sends packets, but no picture could be decoded from them.`);
        continue;
      }
      const codec = codecOf(plan, stream);
      decoder ??= new ProbeDecoder(stream);
      const picture = decoder.tryPicture(packet);
      if (picture !== null) return { context, stream, sound: plan.sound === true ? pickSound(context) : null, lag, codec, picture, backlog };
      attempt.stage = 'undecodable';
    }
  } catch (error) {
    for (const packet of backlog) packet.free();
    throw error;
  } finally {
    decoder?.close();
  }
}

/** What to say when the time to open is up. */
export function explainDelay(plan: SourcePlan, attempt: Attempt, waitedMs: number): SourceError {
  const within = `within ${Math.round(waitedMs / 100) / 10} s`;
  switch (attempt.stage) {
    case 'connecting':
      return new SourceError('timeout', `${plan.name} did not answer ${within}.`);
    case 'waiting for packets':
      return new SourceError('timeout', `${plan.name} accepted the connection but sent no readable video ${within}.`);
    case 'waiting for a key frame':
      return new SourceError('corrupt', `${plan.name} sends data, but no usable key frame came ${within}.`);
    case 'undecodable':
      return new SourceError('corrupt', `${plan.name} sends video that cannot be decoded: its data or its parameter sets are damaged.`);
  }
}

async function readVideo(plan: SourcePlan, context: FormatContext): Promise<Packet> {
  const packet = new Packet();
  packet.alloc();
  const startedMs = performance.now();
  for (;;) {
    const code = await context.readFrame(packet);
    if (code >= 0) return packet;
    if (code === AVERROR_EAGAIN) continue;
    packet.free();
    throw await explainFailure(plan, code, performance.now() - startedMs);
  }
}

/** Decodes single key frames to see whether there is a picture, and of what size. */
class ProbeDecoder {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #stream: Stream;

  constructor(stream: Stream) {
    const codec = Codec.findDecoder(stream.codecpar.codecId);
    this.#stream = stream;
    this.#context.allocContext3(codec);
    this.#context.parametersToContext(stream.codecpar);
    this.#context.threadCount = 1;
    this.#context.open2Sync(codec, null);
    this.#frame.alloc();
  }

  tryPicture(packet: Packet): PictureInfo | null {
    this.#context.sendPacketSync(packet);
    this.#context.sendPacketSync(null);
    const received = this.#context.receiveFrameSync(this.#frame);
    const { width, height } = this.#frame;
    const reorders = this.#context.hasBFrames > 0;
    const fps = rateOf(this.#stream.avgFrameRate) ?? rateOf(this.#context.framerate);
    this.#frame.unref();
    this.#context.flushBuffers();
    return received >= 0 && width > 0 ? { width, height, fps, reorders } : null;
  }

  close(): void {
    this.#context.freeContext();
    this.#frame.free();
  }
}
