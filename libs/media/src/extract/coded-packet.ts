import { splitUnits, unitType } from '@argus/footage';
import { AV_CODEC_ID_AV1, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_FIELD_PROGRESSIVE, AV_FIELD_UNKNOWN, AV_OPT_TYPE_INT, type AVCodecID } from 'node-av/constants';
import { CodecContext, type Packet, type Stream } from 'node-av/lib';
import type { CodedPicture } from './display-order.js';

/** An encoded picture with its place in the file. */
export interface CodedPacket extends CodedPicture {
  /** Its number as it was read: what the decoder is told for its time, so that pictures are known again. */
  readonly ordinal: number;
  /** null: it is not going to be decoded. */
  packet: Packet | null;
  wanted: boolean;
  /** The container says that it is damaged. */
  readonly corrupt: boolean;
}

/** Codecs of which each packet is one picture that is shown. Of others, some packets show nothing, or two pictures. */
const ONE_EACH: readonly AVCodecID[] = [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1];
export const isOnePictureEach = (stream: Stream): boolean => ONE_EACH.includes(stream.codecpar.codecId) && !isInterlaced(stream);

/** Two fields of a picture may come as two packets. */
function isInterlaced({ codecpar }: Stream): boolean {
  const context = new CodecContext();
  context.allocContext3();
  try {
    context.parametersToContext(codecpar);
    return (context.getOption('field_order', AV_OPT_TYPE_INT) ?? AV_FIELD_UNKNOWN) > AV_FIELD_PROGRESSIVE;
  } finally {
    context.freeContext();
  }
}

/** Codecs whose key frames end all reference to what was before. */
const CLEAN_KEYS: readonly AVCodecID[] = [AV_CODEC_ID_MJPEG, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1];
const H264_IDR = 5;
/** BLA and IDR: 16 to 20. */
const HEVC_CLEAN_FIRST = 16;
const HEVC_CLEAN_LAST = 20;

/** Tells key frames before which pictures can be left out without telling the decoder. */
export function cleanKeyTest({ codecpar }: Stream): (key: Packet) => boolean {
  const { codecId, extradata } = codecpar;
  if (CLEAN_KEYS.includes(codecId)) return () => true;
  if (codecId !== AV_CODEC_ID_H264 && codecId !== AV_CODEC_ID_HEVC) return () => false;
  const codec = codecId === AV_CODEC_ID_H264 ? 'h264' : 'hevc';
  // The first byte of a head in MP4's form is 1; Annex B begins with a zero.
  const lengthSize = extradata?.[0] === 1 ? 1 + ((extradata[codec === 'h264' ? 4 : 21] ?? 3) & 3) : 0;
  return ({ data }) => {
    if (data === null) return false;
    const slice = splitUnits(data, lengthSize).map((unit) => unitType(unit, codec)).find((type) => (codec === 'h264' ? type >= 1 && type <= 5 : type < 32));
    if (slice === undefined) return false;
    return codec === 'h264' ? slice === H264_IDR : slice >= HEVC_CLEAN_FIRST && slice <= HEVC_CLEAN_LAST;
  };
}
