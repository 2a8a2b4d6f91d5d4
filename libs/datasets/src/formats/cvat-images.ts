import type { Sample } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { type PictureSize, cvatLabel, cvatShape, readCvatShape, tryJson } from './cvat-shape.js';
import { LabelList, namedSamples, textBlocks, writePictures } from './export-samples.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import type { ExportCount, ImportedImage } from './imported-image.js';
import { imageRest, isObject, type JsonObject, OURS, restOfImage } from './our-fields.js';
import { baseOf, folderOf, PictureFinder } from './picture-finder.js';
import { splitNamed } from './split-name.js';
import { type XmlElement, xmlElements, xmlRoot } from './xml-elements.js';
import { xmlAttributes, xmlJson, xmlSayable, xmlText } from './xml-text.js';

export interface CvatOptions {
  readonly pictures?: boolean;
  readonly labels?: readonly string[];
}

/** CVAT for images 1.1: annotations.xml and pictures in images/. Nothing is lost. */
export async function writeCvatImages(source: SampleSource, sink: FileSink, options: CvatOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = await cvatLabels(source, options.labels);
  await writePictures(source, sink, ({ file }) => `images/${file}`, options.pictures);
  await sink.write('annotations.xml', textBlocks(imagesText(source, labels, count)));
  return count;
}

export async function cvatLabels(source: SampleSource, first: readonly string[] = []): Promise<LabelList> {
  const labels = new LabelList(first);
  for await (const sample of source.samples()) {
    for (const annotation of sample.annotations) labels.add(cvatLabel(annotation));
    for (const tag of tagsOf(sample.attributes)) labels.add(tag);
  }
  return labels;
}

/** What CVAT is told about the task; every label may have our attribute, so that it survives a visit there. */
export function cvatMeta(name: string, labels: LabelList, size: number, mode: 'annotation' | 'interpolation', subsets: readonly string[] = []): string {
  const attribute = `<attribute><name>${OURS}</name><mutable>True</mutable><input_type>text</input_type><default_value></default_value><values></values></attribute>`;
  const list = labels.names.map((label) => `        <label><name>${xmlText(label)}</name><type>any</type><attributes>${attribute}</attributes></label>\n`).join('');
  // Only a project of CVAT has subsets, one for each of its tasks.
  const root = subsets.length > 0 ? 'project' : 'task';
  const tasks = subsets.length > 0 ? `      <subsets>${subsets.join('\n')}</subsets>\n      <tasks>\n${subsets.map((subset) => `        <task><name>${subset}</name><mode>${mode}</mode><subset>${subset}</subset></task>\n`).join('')}      </tasks>\n` : '';
  return `  <meta>\n    <${root}>\n      <name>${xmlText(name)}</name>\n      <size>${size}</size>\n      <mode>${mode}</mode>\n${tasks}      <labels>\n${list}      </labels>\n    </${root}>\n  </meta>\n`;
}

async function* imagesText(source: SampleSource, labels: LabelList, count: ExportCount): AsyncIterable<string> {
  let size = 0;
  const subsets = new Set<string>();
  for await (const { split } of source.samples()) {
    size += 1;
    subsets.add(split ?? 'default');
  }
  const isSplit = subsets.size > 1 || !subsets.has('default');
  yield `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n${cvatMeta(source.name, labels, size, 'annotation', isSplit ? [...subsets].sort() : [])}`;
  for await (const { sample, file } of namedSamples(source)) {
    const rest: JsonObject = restOfImage(sample, file);
    if (sample.split) delete rest.split;
    if (Object.keys(sample.attributes).length > 0) rest.attributes = sample.attributes;
    const ours = Object.keys(rest).length > 0 ? xmlJson(rest) : null;
    yield `  <image${xmlAttributes({ id: count.images, name: file, subset: sample.split ?? (isSplit ? 'default' : null), width: sample.width, height: sample.height, [OURS]: ours })}>\n`;
    for (const tag of tagsOf(sample.attributes)) yield `    <tag${xmlAttributes({ label: tag, source: 'manual' })}/>\n`;
    for (const annotation of sample.annotations) yield cvatShape(annotation, sample);
    yield '  </image>\n';
    count.images += 1;
    count.annotations += sample.annotations.length;
  }
  yield '</annotations>\n';
}

/** Classes of the whole picture. */
export function tagsOf(attributes: Sample['attributes']): string[] {
  const { tags } = attributes;
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '' && xmlSayable(tag) === tag) ? (tags as string[]) : [];
}

export async function cvatFiles(tree: FileTree, element: 'image' | 'track'): Promise<string[]> {
  const files: string[] = [];
  for await (const { path } of tree.files()) {
    if (!/\.xml$/i.test(path) || (await xmlRoot(tree, path)) !== 'annotations') continue;
    try {
      for await (const { name } of xmlElements(tree, path, 'annotations')) {
        if (name === 'version' || name === 'meta') continue;
        if (name === element) files.push(path);
        break;
      }
    } catch (thrown) {
      // Said when it is read: as of which kind does not matter.
      if (!(thrown instanceof DatasetFileError) || element === 'track') continue;
      files.push(path);
    }
  }
  return files;
}

export async function* readCvatImages(tree: FileTree, options: ReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const files = await cvatFiles(tree, 'image');
  if (files.length === 0) throw new DatasetFileError('expected an XML file of <annotations> with <image> (CVAT for images 1.1), found none', {});
  const finder = new PictureFinder(tree);
  for (const file of files) {
    for await (const element of xmlElements(tree, file, 'annotations')) {
      if (element.name === 'image') {
        const image = await imageOf(element, file, finder, problems);
        if (image) yield image;
      }
    }
  }
}

async function imageOf(element: XmlElement, file: string, finder: PictureFinder, problems: ImportProblems): Promise<ImportedImage | null> {
  const { name, subset, width, height, [OURS]: json } = element.attributes;
  const at = `line ${element.line}, <image>`;
  if (!name) {
    problems.add(file, at, `name: expected one, found ${shown(name)}`);
    return null;
  }
  const size = sizeOf(width, height);
  if (!size) problems.add(file, at, `width and height: expected whole numbers above 0, found ${shown(width)} and ${shown(height)}`);
  const above = folderOf(file);
  const roots = above ? [above, ''] : [''];
  const path = await finder.find(name, roots.flatMap((root) => ['images', ...(subset ? [`images/${subset}`, subset] : [])].map((one) => (root ? `${root}/${one}` : one))).concat(above || []));
  if (!path) problems.add(file, at, `the picture ${shown(name)} is not there`);
  const said = json === undefined ? {} : tryJson(json);
  const rest = isObject(said) ? (said as JsonObject) : {};
  const ours = imageRest(rest);
  const tags = element.children.filter((child) => child.name === 'tag' && child.attributes.label).map((child) => child.attributes.label!);
  const shapes = element.children.filter((child) => child.name !== 'tag');
  const annotations = shapes.map((child, i) => readCvatShape(child, size, file, `${at}, <${child.name}> ${i + 1}`, problems)).filter((one) => one !== null);
  const attributes = { ...(isObject(rest.attributes) ? (rest.attributes as JsonObject) : {}), ...(tags.length > 0 ? { tags } : {}) };
  return { path, name: ours.name ?? baseOf(name.replaceAll('\\', '/')), size, split: subset ? splitNamed(subset) : (ours.split ?? null), group: folderOf(name.replaceAll('\\', '/')), annotations: unique(annotations), attributes, ours: ours.ours };
}

export function sizeOf(width: string | undefined, height: string | undefined): PictureSize | null {
  const [w, h] = [Number(width), Number(height)];
  return Number.isInteger(w) && Number.isInteger(h) && w > 0 && h > 0 ? { width: w, height: h } : null;
}

/** Copies made in other tools carry the id of what they were copied from. */
function unique<T extends { readonly id: string }>(annotations: readonly T[]): T[] {
  const seen = new Set<string>();
  return annotations.map((annotation) => {
    let id = annotation.id;
    for (let i = 2; seen.has(id); i += 1) id = `${annotation.id.slice(0, 58)}-${i}`;
    seen.add(id);
    return id === annotation.id ? annotation : { ...annotation, id };
  });
}
