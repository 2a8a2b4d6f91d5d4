import type { Annotation } from '@argus/contracts';
import { IGNORE } from './coco-write.js';
import { type ImportProblems, shown } from './import-problems.js';
import { isCornerList, isSameBox, pointsBounds } from './outline.js';
import { annotationOf, isObject, type Json, type JsonObject, OURS, restOfAnnotation } from './our-fields.js';
import { runsBounds, runsTotal, wholeRuns, windowRuns } from './runs.js';
import { shallow } from '../shallow.js';
import type { XmlNode } from './xml-elements.js';
import { xmlAttributes, xmlJson, xmlSayable, xmlText } from './xml-text.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

type Place = Pick<Annotation, 'box'> & Partial<Pick<Annotation, 'kind' | 'points' | 'runs'>>;

/** The label that CVAT is told: regions to ignore may have none. */
export function cvatLabel({ label, kind }: Pick<Annotation, 'label' | 'kind'>): string {
  return xmlSayable(label) || (kind === 'ignore' ? IGNORE : 'unnamed');
}

/**
 * An annotation as a shape of CVAT. What CVAT has no place for is JSON in an attribute `argus`, which counts on reading as far as the
 * shape is still the one that was written: what was changed in CVAT wins.
 */
export function cvatShape(annotation: Annotation, size: PictureSize, more: Readonly<Record<string, string | number>> = {}, labelled = true): string {
  const { tag, fields, place, told } = shapeOf(annotation, size);
  const rest: JsonObject = restOfAnnotation(annotation, ['occluded', ...told]);
  if (cvatLabel(annotation) === annotation.label) delete rest.label;
  if (isSameBox(place.box, annotation.box)) delete rest.box;
  else rest.seen = [place.box.x, place.box.y, place.box.width, place.box.height];
  if (tag === 'points') rest.visible = annotation.points!.filter((_, i) => i % 3 === 2);
  if (annotation.state === 'auto' && labelled) delete rest.state;
  const attributes = attributeLines(annotation.attributes, rest, labelled ? ['z_order', 'group_id'] : ['z_order']);
  const { z_order: order, group_id: group } = annotation.attributes;
  const head = xmlAttributes({
    ...(labelled ? { label: cvatLabel(annotation), source: annotation.state === 'auto' ? 'auto' : 'manual' } : {}), ...more, occluded: annotation.occluded ? 1 : 0, ...fields,
    z_order: Number.isInteger(order) ? (order as number) : 0, ...(Number.isInteger(group) && labelled ? { group_id: group as number } : {}),
  });
  return attributes ? `    <${tag}${head}>\n${attributes}    </${tag}>\n` : `    <${tag}${head}/>\n`;
}

function shapeOf(annotation: Annotation, size: PictureSize): { tag: string; fields: Record<string, string | number>; place: Place; told: (keyof Annotation)[] } {
  const { kind, box, points, runs } = annotation;
  if (kind === 'polygon' && isCornerList(points) && !runs) return { tag: 'polygon', fields: { points: pairs(points, 2) }, place: { box: pointsBounds(points)! }, told: ['kind', 'points'] };
  if (kind === 'points' && points && points.length > 0 && points.length % 3 === 0 && !runs) {
    const xy = points.filter((_, i) => i % 3 !== 2);
    return { tag: 'points', fields: { points: pairs(xy, 2) }, place: { box: pointsBounds(points, 3) ?? pointsBounds(xy)! }, told: ['kind', 'points'] };
  }
  const window = kind === 'mask' && runs && !points && isPlain(runs, size) ? runsBounds(runs, size.height) : null;
  if (window) {
    const rle = windowRuns(runs!, size.height, window).join(', ');
    return { tag: 'mask', fields: { rle, left: window.x, top: window.y, width: window.width, height: window.height }, place: { box: window }, told: ['kind', 'runs'] };
  }
  const [xtl, ytl, xbr, ybr] = [box.x, box.y, box.x + box.width, box.y + box.height];
  return { tag: 'box', fields: { xtl, ytl, xbr, ybr }, place: { box: { x: xtl, y: ytl, width: xbr - xtl, height: ybr - ytl } }, told: kind === 'box' ? ['kind'] : [] };
}

/** The only way to write this mask: no empty runs but the first. */
const isPlain = (runs: readonly number[], { width, height }: PictureSize) => runsTotal(runs) === width * height && runs.every((run, i) => i === 0 || run > 0);

const pairs = (numbers: readonly number[], step: number) => Array.from({ length: numbers.length / step }, (_, i) => `${numbers[i * step]},${numbers[i * step + 1]}`).join(';');

function attributeLines(attributes: Annotation['attributes'], rest: JsonObject, asFields: readonly string[]): string {
  const lines: string[] = [];
  const [types, unsayable]: [JsonObject, JsonObject] = [{}, {}];
  for (const [name, value] of Object.entries(attributes)) {
    if (asFields.includes(name) && Number.isInteger(value) && value !== 0) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (name === OURS || name === '' || xmlSayable(name) !== name || xmlSayable(text) !== text) unsayable[name] = value;
    else {
      if (typeof value !== 'string') types[name] = typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'json';
      lines.push(`      <attribute name="${xmlText(name)}">${xmlText(text)}</attribute>\n`);
    }
  }
  const all = { ...rest, ...(Object.keys(types).length > 0 ? { types } : {}), ...(Object.keys(unsayable).length > 0 ? { attributes: unsayable } : {}) };
  if (Object.keys(all).length > 0) lines.push(`      <attribute name="${OURS}">${xmlText(xmlJson(all))}</attribute>\n`);
  return lines.join('');
}

/** A shape as an annotation; null, with a problem told, where it cannot be. Tracks give label and source for their shapes. */
export function readCvatShape(node: XmlNode, size: PictureSize | null, file: string, at: string, problems: ImportProblems, inherited: Readonly<Record<string, string>> = {}, said: Partial<Annotation> = {}): Annotation | null {
  const fields = { ...inherited, ...node.attributes };
  const { attributes, rest } = attributesOf(node, fields);
  const place = placeOf(node.name, fields, size, rest);
  if (typeof place === 'string') {
    problems.add(file, at, place);
    return null;
  }
  if (fields.label === undefined) {
    problems.add(file, at, 'label: expected one, found nothing');
    return null;
  }
  const kind = place.kind === 'box' && typeof rest.kind === 'string' ? (rest.kind as Annotation['kind']) : place.kind;
  const label = typeof rest.label === 'string' && cvatLabel({ label: rest.label, kind: kind! }) === fields.label ? rest.label : fields.label;
  const state = fields.source === 'auto' ? { state: 'auto' as const } : {};
  const id = typeof rest.id === 'string' ? rest.id : (fields.id ?? at.replaceAll(/[^\w]+/g, '-').slice(0, 64));
  return annotationOf({ id, ...place, kind, label, occluded: fields.occluded === '1', ...state, ...said }, attributes, rest, file, at, problems);
}

function attributesOf(node: XmlNode, fields: Readonly<Record<string, string>>): { attributes: JsonObject; rest: JsonObject } {
  const attributes: JsonObject = {};
  let rest: JsonObject = {};
  for (const child of node.children) {
    const name = child.attributes.name;
    if (child.name !== 'attribute' || name === undefined) continue;
    const json = name === OURS ? tryJson(child.text) : undefined;
    if (isObject(json)) rest = json as JsonObject;
    else attributes[name] = child.text;
  }
  for (const [name, type] of Object.entries(isObject(rest.types) ? rest.types : {})) {
    const value = typeof attributes[name] === 'string' ? tryJson(attributes[name]) : undefined;
    if (value !== undefined && (type === 'json' || typeof value === type)) attributes[name] = value;
  }
  for (const name of ['z_order', 'group_id']) {
    const value = Number(fields[name] ?? 0);
    if (Number.isInteger(value) && value !== 0) attributes[name] = value;
  }
  return { attributes: isObject(rest.attributes) ? { ...attributes, ...(rest.attributes as JsonObject) } : attributes, rest };
}

function placeOf(tag: string, fields: Readonly<Record<string, string>>, size: PictureSize | null, rest: JsonObject): Place | string {
  const place = tag === 'box' ? boxOf(fields) : tag === 'mask' ? maskOf(fields, size) : tag === 'polygon' || tag === 'points' ? pointsOf(tag, fields, rest) : `expected box, polygon, points, mask or tag, found <${tag}>`;
  if (typeof place === 'string' || !isObject(rest.box)) return place;
  const { x, y, width, height } = place.box;
  const isAsWritten = JSON.stringify(rest.seen) === JSON.stringify([x, y, width, height]);
  return isAsWritten ? { ...place, box: rest.box as Annotation['box'] } : place;
}

function boxOf(fields: Readonly<Record<string, string>>): Place | string {
  const names = ['xtl', 'ytl', 'xbr', 'ybr'];
  const numbers = names.map((name) => numberOf(fields[name]));
  const wrong = numbers.findIndex((one) => one === null);
  if (wrong >= 0) return `${names[wrong]}: expected a number, found ${shown(fields[names[wrong]!])}`;
  if (fields.rotation !== undefined && Number(fields.rotation) !== 0) return `rotation: turned boxes are not read, found ${shown(fields.rotation)}`;
  const [xtl, ytl, xbr, ybr] = numbers as [number, number, number, number];
  return { kind: 'box', box: { x: xtl, y: ytl, width: xbr - xtl, height: ybr - ytl } };
}

function pointsOf(tag: 'polygon' | 'points', fields: Readonly<Record<string, string>>, rest: JsonObject): Place | string {
  const numbers = (fields.points ?? '').split(';').flatMap((pair) => pair.split(',').map(numberOf));
  const least = tag === 'polygon' ? 6 : 2;
  if (numbers.length < least || numbers.length % 2 !== 0 || numbers.includes(null)) return `points: expected x,y;x,y;… of ${least / 2} or more, found ${shown(fields.points)}`;
  const xy = numbers as number[];
  if (tag === 'polygon') return { kind: 'polygon', points: xy, box: pointsBounds(xy)! };
  const visible = Array.isArray(rest.visible) && rest.visible.length === xy.length / 2 ? (rest.visible as number[]) : xy.filter((_, i) => i % 2 === 0).map(() => 2);
  const points = visible.flatMap((v, i) => [xy[i * 2]!, xy[i * 2 + 1]!, v]);
  return { kind: 'points', points, box: pointsBounds(points, 3) ?? pointsBounds(xy)! };
}

function maskOf(fields: Readonly<Record<string, string>>, size: PictureSize | null): Place | string {
  if (!size) return 'a mask needs the width and height of its picture, found neither';
  const [x, y, width, height] = ['left', 'top', 'width', 'height'].map((name) => Number(fields[name])) as [number, number, number, number];
  const rows = (fields.rle ?? '').split(',').map((run) => (/^\s*\d+\s*$/.test(run) ? Number(run) : -1));
  const runs = rows.includes(-1) || ![x, y, width, height].every(Number.isInteger) ? null : wholeRuns(rows, { x, y, width, height }, size.width, size.height);
  if (!runs) return `rle: expected run lengths within left, top, width, height of a picture of ${size.width} x ${size.height}, found ${shown(fields.rle)} at ${x},${y} ${width} x ${height}`;
  return { kind: 'mask', runs, box: runsBounds(runs, size.height) ?? { x, y, width, height } };
}

function numberOf(text: string | undefined): number | null {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

export function tryJson(text: string): Json | undefined {
  try {
    return shallow(JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
