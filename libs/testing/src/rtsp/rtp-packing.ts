import type { ClipCodec } from './mp4-clip.js';

/** Payload bytes at most; leaves room for headers in a 1500-byte frame. */
export const MAX_PAYLOAD = 1400;
/** `$`, channel and length of RTSP's interleaving, then the RTP header. */
export const INTERLEAVED_HEADER = 4;
export const HEADERS = INTERLEAVED_HEADER + 12;
const PAYLOAD_TYPE = 96;
const MARKER = 0x80;
const FU_A = 28;
const FU_H265 = 49;

/** All packets of one picture, interleaved and ready to be sent but for sequence, time and source: made once, sent by many. */
export interface PackedPicture {
  readonly bytes: Buffer;
  /** Where each packet begins in `bytes`. */
  readonly starts: readonly number[];
}

export interface RtpStamp {
  /** Of the first packet. */
  readonly sequence: number;
  /** 90 kHz; taken modulo 2^32. */
  readonly timestamp: number;
  readonly ssrc: number;
}

/** RTP payloads of one picture (RFC 6184, RFC 7798): a small unit as it is, a large one in fragments. */
export function payloadsOf(codec: ClipCodec, nals: readonly Buffer[]): Buffer[] {
  return nals.flatMap((nal) => (nal.length <= MAX_PAYLOAD ? [nal] : fragments(codec, nal)));
}

/** Puts payloads behind headers; the last packet carries the marker. */
export function pack(payloads: readonly Buffer[]): PackedPicture {
  const bytes = Buffer.alloc(payloads.reduce((sum, payload) => sum + HEADERS + payload.length, 0));
  const starts: number[] = [];
  let at = 0;
  for (const [index, payload] of payloads.entries()) {
    starts.push(at);
    bytes[at] = 0x24;
    bytes.writeUInt16BE(HEADERS - INTERLEAVED_HEADER + payload.length, at + 2);
    bytes[at + INTERLEAVED_HEADER] = 0x80;
    bytes[at + INTERLEAVED_HEADER + 1] = PAYLOAD_TYPE | (index === payloads.length - 1 ? MARKER : 0);
    payload.copy(bytes, at + HEADERS);
    at += HEADERS + payload.length;
  }
  return { bytes, starts };
}

/** A copy of the picture's packets as this stream sends them. */
export function stamp(picture: PackedPicture, { sequence, timestamp, ssrc }: RtpStamp): Buffer {
  const bytes = Buffer.allocUnsafe(picture.bytes.length);
  picture.bytes.copy(bytes);
  const time = modulo(timestamp, 2 ** 32);
  for (const [index, start] of picture.starts.entries()) {
    bytes.writeUInt16BE((sequence + index) & 0xffff, start + INTERLEAVED_HEADER + 2);
    bytes.writeUInt32BE(time, start + INTERLEAVED_HEADER + 4);
    bytes.writeUInt32BE(ssrc, start + INTERLEAVED_HEADER + 8);
  }
  return bytes;
}

export const modulo = (value: number, by: number): number => ((value % by) + by) % by;

function fragments(codec: ClipCodec, nal: Buffer): Buffer[] {
  const unitHeader = codec === 'h264' ? 1 : 2;
  const [first, second] = [nal[0] as number, nal[1] as number];
  const type = codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
  const head = codec === 'h264' ? [(first & 0xe0) | FU_A] : [(first & 0x81) | (FU_H265 << 1), second];
  const body = nal.subarray(unitHeader);
  const size = MAX_PAYLOAD - head.length - 1;
  return Array.from({ length: Math.ceil(body.length / size) }, (_unused, index) => {
    const start = index === 0 ? 0x80 : 0;
    const end = (index + 1) * size >= body.length ? 0x40 : 0;
    return Buffer.concat([Buffer.of(...head, start | end | type), body.subarray(index * size, (index + 1) * size)]);
  });
}
