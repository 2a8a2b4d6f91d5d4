import type { Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { namedSamples } from './export-samples.js';
import { type ExportCount, type ImportedImage, leaveOut, NOTHING_OF_OURS } from './imported-image.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { folderName } from './sequences.js';
import { splitNamed } from './split-name.js';

/** Pictures in folders: each folder is a set of its own, called as it is spelled, with those above it. */
export async function* readFolders(tree: FileTree): AsyncIterable<ImportedImage> {
  let images = 0;
  for await (const { path } of tree.files()) {
    if (!PICTURE.test(path)) continue;
    images += 1;
    yield { path, name: baseOf(path), size: null, split: null, group: folderOf(path), annotations: [], attributes: {}, ours: NOTHING_OF_OURS };
  }
  if (images === 0) throw new DatasetFileError('expected pictures (.jpg, .png, .webp, .bmp) in folders, found none', {});
}

/** A folder for each view of the set, called after it. Keeps the pictures alone. */
export async function writeFolders(source: SampleSource, sink: FileSink): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  for await (const { sample, file } of namedSamples(source)) {
    const parts = (sample.origin?.group ?? '').split('/').filter((part) => part !== '').map((part) => folderName(part, new Set()));
    await sink.write([...parts, file].join('/'), () => source.read(sample.sha256));
    count.images += 1;
    if (sample.annotations.length > 0) leaveOut(count, 'annotations', sample.annotations.length);
  }
  return count;
}

/** ImageNet: train/<class>/, val/<class>/ or <class>/. The class becomes a tag of the picture. */
export async function* readClassFolders(tree: FileTree): AsyncIterable<ImportedImage> {
  let images = 0;
  for await (const { path } of tree.files()) {
    const label = baseOf(folderOf(path));
    if (!PICTURE.test(path) || label === '' || splitNamed(label)) continue;
    images += 1;
    const split = folderOf(path).split('/').slice(0, -1).map(splitNamed).find((one) => one !== null) ?? null;
    yield { path, name: baseOf(path), size: null, split, group: label, annotations: [], attributes: { tags: [label] }, ours: NOTHING_OF_OURS };
  }
  if (images === 0) throw new DatasetFileError('expected pictures in folders called after their class, below train/ and val/ where there are such (ImageNet), found none', {});
}

/** The class of a picture is its first tag, else the only label in it. */
export async function writeClassFolders(source: SampleSource, sink: FileSink): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  for await (const { sample, file } of namedSamples(source)) {
    const label = classOf(sample);
    if (label === null) {
      leaveOut(count, 'pictures of no class or of several');
      continue;
    }
    const folder = folders.get(label) ?? folderName(label, taken);
    folders.set(label, folder);
    await sink.write(`${sample.split ?? 'train'}/${folder}/${file}`, () => source.read(sample.sha256));
    count.images += 1;
    if (sample.annotations.length > 0) leaveOut(count, 'boxes and outlines', sample.annotations.length);
  }
  return count;
}

function classOf({ attributes, annotations }: Sample): string | null {
  const { tags } = attributes;
  if (Array.isArray(tags) && typeof tags[0] === 'string' && tags[0] !== '') return tags[0];
  const labels = new Set(annotations.map(({ label }) => label).filter((label) => label !== ''));
  return labels.size === 1 ? [...labels][0]! : null;
}
