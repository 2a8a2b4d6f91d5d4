import { join } from 'node:path';
import type { DatasetCounts, Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { SampleSource } from '../sample-source.js';
import type { FileDigest } from './checksums.js';
import { ANNOTATIONS_PATH, DatasetDescription, DatasetManifest, extensionOf, IMAGES_PATH, IMGDATASET, MANIFEST_PATH, picturePath } from './manifest.js';
import { addChecksums, sealFile, type ResumableWork } from './seal-file.js';
import { TableWriter } from './table-writer.js';
import { ANNOTATION_COLUMNS, IMAGE_COLUMNS, type AnnotationRow } from './tables.js';
import { Tally } from './tally.js';
import { verifyDataset } from './verify-dataset.js';
import { VersionDigest } from './version-digest.js';
import type { ZipWriter } from './zip-writer.js';

export interface WriteDatasetOptions {
  /** `elsewhere`: the package names pictures and does not hold them. */
  readonly pictures?: 'embedded' | 'elsewhere';
  /** Files of others that are kept beside ours (embeddings, say), by their names. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly overwrite?: boolean;
  /** Where it is made: one that was killed there is gone on with. */
  readonly resumable?: ResumableWork;
}

export interface WrittenDataset {
  readonly version: string;
  /** Of all files; see RootDigest. */
  readonly root: string;
  readonly counts: DatasetCounts;
}

/** What is held at once, in writing and in reading. */
const GROUP_ROWS = { images: 32_768, annotations: 65_536 };

/**
 * Writes a set as one sealed file: beside its place, flushed, read back and compared, renamed. Memory does not grow with the set, but for a
 * hundred bytes a picture. Throws DatasetFileError where the place is taken or a picture is not what the sample says.
 */
export async function writeDataset(source: SampleSource, description: DatasetDescription, path: string, options: WriteDatasetOptions = {}): Promise<WrittenDataset> {
  const parsed = DatasetDescription.safeParse(description);
  if (!parsed.success) throw new DatasetFileError(`description of ${source.name}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  return sealFile(path, options, {
    write: (zip, work) => new PackageWriter(source, parsed.data, zip, work, options).write(),
    verify: (sealed, { root, version }) => verifyDataset(sealed, { root, version }),
  });
}

class PackageWriter {
  readonly #version = new VersionDigest();
  readonly #tally = new Tally();
  readonly #images: TableWriter<Sample>;
  readonly #annotations: TableWriter<AnnotationRow>;
  readonly #files: FileDigest[] = [];

  constructor(
    private readonly source: SampleSource,
    private readonly description: DatasetDescription,
    private readonly zip: ZipWriter,
    private readonly work: string,
    private readonly options: WriteDatasetOptions,
  ) {
    this.#images = new TableWriter(join(work, IMAGES_PATH), IMAGE_COLUMNS, GROUP_ROWS.images);
    this.#annotations = new TableWriter(join(work, ANNOTATIONS_PATH), ANNOTATION_COLUMNS, GROUP_ROWS.annotations);
  }

  async write(): Promise<WrittenDataset> {
    for await (const sample of this.source.samples()) await this.#sample(sample);
    for (const [path, table] of [[IMAGES_PATH, this.#images], [ANNOTATIONS_PATH, this.#annotations]] as const) {
      table.finish();
      this.#files.push({ path, sha256: (await this.zip.addFile(path, join(this.work, path))).sha256 });
    }
    for (const [path, content] of this.options.files ?? []) this.#files.push({ path, sha256: await this.zip.add(path, content) });
    const version = this.#version.value();
    const { counts, geometry } = this.#tally;
    const labels = [...new Set([...this.description.labels, ...Object.keys(counts.labels).filter((label) => label !== '')])];
    const manifest: DatasetManifest = { ...this.description, format: IMGDATASET, formatVersion: 1, version, labels, counts, geometry, pictures: this.options.pictures ?? 'embedded' };
    this.#files.push({ path: MANIFEST_PATH, sha256: await this.zip.add(MANIFEST_PATH, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)) });
    const root = await addChecksums(this.zip, this.#files, this.work);
    return { version, root, counts };
  }

  async #sample(sample: Sample): Promise<void> {
    this.#version.add(sample);
    this.#tally.add(sample);
    const imageRow = this.#images.rows;
    this.#images.add(sample);
    for (const annotation of sample.annotations) this.#annotations.add({ imageRow, imageSha: sample.sha256, annotation });
    if (this.options.pictures === 'elsewhere') return;
    const path = picturePath(sample.sha256, extensionOf(sample.mime));
    let { bytes } = sample;
    const sha256 = await this.zip.add(path, async () => {
      const content = await this.source.read(sample.sha256);
      bytes = content.byteLength;
      return content;
    });
    if (sha256 !== sample.sha256 || bytes !== sample.bytes) throw new DatasetFileError(`${sample.name}: expected the picture ${sample.sha256} of ${sample.bytes} bytes, got ${sha256} of ${bytes}`, { sha256: sample.sha256 });
    this.#files.push({ path, sha256 });
  }
}
