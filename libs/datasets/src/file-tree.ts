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

/** Files to be written, one after the other. */
export interface FileSink {
  write(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}
