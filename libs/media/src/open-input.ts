import type { StreamCodec } from '@argus/contracts';
import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AVDISCARD_ALL,
  AVERROR_STREAM_NOT_FOUND,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { avGetCodecName, avRescaleQ, Dictionary, FormatContext, Log, type Packet, type Stream } from 'node-av/lib';
import { explainFailure } from './explain-failure.js';
import { probePicture } from './probe-picture.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { MICROSECONDS } from './timeline.js';

// The native library prints URLs, passwords included, to stderr. What goes wrong comes back as error codes.
Log.setLevel(AV_LOG_QUIET);

const CODECS: ReadonlyMap<number, StreamCodec> = new Map<number, StreamCodec>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
  [AV_CODEC_ID_MJPEG, 'mjpeg'],
]);

/** What is known of a video stream once a picture of it was seen. */
export interface PictureInfo {
  readonly width: number;
  readonly height: number;
  readonly fps: number | null;
  /** B-frames: packets do not come in the order of their times. */
  readonly reorders: boolean;
}

/** An opened input and the video stream in it. */
export interface Input {
  readonly context: FormatContext;
  readonly stream: Stream;
  readonly codec: StreamCodec;
  readonly picture: PictureInfo;
  /** Packets that were read to see the picture, from the first key frame on; they come first. */
  readonly backlog: Packet[];
}

/** One try to open. Native calls cannot be called off; the steps between them look at `givenUp` and stop. */
export interface Attempt {
  givenUp: boolean;
  /** How far it came, for the message when time is up. */
  stage: 'connecting' | 'waiting for packets' | 'waiting for a key frame' | 'undecodable';
}

/** Opens an input up to a proven picture. Throws SourceError; leaves nothing open then. */
export async function openInput(plan: SourcePlan, attempt: Attempt = { givenUp: false, stage: 'connecting' }): Promise<Input> {
  const context = new FormatContext();
  const options = Dictionary.fromObject(plan.options);
  const startedMs = performance.now();
  const opened = await context.openInput(plan.input, null, options);
  options.free();
  if (opened < 0) throw await explainFailure(plan, opened, performance.now() - startedMs);
  try {
    return plan.kind === 'file' ? await findInFile(plan, context) : await probePicture(plan, context, attempt);
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

/** The codec, when it is one of ours; throws SourceError when it is not. */
export function codecOf(plan: SourcePlan, stream: Stream): StreamCodec {
  const { codecId } = stream.codecpar;
  const codec = CODECS.get(codecId);
  if (codec !== undefined) return codec;
  throw new SourceError('unsupported', `${plan.name} sends ${avGetCodecName(codecId) ?? 'an unknown codec'}. Expected H.264, H.265 or motion JPEG; most cameras can be set to H.264.`);
}

/** The best video stream so far; the others are not read. null: none yet. */
export function pickVideo(context: FormatContext): Stream | null {
  const best = context.findBestStream(AVMEDIA_TYPE_VIDEO);
  if (best < 0) return null;
  const { streams } = context;
  for (const stream of streams) if (stream.index !== best) stream.discard = AVDISCARD_ALL;
  return streams[best] ?? null;
}

/** Frames per second as the stream says; null when it does not. */
export function rateOf(rate: { readonly num: number; readonly den: number }): number | null {
  return rate.num > 0 && rate.den > 0 ? rate.num / rate.den : null;
}

/** Files are finite and at hand: the native analysis is quick and knows most. */
async function findInFile(plan: SourcePlan, context: FormatContext): Promise<Input> {
  const found = await context.findStreamInfo(null);
  if (found < 0) throw await explainFailure(plan, found);
  const stream = pickVideo(context);
  if (stream === null) throw await explainFailure(plan, AVERROR_STREAM_NOT_FOUND);
  const codec = codecOf(plan, stream);
  const { width, height, videoDelay } = stream.codecpar;
  if (width <= 0 || height <= 0) throw new SourceError('corrupt', `${plan.name} holds ${codec}, but no picture could be read from it.`);
  if (plan.startSeconds > 0) await seek(plan, context, stream);
  return { context, stream, codec, picture: { width, height, fps: rateOf(stream.avgFrameRate), reorders: videoDelay > 0 }, backlog: [] };
}

async function seek(plan: SourcePlan, context: FormatContext, stream: Stream): Promise<void> {
  const start = stream.startTime === AV_NOPTS_VALUE ? 0n : stream.startTime;
  const target = start + avRescaleQ(Math.round(plan.startSeconds * 1_000_000), MICROSECONDS, stream.timeBase);
  const code = await context.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD);
  if (code < 0) throw new SourceError('unsupported', `${plan.name} cannot be started at ${plan.startSeconds} s.`);
}
