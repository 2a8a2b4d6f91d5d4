import { FootageFile, type FootageSource } from '@argus/footage';

/** Where a film's segments are, by their `path`. */
export interface FilmFootage {
  /** To be read byte by byte. */
  open(path: string): Promise<FootageSource>;
  /** As a file of this machine's disk, which a decoder needs. */
  borrow(path: string): Promise<BorrowedFile>;
}

export interface BorrowedFile {
  readonly path: string;
  /** Never throws. */
  giveBack(): Promise<void>;
}

/** Segments whose `path` is a file. */
export const LOCAL_FOOTAGE: FilmFootage = {
  open: (path) => FootageFile.open(path),
  borrow: async (path) => ({ path, giveBack: async () => undefined }),
};
