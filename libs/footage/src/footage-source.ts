/** Bytes of a file, or of memory in its place. `read` gives exactly as many as are asked for, or throws. `into`: where they may be put. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
}

/** An open file of footage, wherever it lies: on a disk, or in an object store. What it throws is told to whoever wanted the footage. */
export interface FootageSource extends ByteSource {
  /** Never throws. */
  close(): Promise<void>;
}

/** Opens what a segment's `path` names. Throws FootageFileError when it is gone. */
export type OpenFootage = (path: string) => Promise<FootageSource>;
