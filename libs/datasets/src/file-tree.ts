import { DatasetFileError } from './errors.js';

/** Files to be read, whatever they lie in: a folder or an archive. Names are relative, with `/`, checked: none leads out of it. */
export interface FileTree {
  /** Every file, in the order in which it is stored; `bytes` as far as it is known without reading. */
  files(): AsyncIterable<{ readonly path: string; readonly bytes: number }>;
  /** Throws DatasetFileError where there is no such file, or it is larger than `mostBytes`. */
  read(path: string, mostBytes?: number): Promise<Uint8Array>;
  /** The file piece by piece, for what is too large for `read`. A tree without it is read in one piece. */
  stream?(path: string): AsyncIterable<Uint8Array>;
  has(path: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Bytes of a file as they lie on the disk. */
export interface FilePlace {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** An archive in which other ones may lie. */
export interface Container extends FileTree {
  /** As messages call it. */
  readonly name: string;
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Where a file lies as it is; null: it is packed. */
  placeOf(path: string): Promise<FilePlace | null>;
}

/** Bytes that are fetched when they are written, and not at all where they are written already. */
export interface LateBytes {
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

export type FileContent = Uint8Array | (() => Promise<Uint8Array>) | AsyncIterable<Uint8Array | LateBytes>;

/** Files to be written, one after the other: the same ones in the same order where a set is written again. */
export interface FileSink {
  write(path: string, content: FileContent): Promise<void>;
}

/** All of a content, piece by piece. */
export async function* piecesOfContent(content: FileContent): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else if (typeof content === 'function') yield await content();
  else for await (const piece of content) yield piece instanceof Uint8Array ? piece : await fetched(piece);
}

/** Its length may be written already. */
export async function fetched(piece: LateBytes): Promise<Uint8Array> {
  const content = await piece.read();
  if (content.byteLength !== piece.bytes) throw new DatasetFileError(`expected a picture of ${piece.bytes} bytes, got ${content.byteLength}`);
  return content;
}
