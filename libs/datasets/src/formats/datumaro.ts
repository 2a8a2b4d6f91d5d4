import { ANNOTATION_KINDS, type Annotation, type Split, SPLITS } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import type { FileSink, FileTree } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { IGNORE } from './coco-write.js';
import { LabelList, namedSamples, textBlocks, writePictures } from './export-samples.js';
import { stemOf } from './export-names.js';
import { ImportProblems, type ReadOptions, shown } from './import-problems.js';
import type { ExportCount, ImportedImage } from './imported-image.js';
import { jsonKeys, jsonMembers, parseJson } from './json-members.js';
import { isCornerList, pointsBounds } from './outline.js';
import { annotationOf, imageRest, isObject, type Json, type JsonObject, partRest, restOfAnnotation, restOfImage, withRest } from './our-fields.js';
import { baseOf, folderOf, PictureFinder } from './picture-finder.js';
import { packRuns, runsBounds, runsTotal, unpackRuns } from './runs.js';
import { splitNamed } from './split-name.js';

export interface DatumaroOptions {
  readonly pictures?: boolean;
  readonly labels?: readonly string[];
}

const subsetOf = (split: Split | null) => split ?? 'default';
const labelOf = ({ label, kind }: Annotation) => label || (kind === 'ignore' ? IGNORE : 'unnamed');

/** Datumaro's own JSON: annotations/<subset>.json and images/<subset>/. Nothing is lost. */
export async function writeDatumaro(source: SampleSource, sink: FileSink, options: DatumaroOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = new LabelList(options.labels);
  const subsets = new Set<string>();
  for await (const sample of source.samples()) {
    subsets.add(subsetOf(sample.split));
    for (const annotation of sample.annotations) labels.add(labelOf(annotation));
  }
  await writePictures(source, sink, ({ sample, file }) => `images/${subsetOf(sample.split)}/${file}`, options.pictures);
  const known = [...SPLITS, 'default'].filter((subset) => subsets.has(subset));
  for (const subset of known.length > 0 ? known : ['default']) await sink.write(`annotations/${subset}.json`, textBlocks(subsetText(source, subset, labels, count)));
  return count;
}

async function* subsetText(source: SampleSource, subset: string, labels: LabelList, count: ExportCount): AsyncIterable<string> {
  const categories = { label: { labels: labels.names.map((name) => ({ name, parent: '', attributes: [] })), attributes: ['occluded'] } };
  yield `{"dm_format_version":"1.0","media_type":2,"infos":{},"categories":${JSON.stringify(categories)},\n"items":[`;
  let first = true;
  for await (const { sample, file } of namedSamples(source)) {
    if (subsetOf(sample.split) !== subset) continue;
    const rest = restOfImage(sample, file);
    delete rest.split;
    const attr = withRest(sample.attributes, rest);
    const annotations = sample.annotations.map((annotation, i) => datumaroAnnotation(annotation, i, labels, [sample.height, sample.width]));
    const item = { id: stemOf(file), annotations, attr, image: { path: file, size: [sample.height, sample.width] } };
    yield `${first ? '' : ','}\n${JSON.stringify(item)}`;
    first = false;
    count.images += 1;
    count.annotations += annotations.length;
  }
  yield '\n]}\n';
}

function datumaroAnnotation(annotation: Annotation, id: number, labels: LabelList, size: [number, number]): JsonObject {
  const { kind, box, points, runs, occluded } = annotation;
  const order = annotation.attributes.z_order;
  const base = { id, group: 0, label_id: labels.indexOf(labelOf(annotation)), z_order: Number.isInteger(order) ? (order as number) : 0 };
  const finish = (type: string, kept: (keyof Annotation)[], place: JsonObject): JsonObject => {
    const rest = restOfAnnotation(annotation, [...kept, 'occluded', ...(labels.names[base.label_id] === annotation.label ? (['label'] as const) : [])]);
    // An attribute of that name is somebody's own.
    if ('occluded' in annotation.attributes) rest.own = annotation.attributes.occluded!;
    return { ...base, type, attributes: { ...trackOf(annotation), ...withRest(annotation.attributes, rest), occluded }, ...place };
  };
  if (kind === 'polygon' && isCornerList(points) && !runs) return finish('polygon', ['kind', 'points'], { points });
  if (kind === 'points' && points && points.length > 0 && points.length % 3 === 0 && !runs && points.every((v, i) => i % 3 !== 2 || v === 0 || v === 1 || v === 2)) {
    return finish('points', ['kind', 'points'], { points: points.filter((_, i) => i % 3 !== 2), visibility: points.filter((_, i) => i % 3 === 2) });
  }
  if (kind === 'mask' && runs && !points && runsTotal(runs) === size[0] * size[1]) return finish('mask', ['kind', 'runs'], { rle: { counts: packRuns(runs), size } });
  return finish('bbox', ['box', ...(kind === 'box' ? (['kind'] as const) : [])], { bbox: [box.x, box.y, box.width, box.height] });
}

/** As Datumaro itself names what MOT and CVAT say of tracks; what somebody calls so stays theirs. */
function trackOf({ track, attributes }: Pick<Annotation, 'track' | 'attributes'>): JsonObject {
  return track && !TRACK_NAMES.some((name) => name in attributes) ? { track_id: track.id, keyframe: track.keyframe, outside: track.outside } : {};
}

const TRACK_NAMES = ['track_id', 'keyframe', 'outside'] as const;

export async function datumaroFiles(tree: FileTree): Promise<string[]> {
  const files: string[] = [];
  for await (const { path } of tree.files()) {
    if (!/\.json$/i.test(path)) continue;
    const keys = await jsonKeys(tree, path, ['images', 'items']);
    if (keys?.includes('items') && (keys.includes('categories') || keys.includes('dm_format_version'))) files.push(path);
  }
  return files;
}

export async function* readDatumaro(tree: FileTree, options: ReadOptions = {}): AsyncIterable<ImportedImage> {
  const problems = options.problems ?? new ImportProblems();
  const files = await datumaroFiles(tree);
  if (files.length === 0) throw new DatasetFileError('expected a JSON file with "categories" and "items" (Datumaro), found none', {});
  const finder = new PictureFinder(tree);
  for (const file of files) {
    const labels = await labelsOf(tree, file);
    const subset = baseOf(file).replace(/\.json$/i, '');
    for await (const { index, bytes } of jsonMembers(tree, file, (key) => (key === 'items' ? 'items' : 'skip'))) {
      const image = await imageOf(file, `items[${index}]`, bytes, subset, labels, finder, problems);
      if (image) yield image;
    }
  }
}

async function labelsOf(tree: FileTree, file: string): Promise<string[]> {
  for await (const { key, bytes } of jsonMembers(tree, file, (name) => (name === 'categories' ? 'whole' : 'skip'))) {
    const said = parseJson(file, key, bytes);
    const list = isObject(said) && isObject(said.label) ? said.label.labels : null;
    if (!Array.isArray(list)) return [];
    return list.map((one) => (isObject(one) && typeof one.name === 'string' ? one.name : ''));
  }
  return [];
}

async function imageOf(file: string, at: string, bytes: Buffer, subset: string, labels: readonly string[], finder: PictureFinder, problems: ImportProblems): Promise<ImportedImage | null> {
  const said = parseJson(file, at, bytes);
  if (!isObject(said) || (typeof said.id !== 'string' && typeof said.id !== 'number')) {
    problems.add(file, `${at}.id`, `expected an item with an id, found ${shown(said)}`);
    return null;
  }
  const media = isObject(said.image) ? said.image : isObject(said.media) ? said.media : {};
  const name = typeof media.path === 'string' && media.path !== '' ? media.path.replaceAll('\\', '/') : `${said.id}.jpg`;
  const size = Array.isArray(media.size) && media.size.length >= 2 ? { height: media.size[0] as number, width: media.size[1] as number } : null;
  const root = folderOf(folderOf(file));
  const folders = [`images/${subset}`, 'images', subset].map((folder) => (root ? `${root}/${folder}` : folder));
  const path = await finder.find(name, folders);
  if (!path) problems.add(file, at, `the picture ${shown(name)} is not there`);
  const { attributes, rest } = partRest(said.attr);
  const ours = imageRest(rest);
  const annotations: Annotation[] = [];
  const tags: string[] = [];
  for (const [i, one] of (Array.isArray(said.annotations) ? said.annotations : []).entries()) {
    if (isObject(one) && one.type === 'label') tags.push(labels[one.label_id as number] ?? '');
    else {
      const annotation = readAnnotation(one, size, labels, file, `${at}.annotations[${i}]`, problems);
      if (annotation) annotations.push(annotation);
    }
  }
  if (tags.length > 0) attributes.tags = tags;
  return { path, name: ours.name ?? baseOf(name), size, split: ours.split ?? splitNamed(subset), group: folderOf(name), annotations, attributes, ours: ours.ours };
}

function readAnnotation(said: unknown, size: ImportedImage['size'], labels: readonly string[], file: string, at: string, problems: ImportProblems): Annotation | null {
  const place = isObject(said) ? placeOf(said, size) : `expected an object, found ${shown(said)}`;
  const told = isObject(said) ? labels[said.label_id as number] : undefined;
  if (typeof place === 'string' || told === undefined) {
    problems.add(file, at, typeof place === 'string' ? place : `label_id: expected the number of a label, found ${shown((said as JsonObject).label_id)}`);
    return null;
  }
  const own = (said as JsonObject).attributes;
  const { attributes, rest } = partRest(own);
  const occluded = isObject(own) && own.occluded === true;
  if ('own' in rest) attributes.occluded = rest.own as Json;
  else delete attributes.occluded;
  if (isObject(rest.track) && attributes.track_id === rest.track.id) for (const name of TRACK_NAMES) delete attributes[name];
  const order = (said as JsonObject).z_order;
  if (typeof order === 'number' && order !== 0) attributes.z_order = order;
  const kind = place.kind === 'box' && (ANNOTATION_KINDS as readonly unknown[]).includes(rest.kind) ? (rest.kind as Annotation['kind']) : place.kind;
  const label = typeof rest.label === 'string' ? rest.label : told;
  const id = typeof rest.id === 'string' ? rest.id : String((said as JsonObject).id ?? at);
  // A box that is kept for us bounds an outline that Datumaro has no box for.
  const box = place.kind !== 'box' && isObject(rest.box) ? (rest.box as Annotation['box']) : place.box;
  return annotationOf({ ...place, kind, box, id, label, occluded }, attributes, rest, file, at, problems);
}

function placeOf(said: Record<string, unknown>, size: ImportedImage['size']): (Pick<Annotation, 'kind' | 'box'> & Partial<Annotation>) | string {
  const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((one) => typeof one === 'number');
  if (said.type === 'bbox') {
    if (!isNumbers(said.bbox) || said.bbox.length !== 4) return `bbox: expected [x, y, width, height], found ${shown(said.bbox)}`;
    const [x, y, width, height] = said.bbox as [number, number, number, number];
    return { kind: 'box', box: { x, y, width, height } };
  }
  if (said.type === 'polygon') {
    if (!isCornerList(said.points)) return `points: expected x, y of three corners or more, found ${shown(said.points)}`;
    return { kind: 'polygon', points: said.points, box: pointsBounds(said.points)! };
  }
  if (said.type === 'points') {
    const xy = said.points;
    if (!isNumbers(xy) || xy.length < 2 || xy.length % 2 !== 0) return `points: expected x, y of each, found ${shown(xy)}`;
    const visibility = isNumbers(said.visibility) && said.visibility.length * 2 === xy.length ? said.visibility : null;
    const points = Array.from({ length: xy.length / 2 }, (_, i) => [xy[i * 2]!, xy[i * 2 + 1]!, visibility?.[i] ?? 2]).flat();
    return { kind: 'points', points, box: pointsBounds(points, 3) ?? pointsBounds(xy)! };
  }
  if (said.type === 'mask') {
    const rle = isObject(said.rle) ? said.rle : {};
    const runs = typeof rle.counts === 'string' ? unpackRuns(rle.counts) : isNumbers(rle.counts) ? rle.counts : null;
    const [height, width] = isNumbers(rle.size) ? (rle.size as [number, number]) : [size?.height ?? 0, size?.width ?? 0];
    if (!runs || runsTotal(runs) !== width * height) return `rle: expected run lengths of ${width * height} pixels, found ${shown(rle.counts)}`;
    return { kind: 'mask', runs, box: runsBounds(runs, height) ?? { x: 0, y: 0, width: 0, height: 0 } };
  }
  return `type: expected bbox, polygon, points, mask or label, found ${shown(said.type)}`;
}
