import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { HISTOGRAM_BINS, type MeasuredPicture } from '@argus/media';

/** Number, media time, counts, checksum. */
const COUNTS_AT = 12;
const CRC_AT = COUNTS_AT + 2 * HISTOGRAM_BINS;
const ROW_BYTES = CRC_AT + 4;
const FLUSH_EVERY_MS = 2000;

/** What a pass through a film has measured so far, in a file: whoever comes after a crash measures the rest. */
export class ScanFile {
  #rows: Buffer[] = [];
  #flushedMs = performance.now();

  private constructor(
    private readonly file: FileHandle,
    readonly known: readonly MeasuredPicture[],
  ) {}

  /** With the pictures that are in it, up to the first that is not whole or does not follow. */
  static async open(path: string): Promise<ScanFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    try {
      const content = await file.readFile();
      const known: MeasuredPicture[] = [];
      for (let at = 0; at + ROW_BYTES <= content.length; at += ROW_BYTES) {
        const picture = pictureIn(content.subarray(at, at + ROW_BYTES));
        if (picture === null || picture.frameIndex <= (known.at(-1)?.frameIndex ?? -1)) break;
        known.push(picture);
      }
      await file.truncate(known.length * ROW_BYTES);
      return new ScanFile(file, known);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async add(picture: MeasuredPicture): Promise<void> {
    this.#rows.push(rowOf(picture));
    if (performance.now() - this.#flushedMs < FLUSH_EVERY_MS) return;
    const rows = Buffer.concat(this.#rows);
    this.#rows = [];
    await this.file.appendFile(rows);
    await this.file.datasync();
    this.#flushedMs = performance.now();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function rowOf({ frameIndex, ptsUs, counts }: MeasuredPicture): Buffer {
  const row = Buffer.alloc(ROW_BYTES);
  row.writeUInt32LE(frameIndex, 0);
  row.writeDoubleLE(ptsUs, 4);
  for (const [bin, count] of counts.entries()) row.writeUInt16LE(count, COUNTS_AT + 2 * bin);
  row.writeUInt32LE(crc32(row.subarray(0, CRC_AT)), CRC_AT);
  return row;
}

/** null: it is not whole. */
function pictureIn(row: Buffer): MeasuredPicture | null {
  if (crc32(row.subarray(0, CRC_AT)) !== row.readUInt32LE(CRC_AT)) return null;
  return { frameIndex: row.readUInt32LE(0), ptsUs: row.readDoubleLE(4), counts: Float32Array.from({ length: HISTOGRAM_BINS }, (_unused, bin) => row.readUInt16LE(COUNTS_AT + 2 * bin)) };
}
