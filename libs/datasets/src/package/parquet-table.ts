import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { messageOf } from '@argus/kernel';
import { DatasetFileError } from '../errors.js';
import type { RandomFile } from './random-file.js';

/** Columns of a row group, by their names: values, or typed arrays of them. */
export type GroupColumns = Readonly<Record<string, ArrayLike<unknown>>>;

/** Rows of a group, and bytes of a column of it when unpacked: more is no table of ours, and may be a bomb. */
const MOST_ROWS = 1_048_576;
const MOST_BYTES = 2 ** 30;

/** A Parquet file that is read by columns, one row group after the other. Throws DatasetFileError for what is damaged. */
export class ParquetTable {
  readonly groups: readonly { readonly start: number; readonly rows: number }[];
  readonly columns: readonly string[];

  private constructor(
    private readonly path: string,
    private readonly file: AsyncBuffer,
    private readonly metadata: FileMetaData,
  ) {
    let start = 0;
    this.groups = metadata.row_groups.map((group) => {
      const rows = Number(group.num_rows);
      const packed = group.columns.find(({ meta_data }) => Number(meta_data?.total_uncompressed_size ?? 0) > MOST_BYTES);
      if (rows > MOST_ROWS || rows < 0 || packed) throw new DatasetFileError(`${path}: expected ${MOST_ROWS} rows and ${MOST_BYTES} bytes a column in a row group at most, the one at row ${start} has more`);
      start += rows;
      return { start: start - rows, rows };
    });
    this.columns = metadata.schema.slice(1).map(({ name }) => name);
  }

  static async open(path: string, file: RandomFile): Promise<ParquetTable> {
    const buffer = { byteLength: file.bytes, slice: async (start: number, end = file.bytes) => ownBufferOf(await file.read(start < 0 ? file.bytes + start : start, end)) };
    return orDamaged(path, async () => new ParquetTable(path, buffer, await parquetMetadataAsync(buffer)));
  }

  get rows(): number {
    const last = this.groups.at(-1);
    return last ? last.start + last.rows : 0;
  }

  /** Throws DatasetFileError where a column is not there. */
  requireColumns(names: readonly string[]): void {
    const missing = names.filter((name) => !this.columns.includes(name));
    if (missing.length > 0) throw new DatasetFileError(`${this.path}: expected the columns ${names.join(', ')}; ${missing.join(', ')} not there`);
  }

  /** Those columns of one row group; all when none are named. */
  async readGroup(group: number, columns: readonly string[] = this.columns): Promise<GroupColumns> {
    const { start, rows } = this.groups[group] as { start: number; rows: number };
    const parts: Record<string, ArrayLike<unknown>[]> = Object.fromEntries(columns.map((name) => [name, []]));
    const { file, metadata } = this;
    await orDamaged(this.path, () =>
      parquetRead({ file, metadata, columns: [...columns], rowStart: start, rowEnd: start + rows, utf8: false, onChunk: ({ columnName, columnData }) => parts[columnName]?.push(columnData) }),
    );
    const read: Record<string, ArrayLike<unknown>> = {};
    for (const [name, pieces] of Object.entries(parts)) {
      const values = pieces.length === 1 ? (pieces[0] as ArrayLike<unknown>) : pieces.flatMap((piece) => Array.from(piece));
      if (values.length !== rows) throw new DatasetFileError(`${this.path}: expected ${rows} values of ${name} from row ${start} on, got ${values.length}`);
      read[name] = values;
    }
    return read;
  }

  /** Row group by row group; `start` is the number of its first row. */
  async *scan(columns?: readonly string[]): AsyncGenerator<{ readonly start: number; readonly rows: number; readonly columns: GroupColumns }> {
    for (const [index, { start, rows }] of this.groups.entries()) yield { start, rows, columns: await this.readGroup(index, columns) };
  }
}

function ownBufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset === 0 && byteLength === buffer.byteLength ? (buffer as ArrayBuffer) : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

async function orDamaged<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatasetFileError) throw error;
    throw new DatasetFileError(`${path}: not a Parquet file that can be read: ${messageOf(error)}`, { path }, { cause: error });
  }
}
