import { randomBytes, randomInt } from 'node:crypto';
import type { ClipCodec } from './mp4-clip.js';
import { HEADERS, INTERLEAVED_HEADER, MAX_PAYLOAD, type PackedPicture } from './rtp-packing.js';

/**
 * What a camera does wrong, from the next picture or request on.
 * Connections. refuse: closes each one at its first question. hang-up: closes each one after some pictures. power-cut: all fall
 * silent without being closed, and new ones are not answered. stall: answers, but sends no picture.
 * Times. flood: ten times as many pictures a second, its clock runs ten times as fast. burst: half a second of silence at each key
 * frame, then all at once. pts-forward, pts-back: an hour at every key frame. pts-wrap: the 32-bit counter wraps half a second
 * after every key frame. ssrc-change: a new source and sequence at every key frame.
 * Pictures. wrong-sps: announces and sends parameter sets of another picture. no-keys: key frames are left out. resolution: from
 * the next key frame on pictures of another size. codec-mid-session: H.265 in sessions that were announced as H.264; new ones are
 * announced rightly. codec-reconnect: closes all, and is an H.265 camera from then on (back likewise).
 * Bytes. garbage: every payload is random. bit-flips: some bits of many packets are turned. wrong-length: aggregates whose lengths are
 * not those of their units. truncated: fragments without their ends. broken-framing: lengths of interleaved packets that lie.
 */
export const RTSP_FAULTS = [
  'none',
  'refuse', 'hang-up', 'power-cut', 'stall',
  'flood', 'burst', 'pts-forward', 'pts-back', 'pts-wrap', 'ssrc-change',
  'wrong-sps', 'no-keys', 'resolution', 'codec-mid-session', 'codec-reconnect',
  'garbage', 'bit-flips', 'wrong-length', 'truncated', 'broken-framing',
] as const;
export type RtspFault = (typeof RTSP_FAULTS)[number];

/** A baseline 64x48 SPS that has nothing to do with any clip. */
export const FOREIGN_SPS = Buffer.from('6742c00ad90446d9', 'hex');

const STAP_A = 24;
const AGGREGATE_H265 = 48;
const WRONG_BY = 1000;

/** What a faulty camera makes of a picture's payloads, before they get headers. */
export function damagePayloads(fault: RtspFault, codec: ClipCodec, payloads: readonly Buffer[]): readonly Buffer[] {
  if (fault === 'wrong-length') return payloads.map((payload, index) => wronglyAggregated(codec, payload, index % 2 === 0));
  if (fault === 'truncated') return payloads.length === 1 ? payloads.map(firstHalf) : payloads.slice(0, Math.ceil(payloads.length / 2));
  return payloads;
}

/** What a faulty camera makes of stamped packets, in place. */
export function damageBytes(fault: RtspFault, picture: PackedPicture, bytes: Buffer): void {
  if (fault === 'garbage') for (const [from, to] of packetsOf(picture)) randomBytes(to - from - HEADERS).copy(bytes, from + HEADERS);
  if (fault === 'bit-flips') for (const [from, to] of packetsOf(picture)) if (randomInt(4) === 0) flipBit(bytes, from, to);
  if (fault === 'broken-framing') {
    const start = picture.starts[randomInt(picture.starts.length)] as number;
    bytes.writeUInt16BE(randomInt(INTERLEAVED_HEADER + 12, MAX_PAYLOAD), start + 2);
  }
}

function packetsOf({ bytes, starts }: PackedPicture): (readonly [from: number, to: number])[] {
  return starts.map((start, index) => [start, starts[index + 1] ?? bytes.length]);
}

/** Turns one bit of the payload, past the bytes that say which unit this is. */
function flipBit(bytes: Buffer, from: number, to: number): void {
  if (to - from < HEADERS + 28) return;
  const at = randomInt(from + HEADERS + 8, to);
  bytes[at] = (bytes[at] as number) ^ (1 << randomInt(8));
}

function wronglyAggregated(codec: ClipCodec, payload: Buffer, tooLong: boolean): Buffer {
  const unit = payload.subarray(0, MAX_PAYLOAD - 4);
  const head = codec === 'h264' ? Buffer.of(STAP_A | 0x60) : Buffer.of(AGGREGATE_H265 << 1, 1);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(tooLong ? unit.length + WRONG_BY : Math.floor(unit.length / 2));
  return Buffer.concat([head, length, unit]);
}

const firstHalf = (payload: Buffer): Buffer => payload.subarray(0, Math.ceil(payload.length / 2));
