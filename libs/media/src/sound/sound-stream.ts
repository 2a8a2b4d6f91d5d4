import { AV_CODEC_ID_AAC, AV_CODEC_ID_MP3, AV_CODEC_ID_NONE, AV_CODEC_ID_OPUS, AV_CODEC_ID_PCM_ALAW, AV_CODEC_ID_PCM_MULAW, type AVCodecID } from 'node-av/constants';
import { avGetCodecName, type CodecParameters } from 'node-av/lib';
import { readAacConfig, splitAdts } from './aac-config.js';
import { readMp3Frames } from './mp3-frames.js';

export type SoundCodec = 'aac' | 'mp3' | 'opus' | 'alaw' | 'mulaw';

/** The sound that a camera sends, as far as it can be recorded. */
export interface SoundStream {
  readonly codec: SoundCodec;
  /** Steps of its clock in a second. */
  readonly sampleRate: number;
  readonly channels: number;
  /** AAC: its AudioSpecificConfig. */
  readonly config: Uint8Array;
  /** AAC: each frame comes behind a header of its own. */
  readonly adts: boolean;
}

const CODECS: ReadonlyMap<AVCodecID, SoundCodec> = new Map<AVCodecID, SoundCodec>([
  [AV_CODEC_ID_AAC, 'aac'],
  [AV_CODEC_ID_MP3, 'mp3'],
  [AV_CODEC_ID_OPUS, 'opus'],
  [AV_CODEC_ID_PCM_ALAW, 'alaw'],
  [AV_CODEC_ID_PCM_MULAW, 'mulaw'],
]);
const NOTHING = new Uint8Array(0);
/** Of a sound card. Beyond it nothing is meant. */
const MOST_RATE = 192_000;

/** The name of a codec that cannot be recorded; null: it can be. */
export function foreignSound({ codecId }: CodecParameters): string | null {
  return codecId === AV_CODEC_ID_NONE || CODECS.has(codecId) ? null : (avGetCodecName(codecId) ?? 'an unknown codec');
}

/** What a stream says of its sound, or else its first packet; null: not known yet. */
export function describeSound(parameters: CodecParameters, packet: Uint8Array | null): SoundStream | null {
  const codec = CODECS.get(parameters.codecId);
  const { sampleRate, channels } = parameters;
  switch (codec) {
    case undefined:
      return null;
    case 'aac':
      return describeAac(parameters.extradata, packet);
    case 'mp3': {
      const [first] = packet === null ? [] : readMp3Frames(packet);
      return first === undefined ? null : { codec, sampleRate: first.sampleRate, channels: first.channels, config: NOTHING, adts: false };
    }
    case 'opus':
      // Its clock has 48 kHz, whatever it was made of.
      return { codec, sampleRate: 48_000, channels: channels === 1 ? 1 : 2, config: NOTHING, adts: false };
    default:
      return sampleRate > 0 && sampleRate <= MOST_RATE && (channels === 1 || channels === 2) ? { codec, sampleRate, channels, config: NOTHING, adts: false } : null;
  }
}

function describeAac(extradata: Uint8Array | null, packet: Uint8Array | null): SoundStream | null {
  const adts = packet === null ? undefined : splitAdts(packet)[0];
  const config = adts?.config ?? (extradata === null ? undefined : Uint8Array.from(extradata));
  const read = config === undefined ? null : readAacConfig(config);
  return config === undefined || read === null ? null : { codec: 'aac', sampleRate: read.sampleRate, channels: read.channels, config, adts: adts !== undefined };
}
