/** A file of footage that is open, wherever it lies. */
export interface FootageReader {
  readonly size: number;
  /** These bytes, all of them. @throws FootageFileError, RemoteStoreError */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}
