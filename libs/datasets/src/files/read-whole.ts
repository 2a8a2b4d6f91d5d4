import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';

/** Throws DatasetFileError where a file is larger than it may be. */
export function requireSize(path: string, bytes: number, mostBytes: number | undefined): void {
  if (mostBytes !== undefined && bytes > mostBytes) throw new DatasetFileError(`${path}: at most ${mostBytes} bytes are read at once, found ${bytes}`, { file: path, bytes, mostBytes });
}

/** A file as it comes, for trees that can do so; else in one piece. */
export async function* streamOf(tree: FileTree, path: string): AsyncIterable<Uint8Array> {
  if (tree.stream) yield* tree.stream(path);
  else yield await tree.read(path);
}

/** Joins what a stream gives, up to `mostBytes`. */
export async function readWhole(path: string, chunks: AsyncIterable<Uint8Array>, mostBytes?: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    requireSize(path, bytes, mostBytes);
    parts.push(chunk);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, bytes);
}
