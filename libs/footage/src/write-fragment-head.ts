import { BOX_HEADER } from './box.js';

const KEY_FLAGS = 0x02000000;
const OTHER_FLAGS = 0x01010000;
/** Fields of a trun: data offset; per picture duration, size, flags; composition offset where pictures are reordered. */
const PLAIN = 0x000701;
const REORDERED = 0x000f01;
/** Of a trun of sound: data offset; per sample duration and size. */
const SOUND = 0x000301;
const DEFAULT_BASE_IS_MOOF = 0x020000;
const USUAL_FLAGS = 0x000020;
const SOUND_TRACK = 2;

/** The pictures of a fragment, in the order of decoding. */
export interface FragmentPictures {
  readonly ptsUs: readonly number[];
  readonly sizes: readonly number[];
  readonly keys: readonly boolean[];
  /** All of them together. */
  readonly bytes: number;
}

/** The sound of a fragment: track 2. Its samples follow the pictures. */
export interface FragmentSound {
  /** Of its first sample since the segment's start, in steps of its own clock, as the durations are. */
  readonly time: number;
  readonly durations: readonly number[];
  readonly sizes: readonly number[];
  /** All of them together. */
  readonly bytes: number;
}

/** What the head of a sound's track in a fragment takes: traf, tfhd, tfdt, and trun without its samples. */
const SOUND_HEAD_BYTES = 8 + 20 + 20 + 20;

/**
 * moof of one group, and the header of its mdat: what stands before the bytes of the pictures.
 * @param times when each picture is decoded, and after the last of them the end.
 * @param timeUs since the segment's start.
 * @param sound null, or without a sample: there is none.
 */
export function writeFragmentHead(group: FragmentPictures, times: readonly number[], sequence: number, timeUs: number, sound: FragmentSound | null = null): Buffer {
  const packets = group.sizes.length;
  const reordered = times.some((time, index) => index < packets && time !== group.ptsUs[index]);
  const trunBytes = 20 + packets * (reordered ? 16 : 12);
  const hasSound = sound !== null && sound.sizes.length > 0;
  const moofBytes = 68 + trunBytes + (hasSound ? SOUND_HEAD_BYTES + 8 * sound.sizes.length : 0);
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
  if (hasSound) writeSound(head, sound, moofBytes + BOX_HEADER + group.bytes);
  return head.box(BOX_HEADER + group.bytes + (hasSound ? sound.bytes : 0), 'mdat').bytes;
}

function writeSound(head: FieldWriter, { time, durations, sizes }: FragmentSound, dataAt: number): void {
  const samples = sizes.length * 8;
  head.box(SOUND_HEAD_BYTES + samples, 'traf').box(20, 'tfhd').u32(DEFAULT_BASE_IS_MOOF | USUAL_FLAGS).u32(SOUND_TRACK).u32(KEY_FLAGS);
  head.box(20, 'tfdt').u32(0x01000000).u64(time);
  head.box(20 + samples, 'trun').u32(SOUND).u32(sizes.length).u32(dataAt);
  for (const [index, size] of sizes.entries()) head.u32(durations[index] as number).u32(size);
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
