import type { StreamCodec } from '@argus/contracts';
import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, type FormatContext, type Packet, type Stream } from 'node-av/lib';
import type { ParserLag } from './sound/parser-lag.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';

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
  /** null: there is none so far, or it is not wanted. */
  readonly sound: Stream | null;
  /** Whether times come late; null: they do not, or nobody needs to know. */
  readonly lag: ParserLag | null;
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

/** The codec, when it is one of ours; throws SourceError when it is not. */
export function codecOf(plan: SourcePlan, stream: Stream): StreamCodec {
  const { codecId } = stream.codecpar;
  const codec = CODECS.get(codecId);
  if (codec !== undefined) return codec;
  throw new SourceError('unsupported', `${plan.name} sends ${avGetCodecName(codecId) ?? 'an unknown codec'}. Expected H.264, H.265 or motion JPEG; most cameras can be set to H.264.`);
}

/** The best video stream so far; the others are not read, but for sound where it is wanted. null: none yet. */
export function pickVideo(context: FormatContext, sound = false): Stream | null {
  const best = context.findBestStream(AVMEDIA_TYPE_VIDEO);
  if (best < 0) return null;
  const { streams } = context;
  for (const stream of streams) if (stream.index !== best && !(sound && stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO)) stream.discard = AVDISCARD_ALL;
  return streams[best] ?? null;
}

/** The first stream of sound so far; the others are not read from here on. null: none. */
export function pickSound(context: FormatContext): Stream | null {
  const [first, ...others] = context.streams.filter(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  for (const stream of others) stream.discard = AVDISCARD_ALL;
  return first ?? null;
}

/** Frames per second as the stream says; null when it does not. */
export function rateOf(rate: { readonly num: number; readonly den: number }): number | null {
  return rate.num > 0 && rate.den > 0 ? rate.num / rate.den : null;
}
