import type { Annotation, DatasetFormat, Sample } from '@argus/contracts';
import { detectFormat, FORMATS, openDataset, openFileTree, type ImportedImage, type ImportProblems } from '@argus/datasets';
import { DatasetJobFailedError } from '../errors.js';

/** A picture of an archive with what is said of it; content null: labels speak of it, but it is not there. */
export interface ArchivedPicture extends Pick<ImportedImage, 'name' | 'split' | 'group' | 'attributes' | 'ours'> {
  readonly where: string;
  readonly annotations: readonly Annotation[];
  readonly read: (() => Promise<Uint8Array>) | null;
}

export interface OpenedArchive {
  readonly format: DatasetFormat;
  /** In the same order each time. */
  pictures(problems: ImportProblems): AsyncIterable<ArchivedPicture>;
  close(): Promise<void>;
}

/** No picture is larger. */
const MOST_PICTURE_BYTES = 2 ** 28;

/** @throws HostileArchiveError naming the entry; DatasetFileError with what was expected */
export async function openArchive(path: string, wanted: DatasetFormat | 'auto'): Promise<OpenedArchive> {
  const tree = await openFileTree(path);
  try {
    const format = wanted === 'auto' ? (await detectFormat(tree)).format : wanted;
    if (format === 'imgmat') throw new DatasetJobFailedError('expected one set, got a matrix of several (imgmat); import its sets one by one');
    if (format === 'imgdataset') {
      await tree.close();
      return await openSealed(path);
    }
    return {
      format,
      async *pictures(problems) {
        for await (const { path: at, name, ...image } of FORMATS[format](tree, { problems })) yield { ...image, name, where: at ?? name, read: at === null ? null : () => tree.read(at, MOST_PICTURE_BYTES) };
      },
      close: () => tree.close(),
    };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

async function openSealed(path: string): Promise<OpenedArchive> {
  const set = await openDataset(path);
  return {
    format: 'imgdataset',
    async *pictures() {
      for await (const sample of set.samples()) yield pictureOf(sample, () => set.read(sample.sha256));
    },
    close: () => set.close(),
  };
}

function pictureOf({ name, split, origin, quality, complete, focus, attributes, annotations, sha256 }: Sample, read: () => Promise<Uint8Array>): ArchivedPicture {
  return { name, split, group: origin?.group ?? '', attributes, ours: { origin, quality, complete, focus }, where: sha256, annotations, read };
}
