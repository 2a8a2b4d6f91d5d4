import { messageOf } from '@argus/kernel';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { streamOf } from '../files/read-whole.js';
import { shown } from './import-problems.js';
import { shallow } from '../shallow.js';

/** items: each element of the array by itself; whole: the value in one piece; skip: not at all; stop: nothing more of the file. */
export type MemberMode = 'items' | 'whole' | 'skip' | 'stop';

export interface JsonMember {
  readonly key: string;
  /** Of the element; -1 for a whole value. */
  readonly index: number;
  readonly bytes: Buffer;
}

/** One annotation or one member that is not an array of things: a mask of 8K has 20 MB at worst. */
const MOST_BYTES = 64 * 2 ** 20;
const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d];

type Expect = 'open' | 'key' | 'key-or-end' | 'colon' | 'value' | 'member-end' | 'item' | 'item-or-end' | 'item-end' | 'nothing';

/** Cuts the members of a JSON object out of a stream of any length. What it gives is not parsed yet. */
class MemberScanner {
  readonly #file: string;
  readonly #mode: (key: string) => MemberMode;
  readonly #found: JsonMember[] = [];
  #expect: Expect = 'open';
  #key = '';
  #index = -1;
  #items = false;
  #keep = false;
  /** Within a value: how deep, 0 for none; whether in a string, and behind a backslash. */
  #inValue = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isKey = false;
  #parts: Buffer[] = [];
  #size = 0;
  #at = 0;
  stopped = false;

  constructor(file: string, mode: (key: string) => MemberMode) {
    this.#file = file;
    this.#mode = mode;
  }

  push(chunk: Buffer): JsonMember[] {
    this.#found.length = 0;
    let i = 0;
    while (i < chunk.length && !this.stopped) i = this.#inValue ? this.#value(chunk, i) : this.#between(chunk, i);
    this.#at += chunk.length;
    return [...this.#found];
  }

  end(): void {
    if (this.#expect !== 'nothing' && !this.stopped) throw this.#error(this.#at, 'the file ends in the middle');
  }

  /** One byte outside of values. */
  #between(chunk: Buffer, i: number): number {
    const byte = chunk[i]!;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return i + 1;
    // Byte order mark.
    if (this.#expect === 'open' && (byte === 0xef || byte === 0xbb || byte === 0xbf)) return i + 1;
    const next = this.#step(byte);
    if (next === 'here') return this.#begin(chunk, i);
    if (next === null) throw this.#error(this.#at + i, `expected ${WANTED[this.#expect]}, found ${shown(String.fromCharCode(byte))}`);
    this.#expect = next;
    return i + 1;
  }

  /** What is expected after this byte; `here`: a value or a key begins with it. */
  #step(byte: number): Expect | 'here' | null {
    switch (this.#expect) {
      case 'open': return byte === OPEN ? 'key-or-end' : null;
      case 'key-or-end': return byte === CLOSE ? 'nothing' : byte === QUOTE ? 'here' : null;
      case 'key': return byte === QUOTE ? 'here' : null;
      case 'colon': return byte === COLON ? this.#afterColon() : null;
      case 'value': return this.#items && byte === OPEN_LIST ? 'item-or-end' : 'here';
      case 'member-end': return byte === COMMA ? 'key' : byte === CLOSE ? 'nothing' : null;
      case 'item-or-end': return byte === CLOSE_LIST ? 'member-end' : 'here';
      case 'item': return 'here';
      case 'item-end': return byte === COMMA ? 'item' : byte === CLOSE_LIST ? 'member-end' : null;
      case 'nothing': return null;
    }
  }

  #afterColon(): Expect {
    const mode = this.#mode(this.#key);
    this.stopped = mode === 'stop';
    this.#items = mode === 'items';
    this.#keep = mode !== 'skip';
    this.#index = -1;
    return 'value';
  }

  #begin(chunk: Buffer, i: number): number {
    this.#isKey = this.#expect === 'key' || this.#expect === 'key-or-end';
    if (this.#expect === 'item' || this.#expect === 'item-or-end') this.#index += 1;
    [this.#inValue, this.#depth, this.#inString, this.#escaped, this.#size] = [true, 0, false, false, 0];
    this.#parts = [];
    return this.#value(chunk, i);
  }

  /** To the end of the value or of the chunk. */
  #value(chunk: Buffer, from: number): number {
    let [i, depth, inString, escaped] = [from, this.#depth, this.#inString, this.#escaped];
    let end = -1;
    for (; i < chunk.length; i += 1) {
      const byte = chunk[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) { end = i + 1; break; }
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        if (depth === 0) { end = i; break; }
        depth -= 1;
        if (depth === 0) { end = i + 1; break; }
      } else if (depth === 0 && (byte === COMMA || byte <= 0x20)) { end = i; break; }
    }
    [this.#depth, this.#inString, this.#escaped] = [depth, inString, escaped];
    const stop = end < 0 ? chunk.length : end;
    this.#size += stop - from;
    if (this.#keep || this.#isKey) this.#store(chunk.subarray(from, stop));
    if (end >= 0) this.#finish(end);
    return stop;
  }

  #store(part: Buffer): void {
    if (this.#size > MOST_BYTES) throw this.#error(this.#at, `expected values of at most ${MOST_BYTES} bytes`);
    this.#parts.push(part);
  }

  #finish(end: number): void {
    this.#inValue = false;
    if (this.#size === 0) throw this.#error(this.#at + end, 'expected a value, found none');
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    if (this.#isKey) {
      this.#key = parseJson(this.#file, `byte ${this.#at + end}`, bytes) as string;
      this.#isKey = false;
      this.#expect = 'colon';
      return;
    }
    if (this.#keep) this.#found.push({ key: this.#key, index: this.#index, bytes });
    this.#expect = this.#expect === 'value' ? 'member-end' : 'item-end';
  }

  #error(at: number, what: string): DatasetFileError {
    const where = this.#key ? `${this.#key}${this.#index < 0 ? '' : `[${this.#index}]`}, ` : '';
    return new DatasetFileError(`${this.#file}: ${where}byte ${at}: ${what}`, { file: this.#file, byte: at });
  }
}

const WANTED: Readonly<Record<Expect, string>> = {
  open: 'a JSON object ("{")', key: 'a name in quotes', 'key-or-end': 'a name in quotes or "}"', colon: '":"', value: 'a value', 'member-end': '"," or "}"',
  item: 'a value', 'item-or-end': 'a value or "]"', 'item-end': '"," or "]"', nothing: 'the end of the file',
};

/** The members of the object in a file that `mode` asks for, in the order of the file. */
export async function* jsonMembers(tree: FileTree, file: string, mode: (key: string) => MemberMode): AsyncIterable<JsonMember> {
  const scanner = new MemberScanner(file, mode);
  for await (const chunk of streamOf(tree, file)) {
    yield* scanner.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (scanner.stopped) return;
  }
  scanner.end();
}

/** The names of the members of the object in a file, up to the first of `enough`; null where it holds no object. */
export async function jsonKeys(tree: FileTree, file: string, enough: readonly string[]): Promise<string[] | null> {
  const keys: string[] = [];
  try {
    for await (const _ of jsonMembers(tree, file, (key) => (keys.push(key) > 1_000 || enough.includes(key) ? 'stop' : 'skip'))) break;
    return keys;
  } catch (thrown) {
    if (thrown instanceof DatasetFileError) return null;
    throw thrown;
  }
}

export function parseJson(file: string, at: string, bytes: Buffer): unknown {
  try {
    return shallow(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new DatasetFileError(`${file}: ${at}: expected JSON: ${messageOf(cause)}`, { file, at }, { cause });
  }
}
