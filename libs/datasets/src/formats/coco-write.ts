import type { Annotation } from '@argus/contracts';
import type { FileSink } from '../file-tree.js';
import type { SampleSource } from '../sample-source.js';
import { LabelList, namedSamples, textBlocks, writePictures } from './export-samples.js';
import type { ExportCount } from './imported-image.js';
import { isCornerList, polygonArea } from './outline.js';
import { type JsonObject, restOfAnnotation, restOfImage, withRest } from './our-fields.js';
import { packRuns, runsArea } from './runs.js';

export interface CocoOptions {
  /** Where the labels go. */
  readonly file?: string;
  readonly pictures?: boolean;
  readonly runs?: 'compressed' | 'uncompressed';
  /** Order of the categories; others follow as they are met. */
  readonly labels?: readonly string[];
}

/** The category of regions to ignore that have no class of their own. */
export const IGNORE = 'ignore';

/** COCO: pictures in images/, all labels in one file. Everything else that is known goes into `attributes`, so that nothing is lost. */
export async function writeCoco(source: SampleSource, sink: FileSink, options: CocoOptions = {}): Promise<ExportCount> {
  const count: ExportCount = { images: 0, annotations: 0, leftOut: {} };
  const labels = new LabelList(options.labels);
  const keypoints = new Map<number, number>();
  for await (const sample of source.samples()) {
    for (const annotation of sample.annotations) {
      const label = labels.add(categoryOf(annotation));
      if (annotation.kind === 'points') keypoints.set(label, Math.max(keypoints.get(label) ?? 0, (annotation.points?.length ?? 0) / 3));
    }
  }
  await writePictures(source, sink, ({ file }) => `images/${file}`, options.pictures);
  await sink.write(options.file ?? 'annotations/instances_default.json', textBlocks(cocoText(source, labels, keypoints, options.runs ?? 'compressed', count)));
  return count;
}

async function* cocoText(source: SampleSource, labels: LabelList, keypoints: ReadonlyMap<number, number>, runs: CocoOptions['runs'], count: ExportCount): AsyncIterable<string> {
  const categories = labels.names.map((name, i) => ({ id: i + 1, name, supercategory: '', ...keypointsOf(keypoints.get(i)) }));
  yield `{"info":${JSON.stringify({ description: source.name, version: '1.0' })},"licenses":[],\n"categories":${JSON.stringify(categories)},\n"images":[`;
  for await (const { sample, file } of namedSamples(source)) {
    count.images += 1;
    const attributes = withRest(sample.attributes, restOfImage(sample, file));
    const image = { id: count.images, file_name: file, width: sample.width, height: sample.height, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) };
    yield `${count.images > 1 ? ',' : ''}\n${JSON.stringify(image)}`;
  }
  yield '\n],\n"annotations":[';
  let image = 0;
  for await (const sample of source.samples()) {
    image += 1;
    for (const annotation of sample.annotations) {
      count.annotations += 1;
      const written = cocoAnnotation(annotation, count.annotations, image, labels.indexOf(categoryOf(annotation)) + 1, labels, [sample.height, sample.width], runs);
      yield `${count.annotations > 1 ? ',' : ''}\n${JSON.stringify(written)}`;
    }
  }
  yield '\n]}\n';
}

function cocoAnnotation(annotation: Annotation, id: number, image: number, category: number, labels: LabelList, size: [number, number], runs: CocoOptions['runs']): JsonObject {
  const { kind, box, points, runs: mask, score } = annotation;
  const parts = partsOf(annotation);
  const kept: (keyof Annotation)[] = ['box', 'score', ...(mask ? (['runs'] as const) : []), ...(isKept(annotation, parts) ? (['points'] as const) : [])];
  if (labels.names[category - 1] === annotation.label) kept.push('label');
  kept.push(...kindKept(annotation));
  const attributes = withRest(annotation.attributes, restOfAnnotation(annotation, kept));
  return {
    id, image_id: image, category_id: category, bbox: [box.x, box.y, box.width, box.height],
    area: mask ? runsArea(mask) : parts ? parts.reduce((sum, part) => sum + polygonArea(part), 0) : box.width * box.height,
    iscrowd: kind === 'ignore' ? 1 : 0,
    segmentation: mask ? { size, counts: runs === 'compressed' ? packRuns(mask) : mask } : (parts ?? []),
    ...(kind === 'points' && points && isKept(annotation, parts) ? { keypoints: points, num_keypoints: points.filter((v, i) => i % 3 === 2 && v > 0).length } : {}),
    ...(score === null ? {} : { score }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

/** Several outlines of one thing lie in its attributes; the points are then the largest of them. */
function partsOf({ kind, points, runs, attributes }: Annotation): number[][] | null {
  if (kind !== 'polygon' || runs || !isCornerList(points)) return null;
  const parts = attributes.segmentation;
  const fits = Array.isArray(parts) && parts.every(isCornerList) && parts.some((part) => JSON.stringify(part) === JSON.stringify(points));
  return fits ? (parts as number[][]) : [points];
}

const isKept = ({ kind, points }: Annotation, parts: number[][] | null) => (kind === 'polygon' ? parts !== null : kind === 'points' && points !== null && points.length % 3 === 0);

/** Whether the fields of COCO tell the kind. */
function kindKept({ kind, points, runs }: Annotation): 'kind'[] {
  const told = { box: !runs, ignore: true, mask: runs !== null, polygon: !runs && isCornerList(points), points: points !== null && !runs }[kind];
  return told ? ['kind'] : [];
}

const categoryOf = ({ label, kind }: Annotation) => label || (kind === 'ignore' ? IGNORE : 'unnamed');

function keypointsOf(many: number | undefined): JsonObject {
  return many ? { keypoints: Array.from({ length: Math.floor(many) }, (_, i) => `point ${i + 1}`), skeleton: [] } : {};
}
