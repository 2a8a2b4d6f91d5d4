import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, type AVCodecID, type AVPixelFormat } from 'node-av/constants';
import { Codec, CodecContext, Frame, Rational, type CodecParameters, type Packet } from 'node-av/lib';
import type { StreamCodec } from '@argus/contracts';
import type { HardwareDevice } from './hardware-devices.js';
import { MediaError } from './media-error.js';
import { MICROSECONDS } from './timeline.js';

const CODEC_IDS: Readonly<Record<StreamCodec, AVCodecID>> = { h264: AV_CODEC_ID_H264, hevc: AV_CODEC_ID_HEVC, mjpeg: AV_CODEC_ID_MJPEG };

export interface OpenDecoder {
  readonly context: CodecContext;
  /** In hardware: opening it is dear. */
  readonly onDevice: boolean;
  /** For people: `h264 (vaapi)`, `h264 (software)`, or `h264 (software; vaapi: why not)` where a device is there and did not do. */
  readonly name: string;
}

/**
 * A decoder for a stream, in hardware where one of the devices gives a picture of this very key frame, else in software.
 * Throws MediaError when there is none.
 */
export function openDecoder(name: StreamCodec, parameters: CodecParameters, key: Packet, devices: readonly HardwareDevice[]): OpenDecoder {
  const codec = Codec.findDecoder(CODEC_IDS[name]);
  if (codec === null) throw new MediaError(`expected a decoder for ${name}, this build of the native library has none`);
  const { opened, problems } = openOnDevice(name, codec, parameters, key, devices);
  if (opened !== null) return opened;
  const context = contextOf(codec, parameters);
  const result = context.open2Sync(codec, null);
  if (result < 0) throw new MediaError(`could not open the decoder for ${name} (native error ${result})`);
  return { context, onDevice: false, name: `${name} (software${problems})` };
}

/** A decoder on the first device that gives a picture of this key frame; null: none does, and `problems` says why. */
export function openOnDevice(name: string, codec: Codec, parameters: CodecParameters, key: Packet, devices: readonly HardwareDevice[]): { opened: OpenDecoder | null; problems: string } {
  let problems = '';
  for (const device of devices) {
    const opened = tryDevice(codec, parameters, key, device);
    if (typeof opened !== 'string') return { opened: { context: opened, onDevice: true, name: `${name} (${device.name})` }, problems };
    problems += `; ${device.name}: ${opened}`;
  }
  return { opened: null, problems };
}

/** The picture in memory that the processor can read. Takes the frame over. */
export function softwareFrame(frame: Frame): Frame {
  if (!frame.isHwFrame()) return frame;
  const copy = new Frame();
  copy.alloc();
  const result = frame.hwframeTransferDataSync(copy);
  copy.copyProps(frame);
  frame.free();
  if (result >= 0) return copy;
  copy.free();
  throw new MediaError(`could not fetch a picture from the decoding device (native error ${result})`);
}

function contextOf(codec: Codec, parameters: CodecParameters): CodecContext {
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(parameters);
  context.pktTimebase = new Rational(MICROSECONDS.num, MICROSECONDS.den);
  context.threadCount = 1;
  return context;
}

/** The opened decoder once it has given a picture, or why it did not. */
function tryDevice(codec: Codec, parameters: CodecParameters, key: Packet, device: HardwareDevice): CodecContext | string {
  const format = hardwareFormat(codec, device);
  if (format === null) return 'does not decode this codec';
  const context = contextOf(codec, parameters);
  context.hwDeviceCtx = device.context;
  context.setHardwarePixelFormat(format);
  const frame = new Frame();
  frame.alloc();
  const opened = context.open2Sync(codec, null);
  const sent = opened < 0 ? opened : context.sendPacketSync(key);
  if (sent >= 0) context.sendPacketSync(null);
  const received = sent < 0 ? sent : context.receiveFrameSync(frame);
  const proven = received >= 0 && frame.isHwFrame() && frame.width > 0;
  frame.free();
  if (proven) {
    context.flushBuffers();
    return context;
  }
  context.freeContext();
  return received < 0 ? `gave no picture of this stream (native error ${received})` : 'left this stream to software';
}

function hardwareFormat(codec: Codec, device: HardwareDevice): AVPixelFormat | null {
  for (let index = 0; ; index += 1) {
    const config = codec.getHwConfig(index);
    if (config === null) return null;
    if (config.deviceType === device.type) return config.pixFmt;
  }
}
