import { FootageFileError } from './footage-file-error.js';

/** Size and type stand before each box. */
export const BOX_HEADER = 8;

/** A box of an MP4 file in memory. What it does not hold is an error that names the box and its place in the file. */
export class Box {
  /**
   * @param at where the box begins in the file.
   * @param body a view of what follows its header: what is written to it is written to the file's bytes.
   */
  constructor(
    readonly type: string,
    readonly at: number,
    readonly body: Buffer,
  ) {}

  /** A whole file, or a stretch of it from `at` on, as if a box were around it. */
  static around(bytes: Buffer, at = 0): Box {
    return new Box('file', at - BOX_HEADER, bytes);
  }

  /** The boxes inside, behind `skip` bytes of fields. */
  children(skip = 0): Box[] {
    const boxes: Box[] = [];
    for (let at = skip; at < this.body.length; ) {
      const place = this.at + BOX_HEADER + at;
      if (at + BOX_HEADER > this.body.length) throw badBox(this.type, place, `expected a box, got ${this.body.length - at} bytes`);
      const { size, type } = readBoxHeader(this.body, at, place);
      if (at + size > this.body.length) throw badBox(type, place, `expected at most ${this.body.length - at} bytes within ${this.type}, got ${size}`);
      boxes.push(new Box(type, place, this.body.subarray(at + BOX_HEADER, at + size)));
      at += size;
    }
    return boxes;
  }

  /** The boxes of this type inside. */
  all(type: string): Box[] {
    return this.children().filter((box) => box.type === type);
  }

  /** The one box of this type inside. */
  only(type: string): Box {
    const found = this.all(type);
    if (found.length !== 1) throw badBox(this.type, this.at, `expected one ${type} in it, got ${found.length}`);
    return found[0] as Box;
  }

  u16(at: number): number {
    return this.#have(at, 2).readUInt16BE(at);
  }

  u32(at: number): number {
    return this.#have(at, 4).readUInt32BE(at);
  }

  /** Four letters. */
  text(at: number): string {
    return this.#have(at, 4).toString('latin1', at, at + 4);
  }

  /** 64 bits, as far as a number is exact. */
  u64(at: number): number {
    const value = Number(this.#have(at, 8).readBigUInt64BE(at));
    if (!Number.isSafeInteger(value)) throw badBox(this.type, this.at, `expected a number below 2^53, got ${value}`);
    return value;
  }

  #have(at: number, length: number): Buffer {
    if (at + length > this.body.length) throw badBox(this.type, this.at, `expected at least ${at + length} bytes in it, got ${this.body.length}`);
    return this.body;
  }
}

/** Size and type of the box at `at`. Sizes of 64 bits and "up to the end" occur in no segment. */
export function readBoxHeader(bytes: Buffer, at: number, place: number): { readonly size: number; readonly type: string } {
  const size = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (size < BOX_HEADER) throw badBox(type, place, `expected a size of at least ${BOX_HEADER}, got ${size}`);
  return { size, type };
}

/** `type` comes from the file, so only what can be printed of it is shown. */
export function badBox(type: string, offset: number, problem: string): FootageFileError {
  const box = type.replace(/[^ -~]/g, '?');
  return new FootageFileError(`box ${box} at byte ${offset}: ${problem}`, { box, offset });
}
