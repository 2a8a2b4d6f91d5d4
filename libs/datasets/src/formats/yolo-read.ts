import type { Annotation, Split } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { nameKey } from '../files/entry-name.js';
import type { PictureSize } from './cvat-shape.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import { type ImportedImage, NOTHING_OF_OURS } from './imported-image.js';
import { readYoloYaml, type YoloYaml } from './names-yaml.js';
import { pointsBounds } from './outline.js';
import { baseOf, folderOf, PICTURE } from './picture-finder.js';
import { pictureSize } from './picture-size.js';
import { splitOfPath } from './split-name.js';

const MOST_BYTES = 32 * 2 ** 20;

export interface YoloReadOptions extends ReadOptions {
  /** Names of the classes where the set brings none. */
  readonly names?: readonly string[];
}

/** YOLO: every picture of the tree, with the labels of the file that is called alike. Places are not rounded and not cut off. */
export async function* readYolo(tree: FileTree, options: YoloReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const yaml = await yamlOf(tree, options.names);
  const lists = await splitLists(tree, yaml);
  let images = 0;
  for await (const { path } of tree.files()) {
    if (!PICTURE.test(path)) continue;
    images += 1;
    const image = await imageOf(tree, path, yaml, problems);
    if (image) yield { ...image, split: splitOf(path, yaml, lists) };
  }
  if (images === 0) throw new DatasetFileError('expected pictures with text files of labels beside them or in labels/ (YOLO), found no picture', {});
}

async function imageOf(tree: FileTree, path: string, yaml: YoloYaml, problems: ImportProblems): Promise<ImportedImage | null> {
  let size: PictureSize;
  try {
    size = await pictureSize(tree, path);
  } catch (thrown) {
    if (!(thrown instanceof DatasetFileError)) throw thrown;
    problems.add(path, 'picture', thrown.message);
    return null;
  }
  const annotations: Annotation[] = [];
  const file = await labelsFor(tree, path);
  if (file) {
    const lines = Buffer.from(await tree.read(file, MOST_BYTES)).toString('utf8').replace(/^\ufeff/, '').split('\n');
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const annotation = annotationIn(line.trim(), size, yaml, i + 1);
      if (typeof annotation === 'string') problems.add(file, `line ${i + 1}`, annotation);
      else annotations.push(annotation);
    }
  }
  const group = folderOf(path).split('/').filter((part) => part !== 'images' && splitOfPath(`${part}/`) === null).join('/');
  return { path, name: baseOf(path), size, split: null, group, annotations, attributes: {}, ours: NOTHING_OF_OURS };
}

/** labels/ in place of the last images/, else beside the picture. */
async function labelsFor(tree: FileTree, path: string): Promise<string | null> {
  const text = path.replace(/\.[^.]+$/, '.txt');
  const at = `/${text}`.lastIndexOf('/images/');
  const beside = at < 0 ? [] : [`/${text}`.slice(0, at) + `/labels/${`/${text}`.slice(at + 8)}`];
  for (const one of [...beside.map((file) => file.slice(1)), text]) if (await tree.has(one)) return one;
  return null;
}

function annotationIn(line: string, size: PictureSize, yaml: YoloYaml, number: number): Annotation | string {
  const fields = line.split(/\s+/);
  const values = fields.map(Number);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) return `field ${wrong + 1}: expected a number, found ${shown(fields[wrong])}`;
  const [kind, ...rest] = values as [number, ...number[]];
  if (!Number.isInteger(kind) || kind < 0) return `field 1: expected the number of a class, found ${shown(fields[0])}`;
  const label = yaml.names.get(kind);
  if (label === undefined && yaml.names.size > 0) return `field 1: expected a class below ${yaml.names.size}, found ${kind}`;
  const place = placeOf(rest, size, yaml.pointSize);
  if (typeof place === 'string') return place;
  if (place.box.width < 0 || place.box.height < 0) return `expected a width and a height of 0 or more, found ${rest[2]} and ${rest[3]}`;
  return { id: String(number), label: label ?? `class-${kind}`, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {}, ...place };
}

function placeOf(values: readonly number[], { width, height }: PictureSize, pointSize: number): (Pick<Annotation, 'kind' | 'box'> & Partial<Annotation>) | string {
  const boxed = (): Annotation['box'] => {
    const [cx, cy, w, h] = values as [number, number, number, number];
    return { x: cx * width - (w * width) / 2, y: cy * height - (h * height) / 2, width: w * width, height: h * height };
  };
  if (values.length === 4) return { kind: 'box', box: boxed() };
  // A sixth field is how sure a model was.
  if (values.length === 5) return values[4]! >= 0 && values[4]! <= 1 ? { kind: 'box', box: boxed(), score: values[4]! } : `field 6: expected a score of 0 to 1, found ${values[4]}`;
  if (pointSize > 0 && values.length > 4 && (values.length - 4) % pointSize === 0) {
    const points: number[] = [];
    for (let i = 4; i < values.length; i += pointSize) points.push(values[i]! * width, values[i + 1]! * height, pointSize === 3 ? values[i + 2]! : 2);
    return { kind: 'points', box: boxed(), points };
  }
  if (values.length < 6 || values.length % 2 !== 0) return `expected a class and 4 numbers (box), or 6 or more in pairs (outline), found ${values.length} numbers`;
  const points = values.map((value, i) => value * (i % 2 === 0 ? width : height));
  return { kind: 'polygon', points, box: pointsBounds(points)! };
}

async function yamlOf(tree: FileTree, names: readonly string[] | undefined): Promise<YoloYaml> {
  const found: string[] = [];
  let listed: string | null = null;
  for await (const { path, bytes } of tree.files()) {
    if (/\.ya?ml$/i.test(path) && bytes < 2 ** 20) found.push(path);
    if (/(^|\/)(classes\.txt|obj\.names|[^/]+\.names)$/i.test(path)) listed ??= path;
  }
  const nothing: YoloYaml = { names: new Map((names ?? []).map((name, i) => [i, name])), splits: {}, path: '', pointSize: 0 };
  for (const file of found.sort((a, b) => a.length - b.length)) {
    const text = Buffer.from(await tree.read(file, 2 ** 20)).toString('utf8');
    if (!/^["']?names["']?\s*:/m.test(text)) continue;
    const yaml = readYoloYaml(file, text);
    return names ? { ...yaml, names: nothing.names } : yaml;
  }
  if (!listed || names) return nothing;
  const lines = Buffer.from(await tree.read(listed, 2 ** 20)).toString('utf8').replace(/^\ufeff/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  return { ...nothing, names: new Map(lines.map((name, i) => [i, name.trim()])) };
}

/** Splits that are told as lists of files. */
async function splitLists(tree: FileTree, yaml: YoloYaml): Promise<ReadonlyMap<string, Split>> {
  const lists = new Map<string, Split>();
  for (const [split, paths] of Object.entries(yaml.splits) as [Split, readonly string[]][]) {
    for (const path of paths) {
      const file = plain(path);
      if (!/\.txt$/i.test(file) || !(await tree.has(file))) continue;
      const text = Buffer.from(await tree.read(file, MOST_BYTES)).toString('utf8');
      for (const line of text.split(/\r?\n/)) if (line.trim() !== '') lists.set(nameKey(baseOf(line.trim().replaceAll('\\', '/'))), split);
    }
  }
  return lists;
}

function splitOf(path: string, yaml: YoloYaml, lists: ReadonlyMap<string, Split>): Split | null {
  const listed = lists.get(nameKey(baseOf(path)));
  if (listed) return listed;
  const named = splitOfPath(path);
  const candidates = (Object.entries(yaml.splits) as [Split, readonly string[]][]).filter(([, folders]) => folders.some((folder) => plain(folder) !== '' && `/${path}`.includes(`/${plain(folder)}/`))).map(([split]) => split);
  // One folder is often told for two splits, since both have to be told.
  return candidates.length === 1 ? candidates[0]! : (named ?? candidates[0] ?? null);
}

/** Where they lay on another machine does not matter: the end of it does. */
const plain = (path: string) => path.replaceAll('\\', '/').replace(/^(?:\.{0,2}\/)+/, '').replace(/\/+$/, '');
