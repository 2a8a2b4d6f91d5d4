import { Annotation, Sample, SampleOrigin, SampleQuality } from '@argus/contracts';
import { DatasetFileError } from '../errors.js';
import { shallow } from '../shallow.js';
import { extraOf, withExtra, type KnownFields } from './extra.js';
import { packPoints, packRuns, unpackPoints, unpackRuns } from './geometry.js';
import type { TableColumn } from './table-writer.js';

const known = (shape: object): Record<string, true> => Object.fromEntries(Object.keys(shape).map((name) => [name, true as const]));
const SAMPLE_FIELDS: KnownFields = { ...known(Sample.shape), origin: known(SampleOrigin.shape), quality: known(SampleQuality.shape) };
const ANNOTATION_FIELDS: KnownFields = {
  ...known(Annotation.shape),
  box: { x: true, y: true, width: true, height: true },
  track: { id: true, keyframe: true, outside: true },
  model: { id: true, version: true, digest: true },
};

const jsonOrNull = (value: object | null): string | null => (value === null || Object.keys(value).length === 0 ? null : JSON.stringify(value));
const int64 = (value: number | null | undefined): bigint | null => (value === null || value === undefined ? null : BigInt(value));

type Row = Readonly<Record<string, unknown>>;

/** images.parquet: one row a sample, in the order of digests. */
export const IMAGE_COLUMNS: readonly TableColumn<Sample>[] = [
  { name: 'sha256', type: 'STRING', valueOf: ({ sha256 }) => sha256 },
  { name: 'mime', type: 'STRING', valueOf: ({ mime }) => mime },
  { name: 'bytes', type: 'INT64', valueOf: ({ bytes }) => BigInt(bytes) },
  { name: 'width', type: 'INT32', valueOf: ({ width }) => width },
  { name: 'height', type: 'INT32', valueOf: ({ height }) => height },
  { name: 'name', type: 'STRING', valueOf: ({ name }) => name },
  { name: 'camera', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.cameraId },
  { name: 'group', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.group },
  { name: 'video', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.video },
  { name: 'frameIndex', type: 'INT64', isNullable: true, valueOf: ({ origin }) => int64(origin?.frameIndex) },
  { name: 'ptsUs', type: 'INT64', isNullable: true, valueOf: ({ origin }) => int64(origin?.ptsUs) },
  { name: 'wallTime', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.wallTime },
  { name: 'timeZone', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.timeZone },
  { name: 'tzVersion', type: 'STRING', isNullable: true, valueOf: ({ origin }) => origin?.tzVersion },
  { name: 'sharpness', type: 'DOUBLE', isNullable: true, valueOf: ({ quality }) => quality?.sharpness },
  { name: 'brightness', type: 'DOUBLE', isNullable: true, valueOf: ({ quality }) => quality?.brightness },
  { name: 'phash', type: 'STRING', isNullable: true, valueOf: ({ quality }) => quality?.phash },
  { name: 'split', type: 'STRING', isNullable: true, valueOf: ({ split }) => split },
  { name: 'complete', type: 'BOOLEAN', valueOf: ({ complete }) => complete },
  { name: 'focus', type: 'BOOLEAN', valueOf: ({ focus }) => focus },
  { name: 'annotations', type: 'INT32', valueOf: ({ annotations }) => annotations.length },
  { name: 'attributes', type: 'STRING', isNullable: true, valueOf: ({ attributes }) => jsonOrNull(attributes) },
  { name: 'extra', type: 'STRING', isNullable: true, valueOf: (sample) => jsonOrNull(extraOf(sample, SAMPLE_FIELDS)) },
];

/** An annotation with the row of its picture. */
export interface AnnotationRow {
  readonly imageRow: number;
  readonly imageSha: string;
  readonly annotation: Annotation;
}

/** annotations.parquet: the annotations of the first picture in their order, of the second … */
export const ANNOTATION_COLUMNS: readonly TableColumn<AnnotationRow>[] = [
  { name: 'imageRow', type: 'INT32', encoding: 'DELTA_BINARY_PACKED', valueOf: ({ imageRow }) => imageRow },
  { name: 'imageSha', type: 'STRING', valueOf: ({ imageSha }) => imageSha },
  { name: 'id', type: 'STRING', valueOf: ({ annotation }) => annotation.id },
  { name: 'kind', type: 'STRING', valueOf: ({ annotation }) => annotation.kind },
  { name: 'label', type: 'STRING', valueOf: ({ annotation }) => annotation.label },
  { name: 'x', type: 'DOUBLE', valueOf: ({ annotation }) => annotation.box.x },
  { name: 'y', type: 'DOUBLE', valueOf: ({ annotation }) => annotation.box.y },
  { name: 'width', type: 'DOUBLE', valueOf: ({ annotation }) => annotation.box.width },
  { name: 'height', type: 'DOUBLE', valueOf: ({ annotation }) => annotation.box.height },
  { name: 'points', type: 'BYTE_ARRAY', isNullable: true, valueOf: ({ annotation: { points } }) => points && packPoints(points) },
  { name: 'runs', type: 'BYTE_ARRAY', isNullable: true, valueOf: ({ annotation: { runs } }) => runs && packRuns(runs) },
  { name: 'trackId', type: 'STRING', isNullable: true, valueOf: ({ annotation: { track } }) => track?.id },
  { name: 'keyframe', type: 'BOOLEAN', isNullable: true, valueOf: ({ annotation: { track } }) => track?.keyframe },
  { name: 'outside', type: 'BOOLEAN', isNullable: true, valueOf: ({ annotation: { track } }) => track?.outside },
  { name: 'occluded', type: 'BOOLEAN', valueOf: ({ annotation }) => annotation.occluded },
  // NaN: none. A column without nulls is read twice as fast, and this is the one that is asked about.
  { name: 'score', type: 'DOUBLE', hasStatistics: false, valueOf: ({ annotation }) => annotation.score ?? Number.NaN },
  { name: 'modelId', type: 'STRING', isNullable: true, valueOf: ({ annotation: { model } }) => model?.id },
  { name: 'modelVersion', type: 'STRING', isNullable: true, valueOf: ({ annotation: { model } }) => model?.version },
  { name: 'modelDigest', type: 'STRING', isNullable: true, valueOf: ({ annotation: { model } }) => model?.digest },
  { name: 'state', type: 'STRING', valueOf: ({ annotation }) => annotation.state },
  { name: 'attributes', type: 'STRING', isNullable: true, valueOf: ({ annotation }) => jsonOrNull(annotation.attributes) },
  { name: 'extra', type: 'STRING', isNullable: true, valueOf: ({ annotation }) => jsonOrNull(extraOf(annotation, ANNOTATION_FIELDS)) },
];

const IMAGE_NAMES = new Set(IMAGE_COLUMNS.map(({ name }) => name));
const ANNOTATION_NAMES = new Set(ANNOTATION_COLUMNS.map(({ name }) => name));

/** A row of images.parquet as a sample. Throws DatasetFileError, with `where`, for what is not one. */
export function sampleOf(row: Row, annotations: readonly Annotation[], strangers: readonly string[], where: string): Sample {
  const { sha256, mime, bytes, width, height, name, split, complete, focus } = row;
  const origin = isNone(row['group']) ? null : { cameraId: row['camera'], group: row['group'], video: row['video'], frameIndex: numberOf(row['frameIndex']), ptsUs: numberOf(row['ptsUs']), wallTime: row['wallTime'], timeZone: row['timeZone'], tzVersion: row['tzVersion'] };
  const quality = isNone(row['sharpness']) ? null : { sharpness: row['sharpness'], brightness: row['brightness'], phash: row['phash'] };
  const fields = { sha256, mime, bytes: numberOf(bytes), width, height, name, origin: nullable(origin), quality, split: split ?? null, complete, focus, attributes: jsonOf(row['attributes'], where) ?? {} };
  const parsed = Sample.safeParse(fields);
  if (!parsed.success) throw misfit(parsed.error, where);
  return withExtra({ ...parsed.data, annotations: [...annotations] }, restOf(row, strangers, where), SAMPLE_FIELDS);
}

/** A row of annotations.parquet. */
export function annotationOf(row: Row, strangers: readonly string[], where: string): Annotation {
  const { id, kind, label, x, y, width, height, points, runs, occluded, score, state } = row;
  const track = isNone(row['trackId']) ? null : { id: row['trackId'], keyframe: row['keyframe'], outside: row['outside'] };
  const model = isNone(row['modelId']) ? null : { id: row['modelId'], version: row['modelVersion'], digest: row['modelDigest'] };
  const geometry = { points: points instanceof Uint8Array ? unpackPoints(points) : null, runs: runs instanceof Uint8Array ? unpackRuns(runs) : null };
  const parsed = Annotation.safeParse({ id, kind, label, box: { x, y, width, height }, ...geometry, track, occluded, score: typeof score !== 'number' || Number.isNaN(score) ? null : score, model, state, attributes: jsonOf(row['attributes'], where) ?? {} });
  if (!parsed.success) throw misfit(parsed.error, where);
  return withExtra(parsed.data, restOf(row, strangers, where), ANNOTATION_FIELDS);
}

/** Columns that we do not know: kept as fields that we do not know. */
export const strangeImageColumns = (columns: readonly string[]): readonly string[] => columns.filter((name) => !IMAGE_NAMES.has(name));
export const strangeAnnotationColumns = (columns: readonly string[]): readonly string[] => columns.filter((name) => !ANNOTATION_NAMES.has(name));

function restOf(row: Row, strangers: readonly string[], where: string): Record<string, unknown> | null {
  let rest = jsonOf(row['extra'], where);
  for (const name of strangers) if (!isNone(row[name])) rest = { ...rest, [name]: plainOf(row[name]) };
  return rest;
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function jsonOf(text: unknown, where: string): Record<string, unknown> | null {
  if (isNone(text)) return null;
  try {
    const value = shallow(JSON.parse(String(text)) as unknown);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new DatasetFileError(`${where}: expected a JSON object, got ${String(text).slice(0, 80)}`);
}

const misfit = (error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }, where: string): DatasetFileError =>
  new DatasetFileError(`${where}: ${error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
const numberOf = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

/** A column that is not in the file at all reads as undefined. */
function nullable<T extends object>(fields: T | null): T | null {
  return fields && (Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? null])) as T);
}
