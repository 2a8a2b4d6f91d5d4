import { badBox, BOX_HEADER, type Box } from './box.js';
import type { PictureGroup } from './picture-group.js';

const KEY_FLAGS = 0x02000000;
const OTHER_FLAGS = 0x01010000;
/** Fields of a trun: data offset; per picture duration, size, flags; composition offset where pictures are reordered. */
const PLAIN = 0x000701;
const REORDERED = 0x000f01;
const DEFAULT_BASE_IS_MOOF = 0x020000;

/** moof of one group, and the header of its mdat: what stands before the bytes of the pictures. `timeUs`: since the segment's start. */
export function writeFragmentHead(group: PictureGroup, times: readonly number[], sequence: number, timeUs: number): Buffer {
  const { packets } = group;
  const reordered = times.some((time, index) => index < packets && time !== group.ptsUs[index]);
  const trunBytes = 20 + packets * (reordered ? 16 : 12);
  const moofBytes = 68 + trunBytes;
  const head = new FieldWriter(moofBytes + BOX_HEADER);
  head.box(moofBytes, 'moof').box(16, 'mfhd').u32(0).u32(sequence);
  head.box(44 + trunBytes, 'traf').box(16, 'tfhd').u32(DEFAULT_BASE_IS_MOOF).u32(1);
  head.box(20, 'tfdt').u32(0x01000000).u64(timeUs);
  head.box(trunBytes, 'trun').u32(reordered ? REORDERED : PLAIN).u32(packets).u32(moofBytes + BOX_HEADER);
  for (let index = 0; index < packets; index += 1) {
    const time = times[index] as number;
    head.u32((times[index + 1] as number) - time).u32(group.sizes[index] as number).u32(group.keys[index] === true ? KEY_FLAGS : OTHER_FLAGS);
    if (reordered) head.u32((group.ptsUs[index] as number) - time);
  }
  return head.box(BOX_HEADER + group.bytes, 'mdat').bytes;
}

export interface FragmentHead {
  /** Since the segment's start, in steps of its clock. */
  readonly time: number;
  readonly duration: number;
  readonly packets: number;
  /** Bytes of the pictures in the mdat that follows. */
  readonly dataBytes: number;
}

/** Reads a moof as it is written above. Throws MediaError. */
export function readFragmentHead(moof: Box): FragmentHead {
  moof.only('mfhd').u32(4);
  const traf = moof.only('traf');
  const trun = traf.only('trun');
  const flags = trun.u32(0);
  if (traf.only('tfhd').u32(0) !== DEFAULT_BASE_IS_MOOF || (flags !== PLAIN && flags !== REORDERED)) throw badBox('trun', trun.at, `expected the fields of a segment (flags ${PLAIN} or ${REORDERED}), got ${flags}`);
  const packets = trun.u32(4);
  const stride = flags === REORDERED ? 16 : 12;
  if (packets === 0 || trun.body.length !== 12 + packets * stride) throw badBox('trun', trun.at, `expected ${packets} pictures in ${12 + packets * stride} bytes, got ${trun.body.length}`);
  const moofBytes = moof.body.length + BOX_HEADER;
  if (trun.u32(8) !== moofBytes + BOX_HEADER) throw badBox('trun', trun.at, `expected the pictures ${moofBytes + BOX_HEADER} bytes after the moof, got ${trun.u32(8)}`);
  if (trun.u32(20) !== KEY_FLAGS) throw badBox('trun', trun.at, 'expected a key frame first');
  let duration = 0;
  let dataBytes = 0;
  for (let at = 12; at < trun.body.length; at += stride) {
    duration += trun.u32(at);
    dataBytes += trun.u32(at + 4);
  }
  return { time: tfdtOf(traf).u64(4), duration, packets, dataBytes };
}

/** Gives a fragment in memory another place and time. */
export function moveFragment(moof: Box, sequence: number, time: number): void {
  const mfhd = moof.only('mfhd');
  mfhd.u32(4);
  mfhd.body.writeUInt32BE(sequence, 4);
  const tfdt = tfdtOf(moof.only('traf'));
  tfdt.u64(4);
  tfdt.body.writeBigUInt64BE(BigInt(time), 4);
}

function tfdtOf(traf: Box): Box {
  const tfdt = traf.only('tfdt');
  if (tfdt.u32(0) !== 0x01000000) throw badBox('tfdt', tfdt.at, `expected version 1, got ${tfdt.u32(0)}`);
  return tfdt;
}

/** Puts fields one after the other. */
class FieldWriter {
  readonly bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  box(size: number, type: string): this {
    this.u32(size);
    this.#at += this.bytes.write(type, this.#at, 'latin1');
    return this;
  }

  u32(value: number): this {
    this.#at = this.bytes.writeUInt32BE(value, this.#at);
    return this;
  }

  u64(value: number): this {
    this.#at = this.bytes.writeBigUInt64BE(BigInt(value), this.#at);
    return this;
  }
}
