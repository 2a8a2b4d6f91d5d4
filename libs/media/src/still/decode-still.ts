import { AV_CODEC_ID_BMP, AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_WEBP, AV_LOG_QUIET, type AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, Frame, Log, Packet } from 'node-av/lib';
import { MediaError } from '../media-error.js';
import { NativeFrame } from '../native-frame.js';
import type { VideoFrame } from '../video-frame.js';
import { StillError } from './still-error.js';
import { turned, turnOf } from './upright.js';

Log.setLevel(AV_LOG_QUIET);

export type StillType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/bmp';

const CODECS: Readonly<Record<StillType, AVCodecID>> = { 'image/jpeg': AV_CODEC_ID_MJPEG, 'image/png': AV_CODEC_ID_PNG, 'image/webp': AV_CODEC_ID_WEBP, 'image/bmp': AV_CODEC_ID_BMP };
/** More than any camera gives; a few bytes can claim to be far more. */
const MOST_PIXELS = 268_435_456;

/** What the bytes are by how they begin, whatever the file is called; null: none of what we read. */
export function stillType(bytes: Uint8Array): StillType | null {
  const begins = (text: string, at = 0) => [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('RIFF') && begins('WEBP', 8)) return 'image/webp';
  return begins('BM') ? 'image/bmp' : null;
}

/** One JPEG, PNG, WebP or BMP, upright. The caller frees it. Throws StillError. */
export function decodeStill(bytes: Uint8Array): VideoFrame {
  const type = stillType(bytes);
  if (type === null) throw new StillError(`expected a JPEG, PNG, WebP or BMP, got ${bytes.byteLength} bytes that begin with ${Buffer.from(bytes.subarray(0, 8)).toString('hex') || 'nothing'}`);
  const frame = decode(bytes, type);
  const turn = turnOf(frame);
  if (turn === null) return new NativeFrame(frame, 0);
  try {
    return new NativeFrame(turned(frame, turn), 0);
  } finally {
    frame.free();
  }
}

function decode(bytes: Uint8Array, type: StillType): Frame {
  const codec = Codec.findDecoder(CODECS[type]);
  if (codec === null) throw new MediaError(`expected a decoder for ${type}, this build of the native library has none`);
  const [context, packet, frame] = [new CodecContext(), new Packet(), new Frame()];
  packet.alloc();
  frame.alloc();
  context.allocContext3(codec);
  context.threadCount = 1;
  context.setOption('max_pixels', MOST_PIXELS);
  try {
    packet.data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const opened = context.open2Sync(codec, null);
    const sent = opened < 0 ? opened : context.sendPacketSync(packet);
    if (sent >= 0) context.sendPacketSync(null);
    const received = sent < 0 ? sent : context.receiveFrameSync(frame);
    if (received >= 0 && frame.width > 0) return frame;
    frame.free();
    throw new StillError(`the ${type} of ${bytes.byteLength} bytes is damaged or cut off: no picture could be decoded (native error ${received})`);
  } finally {
    packet.free();
    context.freeContext();
  }
}
