import type { DatasetCounts, Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { SampleSource } from '../sample-source.js';
import type { FileDigest } from './checksums.js';
import { ANNOTATIONS_PATH, DatasetDescription, DatasetManifest, extensionOf, IMAGES_PATH, IMGDATASET, MANIFEST_PATH, picturePath } from './manifest.js';
import { PackageTables } from './package-tables.js';
import { addChecksums, sealFile, type ResumableWork } from './seal-file.js';
import { verifyDataset } from './verify-dataset.js';
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
  readonly #files: FileDigest[] = [];

  constructor(
    private readonly source: SampleSource,
    private readonly description: DatasetDescription,
    private readonly zip: ZipWriter,
    private readonly work: string,
    private readonly options: WriteDatasetOptions,
  ) {}

  async write(): Promise<WrittenDataset> {
    const { pictures = 'embedded', resumable } = this.options;
    // Pictures that lie in the archive already are passed over one by one: then all samples are needed.
    const tables = await PackageTables.open(this.work, pictures === 'elsewhere' ? resumable?.about : undefined);
    if (tables.after !== '') resumable?.onBegin?.({ entries: tables.samples, bytes: 0 }, null);
    for await (const sample of this.source.samples(tables.after)) {
      if (sample.sha256 <= tables.after) continue;
      await tables.add(sample);
      if (pictures === 'embedded') await this.#picture(sample);
    }
    tables.finish();
    for (const path of [IMAGES_PATH, ANNOTATIONS_PATH]) {
      this.#files.push({ path, sha256: (await this.zip.addFile(path, tables.path(path))).sha256 });
    }
    for (const [path, content] of this.options.files ?? []) this.#files.push({ path, sha256: await this.zip.add(path, content) });
    const version = tables.version.value();
    const { counts, geometry } = tables.tally;
    const labels = [...new Set([...this.description.labels, ...Object.keys(counts.labels).filter((label) => label !== '')])];
    const manifest: DatasetManifest = { ...this.description, format: IMGDATASET, formatVersion: 1, version, labels, counts, geometry, pictures };
    this.#files.push({ path: MANIFEST_PATH, sha256: await this.zip.add(MANIFEST_PATH, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)) });
    const root = await addChecksums(this.zip, this.#files, this.work);
    return { version, root, counts };
  }

  async #picture(sample: Sample): Promise<void> {
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
