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

/** Writes rows into a Parquet file, a row group at a time: memory does not grow with the table. */
export class TableWriter<Row> {
  readonly #writer: ParquetWriter;
  #columns: unknown[][];
  #heldBytes = 0;
  #rows = 0;

  constructor(
    path: string,
    private readonly columns: readonly TableColumn<Row>[],
    private readonly groupRows: number,
  ) {
    this.#columns = columns.map(() => []);
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData: this.#source() }), createdBy: 'argus' });
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
