import type { Annotation, Sample, Split } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import { nameKey } from '../files/entry-name.js';
import type { SampleSource } from '../sample-source.js';
import { sizeOf } from './cvat-images.js';
import { stemOf } from './export-names.js';
import { namedSamples, textBlocks } from './export-samples.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import { type ExportCount, type ImportedImage, leaveOut, NOTHING_OF_OURS } from './imported-image.js';
import { annotationOf, type JsonObject } from './our-fields.js';
import { baseOf, folderOf, PictureFinder } from './picture-finder.js';
import { childText, type XmlElement, xmlElements, xmlRoot } from './xml-elements.js';
import { xmlText } from './xml-text.js';

/**
 * base 1 is the custom of Pascal: the first pixel is 1, and both corners are within the box, so that one of the whole picture is
 * 1, 1, width, height. base 0 is that of many other tools: edges of pixels, 0, 0, width, height.
 */
export interface VocOptions {
  readonly base?: 0 | 1;
  /** int moves each edge by half a pixel at most; none keeps it as it is, which not every reader takes. */
  readonly rounding?: 'none' | 'int';
  readonly pictures?: boolean;
  readonly unassigned?: Split;
}

const MARK = 'argus, base ';

/** Pascal VOC: JPEGImages/, Annotations/ and ImageSets/Main/. Keeps boxes, classes, occlusion and attributes; `ignore` is difficult. */
export async function writeVoc(source: SampleSource, sink: FileSink, options: VocOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const splits = new Map<string, string[]>();
  for await (const { sample, file } of namedSamples(source)) {
    if (options.pictures !== false) await sink.write(`JPEGImages/${file}`, () => source.read(sample.sha256));
    await sink.write(`Annotations/${stemOf(file)}.xml`, Buffer.from(vocText(sample, file, options)));
    const split = sample.split ?? options.unassigned ?? 'train';
    if (!splits.has(split)) splits.set(split, []);
    splits.get(split)!.push(stemOf(file));
    for (const { kind, track } of sample.annotations) {
      if (kind === 'polygon' || kind === 'mask' || kind === 'points') leaveOut(count, 'outlines, masks and key points (their boxes are kept)');
      if (track) leaveOut(count, 'tracks (their boxes are kept)');
    }
    count.images += 1;
    count.annotations += sample.annotations.length;
  }
  for (const [split, stems] of splits) await sink.write(`ImageSets/Main/${split}.txt`, textBlocks(lines(stems)));
  return count;
}

async function* lines(stems: readonly string[]): AsyncIterable<string> {
  for (const stem of stems) yield `${stem}\n`;
}

function vocText(sample: Sample, file: string, { base = 1, rounding = 'none' }: VocOptions): string {
  const objects = sample.annotations.map((annotation) => vocObject(annotation, base, rounding)).join('');
  return `<annotation>\n  <folder>JPEGImages</folder>\n  <filename>${xmlText(file)}</filename>\n  <source><database>${xmlText(sample.origin?.group ?? '')}</database><annotation>${MARK}${base}</annotation></source>\n`
    + `  <size><width>${sample.width}</width><height>${sample.height}</height><depth>3</depth></size>\n  <segmented>0</segmented>\n${objects}</annotation>\n`;
}

function vocObject(annotation: Annotation, base: 0 | 1, rounding: 'none' | 'int'): string {
  const { box, label, kind, occluded, attributes } = annotation;
  const round = rounding === 'int' ? Math.round : (value: number) => value;
  const edges = { xmin: round(box.x) + base, ymin: round(box.y) + base, xmax: round(box.x + box.width), ymax: round(box.y + box.height) };
  const list = Object.entries(attributes).map(([name, value]) => `<attribute><name>${xmlText(name)}</name><value>${xmlText(typeof value === 'string' ? value : JSON.stringify(value))}</value></attribute>`).join('');
  return `  <object>\n    <name>${xmlText(label.trim() === '' ? (kind === 'ignore' ? 'ignore' : 'unnamed') : label)}</name>\n    <pose>Unspecified</pose>\n    <truncated>0</truncated>\n    <occluded>${occluded ? 1 : 0}</occluded>\n    <difficult>${kind === 'ignore' ? 1 : 0}</difficult>\n`
    + `    <bndbox>${Object.entries(edges).map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</bndbox>\n${list ? `    <attributes>${list}</attributes>\n` : ''}  </object>\n`;
}

export interface VocReadOptions extends ReadOptions {
  /** Of files that do not say so themselves; ours do. */
  readonly base?: 0 | 1;
  /** int: to whole pixels, after the offset is gone. */
  readonly rounding?: 'none' | 'int';
}

export async function* readVoc(tree: FileTree, options: VocReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const finder = new PictureFinder(tree);
  const splits = await imageSets(tree);
  let files = 0;
  for await (const { path } of tree.files()) {
    if (!/\.xml$/i.test(path) || (await xmlRoot(tree, path)) !== 'annotation') continue;
    files += 1;
    try {
      yield await imageOf(tree, path, finder, splits, options, problems);
    } catch (thrown) {
      if (!(thrown instanceof DatasetFileError)) throw thrown;
      problems.add(path, 'file', thrown.message);
    }
  }
  if (files === 0) throw new DatasetFileError('expected XML files of <annotation> (Pascal VOC), found none', {});
}

async function imageOf(tree: FileTree, file: string, finder: PictureFinder, splits: ReadonlyMap<string, Split>, options: VocReadOptions, problems: ImportProblems): Promise<ImportedImage> {
  const elements: XmlElement[] = [];
  for await (const element of xmlElements(tree, file, 'annotation')) elements.push(element);
  const find = (name: string) => elements.find((element) => element.name === name);
  const size = sizeOf(childText(find('size') ?? NOTHING, 'width'), childText(find('size') ?? NOTHING, 'height'));
  const mark = childText(find('source') ?? NOTHING, 'annotation') ?? '';
  const base = mark === `${MARK}0` ? 0 : mark === `${MARK}1` ? 1 : (options.base ?? 1);
  const said = find('filename')?.text.trim() ?? '';
  const stem = stemOf(baseOf(file));
  // The name within is often that of another time or place: the one of the file counts where it leads to a picture and that does not.
  const root = folderOf(folderOf(file));
  const folders = ['JPEGImages', 'images', find('folder')?.text.trim() ?? ''].map((folder) => [root, folder].filter(Boolean).join('/')).concat(folderOf(file));
  let path = said ? await finder.find(said, folders) : null;
  for (const ending of ['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.JPG']) path ??= await finder.find(stem + ending, folders);
  if (!path) problems.add(file, 'filename', `the picture ${shown(said || stem)} is not there`);
  const annotations = elements.filter(({ name }) => name === 'object').map((object, i) => readObject(object, i, file, base, options.rounding ?? 'none', problems)).filter((one) => one !== null);
  return { path, name: path ? baseOf(path) : said || `${stem}.jpg`, size, split: splits.get(nameKey(stem)) ?? null, group: '', annotations, attributes: {}, ours: NOTHING_OF_OURS };
}

const NOTHING = { name: '', attributes: {}, children: [], text: '' };

function readObject(object: XmlElement, index: number, file: string, base: 0 | 1, rounding: 'none' | 'int', problems: ImportProblems): Annotation | null {
  const at = `line ${object.line}, <object> ${index + 1}`;
  const bounds = object.children.find(({ name }) => name === 'bndbox') ?? NOTHING;
  const edge = (name: string, offset: number): number => {
    const text = childText(bounds, name);
    const value = text ? Number(text) - offset : Number.NaN;
    if (!Number.isFinite(value)) problems.add(file, `${at}, ${name}`, `expected a number, found ${shown(text)}`);
    return rounding === 'int' ? Math.round(value) : value;
  };
  const [left, top, right, bottom] = [edge('xmin', base), edge('ymin', base), edge('xmax', 0), edge('ymax', 0)];
  if (![left, top, right, bottom].every(Number.isFinite)) return null;
  const label = childText(object, 'name') ?? '';
  if (label === '') {
    problems.add(file, `${at}, name`, 'expected a class, found nothing');
    return null;
  }
  const attributes: JsonObject = {};
  for (const { children } of object.children.filter(({ name }) => name === 'attributes')) {
    for (const one of children) attributes[childText(one, 'name') ?? ''] = childText(one, 'value') ?? '';
  }
  for (const name of ['pose', 'truncated']) {
    const text = childText(object, name);
    if (text && text !== '0' && text.toLowerCase() !== 'unspecified') attributes[name] = text;
  }
  const isIgnored = childText(object, 'difficult') === '1';
  const place = { kind: isIgnored ? ('ignore' as const) : ('box' as const), box: { x: left, y: top, width: extent(left, right), height: extent(top, bottom) } };
  return annotationOf({ id: String(index + 1), ...place, label: isIgnored && label === 'ignore' ? '' : label, occluded: childText(object, 'occluded') === '1' }, attributes, {}, file, at, problems);
}

/** Taking an offset off and adding it leaves dust of floating point, which may be below nothing. */
const extent = (from: number, to: number) => (to < from && from - to < 1e-6 ? 0 : to - from);

async function imageSets(tree: FileTree): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>();
  for await (const { path } of tree.files()) {
    const split = /(^|\/)ImageSets\/Main\/(train|val|test)\.txt$/.exec(path)?.[2] as Split | undefined;
    if (!split) continue;
    const text = Buffer.from(await tree.read(path, 64 * 2 ** 20)).toString('utf8');
    for (const line of text.split(/\r?\n/)) if (line.trim()) splits.set(nameKey(line.trim()), split);
  }
  return splits;
}
