import { createHash } from 'node:crypto';
import type { Annotation, Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { SampleSource } from '../sample-source.js';
import { findImages, type ImageFilter } from './find-images.js';
import { ANNOTATIONS_PATH, DatasetManifest, IMAGES_PATH, PICTURE_EXTENSIONS, picturePath } from './manifest.js';
import { manifestOf, openPackageFiles } from './open-package-files.js';
import { ParquetTable, type GroupColumns } from './parquet-table.js';
import type { PackageFiles } from './random-file.js';
import type { ArchiveLimits } from './safe-path.js';
import { annotationOf, sampleOf, strangeAnnotationColumns, strangeImageColumns } from './tables.js';

export interface OpenDatasetOptions {
  /** Where pictures are that the package only names. */
  readonly pictures?: { read(sha256: string): Promise<Uint8Array> };
  readonly limits?: ArchiveLimits;
}

const MOST_PICTURE_BYTES = 2 ** 28;

/** A set in a package: read from its beginning to its end, or by columns, and only as far as it is asked. */
export class DatasetPackage implements SampleSource {
  private constructor(
    readonly files: PackageFiles,
    readonly manifest: DatasetManifest,
    readonly images: ParquetTable,
    readonly annotations: ParquetTable,
    private readonly options: OpenDatasetOptions,
  ) {}

  static async of(files: PackageFiles, options: OpenDatasetOptions = {}): Promise<DatasetPackage> {
    const manifest = await manifestOf(files, DatasetManifest);
    const [images, annotations] = await Promise.all([IMAGES_PATH, ANNOTATIONS_PATH].map(async (path) => ParquetTable.open(path, await files.openFile(path))));
    if (!images || !annotations) throw new DatasetFileError('package: expected two tables');
    images.requireColumns(['sha256', 'mime', 'bytes', 'width', 'height', 'name']);
    annotations.requireColumns(['imageRow', 'id', 'kind', 'label', 'x', 'y', 'width', 'height']);
    return new DatasetPackage(files, manifest, images, annotations, options);
  }

  get name(): string {
    return this.manifest.name;
  }

  async *samples(): AsyncGenerator<Sample> {
    const cursor = new AnnotationCursor(this.annotations);
    const strangers = strangeImageColumns(this.images.columns);
    for await (const { start, rows, columns } of this.images.scan()) {
      for (let at = 0; at < rows; at += 1) {
        const row = start + at;
        yield sampleOf(rowOf(columns, at), await cursor.of(row), strangers, `${IMAGES_PATH}, row ${row}`);
      }
    }
    await cursor.end(this.images.rows);
  }

  /** Of all pictures, rising, a row group at a time. */
  async *digests(): AsyncGenerator<string[]> {
    for await (const { rows, columns } of this.images.scan(['sha256'])) yield Array.from({ length: rows }, (_unused, row) => String(columns['sha256']?.[row]));
  }

  /** Numbers of rows of images.parquet, rising. */
  find(filter: ImageFilter): Promise<Uint32Array> {
    return findImages(this.images, this.annotations, filter);
  }

  async read(sha256: string): Promise<Uint8Array> {
    const content = await this.#read(sha256);
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== sha256) throw new DatasetFileError(`${this.name}: expected the picture ${sha256}, found ${found}; the package is damaged`, { sha256, found });
    return content;
  }

  close(): Promise<void> {
    return this.files.close();
  }

  async #read(sha256: string): Promise<Uint8Array> {
    if (this.manifest.pictures === 'elsewhere') {
      if (!this.options.pictures) throw new DatasetFileError(`${this.name}: expected a store of pictures; this package only names them`);
      return this.options.pictures.read(sha256);
    }
    for (const extension of PICTURE_EXTENSIONS) {
      const path = picturePath(sha256, extension);
      if (await this.files.has(path)) return this.files.read(path, MOST_PICTURE_BYTES);
    }
    throw new DatasetFileError(`${this.name}: expected the picture ${sha256} in the package, it is not there`, { sha256 });
  }
}

/** A `.imgdataset`: a file, or the folder that it was unpacked to. Throws HostileArchiveError and DatasetFileError. */
export async function openDataset(path: string, options: OpenDatasetOptions = {}): Promise<DatasetPackage> {
  const files = await openPackageFiles(path, options.limits);
  try {
    return await DatasetPackage.of(files, options);
  } catch (error) {
    await files.close();
    throw error;
  }
}

function rowOf(columns: GroupColumns, at: number): Record<string, unknown> {
  // Without a prototype: a column may have any name.
  const row = Object.create(null) as Record<string, unknown>;
  for (const name in columns) row[name] = columns[name]?.[at];
  return row;
}

/** Goes through the annotations beside the pictures: one row group is held. */
class AnnotationCursor {
  #columns: GroupColumns = {};
  #group = -1;
  #at = 0;
  #rows = 0;
  readonly #strangers: readonly string[];

  constructor(private readonly table: ParquetTable) {
    this.#strangers = strangeAnnotationColumns(table.columns);
  }

  async of(imageRow: number): Promise<Annotation[]> {
    const found: Annotation[] = [];
    for (;;) {
      if (!(await this.#fill())) return found;
      const row = Number(this.#columns['imageRow']?.[this.#at]);
      const where = `${ANNOTATIONS_PATH}, row ${(this.table.groups[this.#group]?.start ?? 0) + this.#at}`;
      if (row < imageRow || Number.isNaN(row)) throw new DatasetFileError(`${where}: expected a picture from row ${imageRow} on, got ${row}`);
      if (row > imageRow) return found;
      found.push(annotationOf(rowOf(this.#columns, this.#at), this.#strangers, where));
      this.#at += 1;
    }
  }

  /** Nothing may be left. */
  async end(imageRows: number): Promise<void> {
    if (await this.#fill()) throw new DatasetFileError(`${ANNOTATIONS_PATH}: expected annotations of ${imageRows} pictures, there is one of row ${Number(this.#columns['imageRow']?.[this.#at])}`);
  }

  /** false: there are no more. */
  async #fill(): Promise<boolean> {
    while (this.#at >= this.#rows) {
      const next = this.table.groups[this.#group + 1];
      if (!next) return false;
      this.#group += 1;
      this.#columns = await this.table.readGroup(this.#group);
      this.#at = 0;
      this.#rows = next.rows;
    }
    return true;
  }
}
