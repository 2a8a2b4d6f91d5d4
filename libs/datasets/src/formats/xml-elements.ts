import { TextDecoder } from 'node:util';
import { XMLParser } from 'fast-xml-parser';
import { messageOf } from '@argus/kernel';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { streamOf } from '../files/read-whole.js';

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

export interface XmlElement extends XmlNode {
  /** In the file, from 1. */
  readonly line: number;
}

/** One picture with its labels, or one track. */
const MOST_LENGTH = 64 * 2 ** 20;
const MOST_DEPTH = 32;

/** No entities but the five of XML itself and characters by number; values stay text. */
const PARSER = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, processEntities: false, trimValues: false, ignorePiTags: true, ignoreDeclaration: true });

/**
 * The elements right below the root of a file, one by one: a file of any size is read with the memory of its largest element. Throws
 * DatasetFileError, with file and line, where it is no such document; documents with a DOCTYPE are refused, and with them every
 * entity that could be declared there.
 */
export async function* xmlElements(tree: FileTree, file: string, root: string): AsyncIterable<XmlElement> {
  const cutter = new ElementCutter(file, root);
  let decoder: TextDecoder | null = null;
  for await (const chunk of streamOf(tree, file)) {
    decoder ??= decoderFor(file, chunk);
    yield* cutter.push(decode(file, decoder, chunk));
  }
  cutter.end();
}

/** Name of the root of a file; null where it is no XML. */
export async function xmlRoot(tree: FileTree, file: string): Promise<string | null> {
  let head = '';
  for await (const chunk of streamOf(tree, file)) {
    head += Buffer.from(chunk.subarray(0, 4_096)).toString('latin1');
    if (head.length >= 4_096) break;
  }
  return /^[^<]{0,8}(?:\s*<\?[^>]*\?>|\s*<!--[\s\S]*?-->|\s*<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)*\s*<([A-Za-z_][\w.-]*)/.exec(head)?.[1] ?? null;
}

function decoderFor(file: string, chunk: Uint8Array): TextDecoder {
  const said = /^[^<]{0,8}<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/.exec(Buffer.from(chunk.subarray(0, 200)).toString('latin1'))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(said, { fatal: true });
  } catch {
    throw new DatasetFileError(`${file}: line 1: the encoding ${said} is not known; expected UTF-8`, { file });
  }
}

function decode(file: string, decoder: TextDecoder, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new DatasetFileError(`${file}: expected text in ${decoder.encoding}: ${messageOf(cause)}`, { file }, { cause });
  }
}

class ElementCutter {
  readonly #file: string;
  readonly #root: string;
  readonly #open: string[] = [];
  #text = '';
  #at = 0;
  /** Where the element below the root begins, and in which line. */
  #start = -1;
  #startLine = 0;
  #line = 1;
  #done = false;

  constructor(file: string, root: string) {
    this.#file = file;
    this.#root = root;
  }

  *push(more: string): Iterable<XmlElement> {
    this.#text += more;
    for (let token = this.#token(); token; token = this.#token()) {
      const element = this.#take(token[0], token[1]);
      if (element) yield element;
    }
    // What was gone through and belongs to no open element is not needed any more.
    const drop = this.#start >= 0 ? this.#start : this.#at;
    this.#text = this.#text.slice(drop);
    this.#at -= drop;
    if (this.#start >= 0) this.#start = 0;
    if (this.#text.length > MOST_LENGTH) throw this.#error(`expected elements of at most ${MOST_LENGTH} characters`);
  }

  end(): void {
    if (!this.#done) throw this.#error(this.#open.length > 0 ? `the file ends within <${this.#open.at(-1)}>` : `expected <${this.#root}>, found no element`);
  }

  /** The next piece of markup: from `<` to behind its end. null where it is not there yet. */
  #token(): [number, number] | null {
    const from = this.#text.indexOf('<', this.#at);
    if (from < 0) return null;
    // `<!` alone does not tell what it is.
    if (this.#text.length - from < 9 && this.#text.indexOf('>', from) < 0) return null;
    const end = this.#endOf(from);
    if (end < 0) return null;
    this.#countLines(this.#at, from);
    return [from, end];
  }

  #endOf(from: number): number {
    const closing = this.#text.startsWith('<!--', from) ? '-->' : this.#text.startsWith('<![CDATA[', from) ? ']]>' : this.#text.startsWith('<?', from) ? '?>' : null;
    if (closing) {
      const end = this.#text.indexOf(closing, from);
      return end < 0 ? -1 : end + closing.length;
    }
    if (this.#text.startsWith('<!', from)) throw this.#error('a DOCTYPE is not read: it could name files or grow without end; expected a document without one');
    let quote = '';
    for (let i = from + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i]!;
      if (quote) quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === '>') return i + 1;
      else if (char === '<') throw this.#error('"<" within an element; expected ">" before it');
    }
    return -1;
  }

  #take(from: number, end: number): XmlElement | null {
    const line = this.#line;
    this.#countLines(from, end);
    this.#at = end;
    if (this.#text[from + 1] === '!' || this.#text[from + 1] === '?') return null;
    const name = /^<\/?([^\s/>]+)/.exec(this.#text.slice(from, Math.min(end, from + 200)))?.[1];
    if (!name) throw this.#error('expected the name of an element');
    const isEnd = this.#text[from + 1] === '/';
    if (isEnd && this.#open.pop() !== name) throw this.#error(`</${name}> closes nothing that is open`);
    if (!isEnd) {
      if (this.#done) throw this.#error(`<${name}> behind the end of <${this.#root}>`);
      if (this.#open.length === 0 && name !== this.#root) throw this.#error(`expected <${this.#root}>, found <${name}>`);
      if (this.#open.length === 1) [this.#start, this.#startLine] = [from, line];
      this.#open.push(name);
      if (this.#open.length > MOST_DEPTH) throw this.#error(`elements within elements: at most ${MOST_DEPTH} deep`);
      if (this.#text[end - 2] === '/') this.#open.pop();
    }
    this.#done ||= this.#open.length === 0;
    if (this.#open.length !== 1 || this.#start < 0) return null;
    const element = this.#parse(this.#text.slice(this.#start, end));
    this.#start = -1;
    return element;
  }

  #parse(text: string): XmlElement {
    try {
      const [node] = (PARSER.parse(text) as RawNode[]).map(nodeOf).filter((one) => one !== null);
      return { ...node!, line: this.#startLine };
    } catch (cause) {
      throw new DatasetFileError(`${this.#file}: line ${this.#startLine}: ${messageOf(cause)}`, { file: this.#file, line: this.#startLine }, { cause });
    }
  }

  #countLines(from: number, to: number): void {
    for (let at = this.#text.indexOf('\n', from); at >= 0 && at < to; at = this.#text.indexOf('\n', at + 1)) this.#line += 1;
    this.#at = to;
  }

  #error(what: string): DatasetFileError {
    return new DatasetFileError(`${this.#file}: line ${this.#line}: ${what}`, { file: this.#file, line: this.#line });
  }
}

type RawNode = Record<string, unknown> & { ':@'?: Record<string, string>; '#text'?: string };

function nodeOf(raw: RawNode): XmlNode | null {
  const name = Object.keys(raw).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return null;
  const inner = raw[name] as RawNode[];
  const attributes = Object.fromEntries(Object.entries(raw[':@'] ?? {}).map(([key, value]) => [key, unescapeXml(String(value))]));
  const text = inner.map((one) => one['#text'] ?? '').join('');
  return { name, attributes, children: inner.map(nodeOf).filter((one) => one !== null), text: unescapeXml(text) };
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, named) => {
    if (named) return NAMED[named.toLowerCase()]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text.trim();
}
