import type { Annotation } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import type { ImportedImage } from './imported-image.js';
import { jsonKeys, jsonMembers, parseJson } from './json-members.js';
import { isCornerList, polygonArea } from './outline.js';
import { annotationOf, imageRest, isObject, partRest } from './our-fields.js';
import { baseOf, folderOf, PictureFinder } from './picture-finder.js';
import { runsBounds, runsTotal, unpackRuns } from './runs.js';
import { GrowingNumbers, Spill } from './spill.js';
import { splitNamed } from './split-name.js';

type Categories = ReadonlyMap<unknown, string>;

/** COCO: every file of labels in the tree, picture by picture; the labels of a file may be of any number and in any order. */
export async function* readCoco(tree: FileTree, options: ReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const files = await cocoFiles(tree);
  if (files.length === 0) throw new DatasetFileError('expected a JSON file with "images" and "annotations" (COCO), found none', {});
  const finder = new PictureFinder(tree);
  for (const file of files) {
    const twin = file.replace(/person_keypoints_(?=[^/]*$)/, 'instances_');
    if (twin !== file && files.includes(twin)) problems.add(file, 'file', `not read: ${twin} speaks of the same pictures; import them apart to have the key points`);
    else yield* readFile(tree, file, finder, problems);
  }
}

export async function cocoFiles(tree: FileTree): Promise<string[]> {
  const files: string[] = [];
  for await (const { path } of tree.files()) {
    if (!/\.json$/i.test(path) || /(^|\/)captions_/.test(path)) continue;
    const keys = await jsonKeys(tree, path, ['images', 'items']);
    if (keys?.includes('images')) files.push(path);
  }
  return files;
}

/** What the file says, put aside: pictures and annotations by number, and which annotation belongs to which picture. */
class CocoPieces {
  readonly images = new Spill();
  readonly annotations = new Spill();
  readonly categories = new Map<unknown, string>();
  readonly #numbers = new Map<unknown, number>();
  readonly #imageOf = new GrowingNumbers();
  readonly #pieceOf: number[] = [];

  addImage(id: unknown, bytes: Buffer): boolean {
    const number = this.#number(id);
    if (this.#pieceOf[number] !== undefined) return false;
    this.#pieceOf[number] = this.images.add(bytes);
    return true;
  }

  addAnnotation(image: unknown, bytes: Buffer): void {
    this.annotations.add(bytes);
    this.#imageOf.push(this.#number(image));
  }

  /** Annotations by picture, in the order of the pictures; of those without one, the picture is null. */
  *byImage(): Iterable<{ image: Buffer | null; id: unknown; annotations: { index: number; bytes: Buffer }[] }> {
    const starts = new Uint32Array(this.#numbers.size + 1);
    for (let i = 0; i < this.#imageOf.length; i += 1) starts[this.#imageOf.at(i) + 1]! += 1;
    for (let i = 1; i < starts.length; i += 1) starts[i]! += starts[i - 1]!;
    const order = new Uint32Array(this.#imageOf.length);
    const next = starts.slice();
    for (let i = 0; i < this.#imageOf.length; i += 1) {
      const number = this.#imageOf.at(i);
      order[next[number]!] = i;
      next[number]! += 1;
    }
    for (const [id, number] of [...this.#numbers].sort(([, a], [, b]) => (this.#pieceOf[a] ?? Infinity) - (this.#pieceOf[b] ?? Infinity))) {
      const piece = this.#pieceOf[number];
      yield { image: piece === undefined ? null : this.images.read(piece)[0]!, id, annotations: this.#pieces(order.subarray(starts[number]!, starts[number + 1]!)) };
    }
  }

  close(): void {
    this.images.close();
    this.annotations.close();
  }

  #pieces(indices: Uint32Array): { index: number; bytes: Buffer }[] {
    const [first, last] = [indices[0]!, indices.at(-1)!];
    // Those of a picture mostly lie together: one read for all of them.
    if (indices.length > 1 && last - first === indices.length - 1) return this.annotations.read(first, last + 1).map((bytes, i) => ({ index: first + i, bytes }));
    return [...indices].map((index) => ({ index, bytes: this.annotations.read(index)[0]! }));
  }

  #number(id: unknown): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

async function* readFile(tree: FileTree, file: string, finder: PictureFinder, problems: ImportProblems): AsyncIterable<ImportedImage> {
  const pieces = new CocoPieces();
  try {
    await collect(tree, file, pieces, problems);
    const split = baseOf(file).replace(/\.json$/i, '').split(/[_.-]/).map(splitNamed).find((one) => one !== null) ?? null;
    for (const { image, id, annotations } of pieces.byImage()) {
      if (!image) {
        for (const { index } of annotations) problems.add(file, `annotations[${index}].image_id`, `expected the id of a picture, found ${shown(id)}`);
        continue;
      }
      const said = parseJson(file, `the picture of id ${shown(id)}`, image) as Record<string, unknown>;
      const name = said.file_name;
      if (typeof name !== 'string' || name === '') {
        problems.add(file, `images, id ${shown(id)}, file_name`, `expected a name, found ${shown(name)}`);
        continue;
      }
      const path = await finder.find(name, foldersOf(file, baseOf(file), split));
      if (!path) problems.add(file, `images, id ${shown(id)}`, `the picture ${shown(name)} is not there`);
      yield imageOf(file, said, name, path, split, annotations, pieces.categories, problems);
    }
  } finally {
    pieces.close();
  }
}

async function collect(tree: FileTree, file: string, pieces: CocoPieces, problems: ImportProblems): Promise<void> {
  for await (const { key, index, bytes } of jsonMembers(tree, file, (name) => (['images', 'annotations', 'categories'].includes(name) ? 'items' : 'skip'))) {
    const at = index < 0 ? key : `${key}[${index}]`;
    let said: unknown;
    try {
      said = parseJson(file, at, bytes);
    } catch (error) {
      const { cause } = error as Error;
      problems.add(file, at, `expected JSON, found ${shown(bytes.toString('utf8', 0, 60))}${cause instanceof RangeError ? `: ${cause.message}` : ''}`);
      continue;
    }
    if (index < 0) {
      if (said !== null) throw new DatasetFileError(`${file}: ${key}: expected a list (COCO), found ${shown(said)}`, { file });
    } else if (!isObject(said)) problems.add(file, at, `expected an object, found ${shown(said)}`);
    else if (key === 'images') {
      if (!isId(said.id) || !pieces.addImage(said.id, bytes)) problems.add(file, `${at}.id`, `expected an id of its own, found ${shown(said.id)}`);
    } else if (key === 'annotations') pieces.addAnnotation(said.image_id, bytes);
    else if (isId(said.id) && typeof said.name === 'string') pieces.categories.set(said.id, said.name);
    else problems.add(file, at, `expected an id and a name, found ${shown(said)}`);
  }
}

function imageOf(file: string, said: Record<string, unknown>, name: string, path: string | null, split: ImportedImage['split'], pieces: { index: number; bytes: Buffer }[], categories: Categories, problems: ImportProblems): ImportedImage {
  const size = isPositive(said.width) && isPositive(said.height) ? { width: said.width, height: said.height } : null;
  const annotations: Annotation[] = [];
  for (const { index, bytes } of pieces) {
    const annotation = cocoAnnotation(parseJson(file, `annotations[${index}]`, bytes) as Record<string, unknown>, size, categories, file, `annotations[${index}]`, problems);
    if (annotation) annotations.push(annotation);
  }
  const { attributes, rest } = partRest(said.attributes);
  const ours = imageRest(rest);
  return { path, name: ours.name ?? baseOf(name.replaceAll('\\', '/')), size, split: ours.split ?? split, group: folderOf(name.replaceAll('\\', '/')), annotations, attributes, ours: ours.ours };
}

function cocoAnnotation(said: Record<string, unknown>, size: ImportedImage['size'], categories: Categories, file: string, at: string, problems: ImportProblems): Annotation | null {
  const { attributes, rest } = partRest(said.attributes);
  const category = categories.get(said.category_id);
  if (category === undefined) {
    problems.add(file, `${at}.category_id`, `expected the id of a category, found ${shown(said.category_id)}`);
    return null;
  }
  const shape = shapeOf(said, size, attributes);
  if (typeof shape === 'string') {
    problems.add(file, at, shape);
    return null;
  }
  // What was kept for us counts where the category is still the one that was written for it.
  const label = typeof rest.label === 'string' && (rest.label === '' || rest.label.normalize('NFC') === category.normalize('NFC')) ? rest.label : category;
  const kept = typeof rest.kind === 'string' ? { kind: rest.kind as Annotation['kind'] } : {};
  const id = typeof rest.id === 'string' ? rest.id : String(said.id ?? at);
  return annotationOf({ ...shape, ...kept, id, label, score: typeof said.score === 'number' ? said.score : null }, attributes, rest, file, at, problems);
}

type Shape = Partial<Pick<Annotation, 'kind' | 'box' | 'points' | 'runs'>>;

/** Kind and place, or what is wrong with them. */
function shapeOf(said: Record<string, unknown>, size: ImportedImage['size'], attributes: Annotation['attributes']): Shape | string {
  const { bbox, segmentation, keypoints } = said;
  const crowd = said.iscrowd === 1 || said.iscrowd === true;
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every((one) => typeof one === 'number' && Number.isFinite(one));
  if (bbox !== undefined && bbox !== null && !isBox && !(Array.isArray(bbox) && bbox.length === 0)) return `bbox: expected [x, y, width, height], found ${shown(bbox)}`;
  const box = isBox ? { x: bbox[0] as number, y: bbox[1] as number, width: bbox[2] as number, height: bbox[3] as number } : undefined;
  const outline = outlineOf(segmentation, size, attributes);
  if (typeof outline === 'string') return outline;
  const place = box ?? outline.box;
  if (!place) return 'bbox: expected [x, y, width, height], found nothing and no segmentation';
  if (Array.isArray(keypoints) && keypoints.length > 0) {
    if (keypoints.length % 3 !== 0 || keypoints.some((one) => typeof one !== 'number')) return `keypoints: expected x, y, v for each, found ${shown(keypoints)}`;
    if (Array.isArray(segmentation) && segmentation.length > 0) attributes.segmentation = segmentation;
    return { kind: crowd ? 'ignore' : 'points', box: place, points: keypoints as number[], ...(outline.runs ? { runs: outline.runs } : {}) };
  }
  const kind = crowd ? 'ignore' : outline.runs ? 'mask' : outline.points ? 'polygon' : 'box';
  return { kind, box: place, ...(outline.runs ? { runs: outline.runs } : {}), ...(outline.points ? { points: outline.points } : {}) };
}

function outlineOf(segmentation: unknown, size: ImportedImage['size'], attributes: Annotation['attributes']): Shape | string {
  if (isObject(segmentation)) return maskOf(segmentation, size);
  if (!Array.isArray(segmentation) || segmentation.length === 0) return {};
  const parts = typeof segmentation[0] === 'number' ? [segmentation] : segmentation;
  if (!parts.every(isCornerList)) return `segmentation: expected lists of x, y of three corners or more, found ${shown(segmentation)}`;
  const largest = parts.reduce((best, part) => (polygonArea(part) > polygonArea(best) ? part : best));
  if (parts.length > 1) attributes.segmentation = parts;
  const all = parts.flat();
  const [xs, ys] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { points: largest, box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
}

function maskOf(segmentation: Record<string, unknown>, size: ImportedImage['size']): Shape | string {
  const { counts } = segmentation;
  const runs = typeof counts === 'string' ? unpackRuns(counts) : Array.isArray(counts) && counts.every((run) => Number.isInteger(run) && run >= 0) ? (counts as number[]) : null;
  if (!runs) return `segmentation.counts: expected run lengths, found ${shown(counts)}`;
  const told = Array.isArray(segmentation.size) ? { height: segmentation.size[0] as number, width: segmentation.size[1] as number } : size;
  if (told && runsTotal(runs) !== told.width * told.height) return `segmentation.counts: expected ${told.width * told.height} pixels (${told.width} x ${told.height}), found ${runsTotal(runs)}`;
  const box = told ? runsBounds(runs, told.height) : null;
  return { runs, ...(box ? { box } : {}) };
}

/** Where pictures lie beside such a file, by custom. */
function foldersOf(file: string, name: string, split: string | null): string[] {
  const above = folderOf(file);
  const roots = [...new Set([above, folderOf(above), ''])];
  const subset = /_([a-z]+\d*)\.json$/i.exec(name)?.[1];
  const below = ['images', ...(subset ? [subset, `images/${subset}`] : []), ...(split ? [split, `images/${split}`] : []), 'data'];
  return [...roots.filter((root) => root !== ''), ...roots.flatMap((root) => below.map((folder) => (root ? `${root}/${folder}` : folder)))];
}

const isId = (id: unknown) => typeof id === 'number' || typeof id === 'string';
const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;
