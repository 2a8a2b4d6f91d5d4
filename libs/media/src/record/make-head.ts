import type { StreamCodec } from '@argus/contracts';
import { Box, readHead, type SegmentHead } from '@argus/footage';
import { AV_CHANNEL_ORDER_NATIVE, AV_CHANNEL_ORDER_UNSPEC, AV_CODEC_ID_AAC, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_MP3, AV_CODEC_ID_OPUS, AVFMT_FLAG_BITEXACT, AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO, type AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FormatContext, Frame, IOContext, Packet, Rational } from 'node-av/lib';
import { MediaError } from '../media-error.js';
import type { SoundFormat } from '../sound/sound-lane.js';
import { MICROSECONDS } from '../timeline.js';

/** What the head of a segment is made of. */
export interface HeadPlan {
  readonly codec: StreamCodec;
  /** Left out: there is none. */
  readonly sound?: SoundFormat | null;
  /** VPS, SPS, PPS without start codes; none for motion JPEG. */
  readonly sets: readonly Uint8Array[];
  readonly size: { readonly width: number; readonly height: number } | null;
  /** A key frame in Annex B, to be decoded where the size of the pictures is not known. */
  readonly key: Uint8Array | null;
}

const CODEC_IDS: Readonly<Record<StreamCodec, AVCodecID>> = { h264: AV_CODEC_ID_H264, hevc: AV_CODEC_ID_HEVC, mjpeg: AV_CODEC_ID_MJPEG };
const SOUND_IDS: Readonly<Record<SoundFormat['codec'], AVCodecID>> = { aac: AV_CODEC_ID_AAC, mp3: AV_CODEC_ID_MP3, opus: AV_CODEC_ID_OPUS };
/** Speakers, as the native library numbers them: front centre, front left and right; for more their number says enough. */
const MONO = 4n;
const STEREO = 3n;
const START_CODE = Buffer.of(0, 0, 0, 1);
const IO_BYTES = 64 * 1024;

/** Has the native library write it, which knows what avcC and hvcC must say. Throws MediaError. */
export async function makeHead(plan: HeadPlan): Promise<SegmentHead> {
  const { codec, sets } = plan;
  if (codec !== 'mjpeg' && sets.length === 0) throw new MediaError(`expected parameter sets of ${codec} from the camera, got none`);
  const { width, height } = plan.size ?? (await sizeOf(plan));
  const context = new FormatContext();
  const io = new IOContext();
  const written: Buffer[] = [];
  // Given to the native library as a format alone: it writes into memory.
  let code = context.allocOutputContext2(null, 'mp4', null);
  if (code < 0) throw new MediaError(`could not make an MP4 (native error ${code})`);
  try {
    io.allocContextWithCallbacks(IO_BYTES, 1, null, (bytes) => written.push(Buffer.from(bytes)) && bytes.length);
    context.pb = io;
    context.setFlags(AVFMT_FLAG_BITEXACT);
    const stream = context.newStream(null);
    stream.timeBase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
    const parameters = stream.codecpar;
    parameters.codecType = AVMEDIA_TYPE_VIDEO;
    parameters.codecId = CODEC_IDS[codec];
    if (codec === 'hevc') parameters.codecTag = 'hvc1';
    parameters.width = width;
    parameters.height = height;
    if (sets.length > 0) parameters.extradata = Buffer.concat(sets.flatMap((unit) => [START_CODE, unit]));
    if (plan.sound) addSound(context, plan.sound);
    const options = Dictionary.fromObject({ movflags: 'empty_moov+default_base_moof+frag_custom' });
    code = await context.writeHeader(options);
    options.free();
    await io.flush();
  } finally {
    context.pb = null;
    io.freeContext();
    context.freeContext();
  }
  if (code < 0) throw new MediaError(`could not write the head of a segment of ${codec} ${width}x${height} (native error ${code})`);
  const bytes = Buffer.concat(written);
  return readHead(Box.around(bytes).only('moov'), bytes);
}

function addSound(context: FormatContext, { codec, sampleRate, channels, config }: SoundFormat): void {
  const stream = context.newStream(null);
  stream.timeBase = new Rational(1, sampleRate);
  const parameters = stream.codecpar;
  parameters.codecType = AVMEDIA_TYPE_AUDIO;
  parameters.codecId = SOUND_IDS[codec];
  parameters.sampleRate = sampleRate;
  parameters.channelLayout = channels > 2 ? { nbChannels: channels, order: AV_CHANNEL_ORDER_UNSPEC, mask: 0n } : { nbChannels: channels, order: AV_CHANNEL_ORDER_NATIVE, mask: channels === 1 ? MONO : STEREO };
  if (config.length > 0) parameters.extradata = Buffer.from(config);
}

/** A camera that changes its parameter sets says its new size nowhere else in clear. */
async function sizeOf({ codec, key }: HeadPlan): Promise<{ readonly width: number; readonly height: number }> {
  const decoder = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  try {
    const found = Codec.findDecoder(CODEC_IDS[codec]);
    decoder.allocContext3(found);
    decoder.threadCount = 1;
    decoder.open2Sync(found, null);
    packet.alloc();
    frame.alloc();
    packet.data = Buffer.from(key ?? new Uint8Array(0));
    await decoder.sendPacket(packet);
    await decoder.sendPacket(null);
    const received = await decoder.receiveFrame(frame);
    const { width, height } = frame;
    if (received < 0 || width <= 0 || height <= 0) throw new MediaError('expected a key frame that tells the size of the pictures, got one that cannot be decoded');
    return { width, height };
  } finally {
    frame.free();
    packet.free();
    decoder.freeContext();
  }
}
