import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { fileWriter, ParquetWriter, schemaFromColumnData, type BasicType, type ColumnSource } from 'hyparquet-writer';

/** A column of a table: what it holds of a row. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly type: BasicType;
  readonly isNullable?: boolean;
  /** Where the writer's own choice is not the best. */
  readonly hasStatistics?: boolean;
  readonly encoding?: 'DELTA_BINARY_PACKED';
  readonly valueOf: (row: Row) => unknown;
}

/** So many values of variable length are held before they are written. */
const MOST_HELD_BYTES = 32 * 2 ** 20;

/** A table as far as it is in its file, to be gone on with. */
export interface TablePlace {
  readonly bytes: number;
  readonly crc32: number;
  readonly rows: number;
  /** What the footer will say of the row groups so far. */
  readonly groups: Uint8Array;
}

const PIECE_BYTES = 2 ** 20;

/** Writes rows into a Parquet file, a row group at a time: memory does not grow with the table. */
export class TableWriter<Row> {
  readonly #writer: ParquetWriter;
  #crc = 0;
  #crcBytes = 0;
  #columns: unknown[][];
  #heldBytes = 0;
  #rows = 0;

  constructor(
    private readonly path: string,
    private readonly columns: readonly TableColumn<Row>[],
    private readonly groupRows: number,
  ) {
    this.#columns = columns.map(() => []);
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData: this.#source() }), createdBy: 'argus' });
  }

  /** On with what lies in `kept`, another file. false: it is not what the place says. */
  goOn(kept: string, { bytes, crc32: wanted, rows, groups }: TablePlace): boolean {
    const { writer } = this.#writer;
    let crc = 0;
    for (const piece of piecesOf(kept, 0, bytes)) {
      // The mark at the beginning is written already.
      writer.appendBytes(crc === 0 && writer.offset === MARK_BYTES ? piece.subarray(MARK_BYTES) : piece);
      crc = crc32(piece, crc);
    }
    if (crc !== wanted || writer.offset !== bytes) return false;
    Object.assign(this.#writer, deserialize(groups));
    this.#rows = rows;
    return true;
  }

  /** Gives all rows so far to the file, as a row group of their own. */
  place(): TablePlace {
    this.#flush();
    const { writer, row_groups, num_rows, pendingIndexes } = this.#writer;
    void writer.finish();
    for (const piece of piecesOf(this.path, this.#crcBytes, writer.offset)) this.#crc = crc32(piece, this.#crc);
    this.#crcBytes = writer.offset;
    return { bytes: writer.offset, crc32: this.#crc, rows: this.#rows, groups: serialize({ row_groups, num_rows, pendingIndexes }) };
  }

  /** Row groups so far. */
  get groups(): number {
    return this.#writer.row_groups.length;
  }

  get rows(): number {
    return this.#rows;
  }

  add(row: Row): void {
    for (const [at, column] of this.columns.entries()) {
      const value = column.valueOf(row) ?? null;
      (this.#columns[at] as unknown[]).push(value);
      if (typeof value === 'string') this.#heldBytes += value.length;
      else if (value instanceof Uint8Array) this.#heldBytes += value.byteLength;
    }
    this.#rows += 1;
    if ((this.#columns[0] as unknown[]).length >= this.groupRows || this.#heldBytes >= MOST_HELD_BYTES) this.#flush();
  }

  /** The file is whole after it; not flushed to the disk. */
  finish(): void {
    this.#flush();
    void this.#writer.finish();
  }

  #flush(): void {
    if (this.#columns[0]?.length === 0) return;
    void this.#writer.write({ columnData: this.#source(), rowGroupSize: this.groupRows });
    this.#columns = this.columns.map(() => []);
    this.#heldBytes = 0;
  }

  #source(): ColumnSource[] {
    return this.columns.map(({ name, type, isNullable = false, hasStatistics = true, encoding }, at) => ({ name, type, encoding, statistics: hasStatistics, nullable: isNullable, data: this.#columns[at] as unknown[] }));
  }
}

/** What a Parquet file begins with. */
const MARK_BYTES = 4;

/** Up to where it ends, if that is sooner. */
function* piecesOf(path: string, from: number, to: number): Generator<Buffer> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    for (let at = from; at < to; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - at));
      const bytes = readSync(file, piece, 0, piece.length, at);
      if (bytes === 0) return;
      at += bytes;
      yield piece.subarray(0, bytes);
    }
  } finally {
    closeSync(file);
  }
}
