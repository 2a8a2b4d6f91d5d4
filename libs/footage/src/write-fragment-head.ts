import { BOX_HEADER } from './box.js';

const KEY_FLAGS = 0x02000000;
const OTHER_FLAGS = 0x01010000;
/** Fields of a trun: data offset; per picture duration, size, flags; composition offset where pictures are reordered. */
const PLAIN = 0x000701;
const REORDERED = 0x000f01;
const DEFAULT_BASE_IS_MOOF = 0x020000;

/** The pictures of a fragment, in the order of decoding. */
export interface FragmentPictures {
  readonly ptsUs: readonly number[];
  readonly sizes: readonly number[];
  readonly keys: readonly boolean[];
  /** All of them together. */
  readonly bytes: number;
}

/**
 * moof of one group, and the header of its mdat: what stands before the bytes of the pictures.
 * @param times when each picture is decoded, and after the last of them the end.
 * @param timeUs since the segment's start.
 */
export function writeFragmentHead(group: FragmentPictures, times: readonly number[], sequence: number, timeUs: number): Buffer {
  const packets = group.sizes.length;
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
