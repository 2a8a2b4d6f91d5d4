import type { StreamCodec } from '@argus/contracts';
import { findSps, type ParameterSets } from './annex-b.js';

/** RFC 6381 name for WebCodecs: `avc1.PPCCLL`, `hvc1.…`; `mjpeg` for motion JPEG. Without a readable SPS a widely decodable guess. */
export function codecString(codec: StreamCodec, sets: ParameterSets): string {
  if (codec === 'mjpeg') return 'mjpeg';
  const sps = findSps(sets, codec);
  if (codec === 'h264') return sps === null || sps.byteLength < 4 ? 'avc1.640028' : `avc1.${hex(sps[1])}${hex(sps[2])}${hex(sps[3])}`;
  return sps === null ? 'hvc1.1.6.L120.B0' : hevcString(unescape(sps));
}

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0');

/** ISO/IEC 14496-15 annex E: profile space and number, compatibility (bits reversed), tier and level, constraint bytes. */
function hevcString(sps: Uint8Array): string {
  const at = 3; // two bytes of unit header, one of ids; then profile_tier_level
  const first = sps[at] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  const tier = (first >> 5) & 1 ? 'H' : 'L';
  let compatibility = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    const set = ((sps[at + 1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1;
    if (set) compatibility += 2 ** bit;
  }
  const constraints = [...sps.subarray(at + 5, at + 11)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  const level = sps[at + 11] ?? 0;
  const parts = [`${space}${first & 0x1f}`, compatibility.toString(16).toUpperCase(), `${tier}${level}`, ...constraints.map((byte) => byte.toString(16).toUpperCase())];
  return `hvc1.${parts.join('.')}`;
}

/** Takes out the emulation prevention bytes (00 00 03 becomes 00 00). */
function unescape(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, index) => !(byte === 3 && index >= 2 && unit[index - 1] === 0 && unit[index - 2] === 0));
}
