import { Annotation, Sample, type Split } from '@argus/contracts';
import type { z } from 'zod';
import { type ImportProblems, shown } from './import-problems.js';
import { type ImportedImage, NOTHING_OF_OURS } from './imported-image.js';

/** Name of the attribute in which foreign formats carry what they have no place for. */
export const OURS = 'argus';

export type Json = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Record<string, Json>;

const RestOfAnnotation = Annotation.partial();
const RestOfImage = Sample.pick({ name: true, split: true, origin: true, quality: true, complete: true, focus: true, attributes: true }).partial();

const EMPTY: Partial<Record<keyof Annotation, unknown>> = { points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited' };

/** What of an annotation is left when `kept` is said by the format itself; what is empty is not said. */
export function restOfAnnotation(annotation: Annotation, kept: readonly (keyof Annotation)[]): JsonObject {
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(annotation) as [keyof Annotation, Json][]) {
    if (key === 'attributes' || kept.includes(key) || EMPTY[key] === value) continue;
    rest[key] = value;
  }
  return rest;
}

/** What of a sample is left beside name and size. */
export function restOfImage(sample: Sample, writtenAs: string): JsonObject {
  const rest: JsonObject = {};
  if (sample.name !== writtenAs) rest.name = sample.name;
  if (sample.split !== null) rest.split = sample.split;
  if (sample.origin) rest.origin = sample.origin;
  if (sample.quality) rest.quality = sample.quality;
  if (sample.complete) rest.complete = true;
  if (sample.focus) rest.focus = true;
  return rest;
}

/** Attributes with the rest among them. */
export function withRest(attributes: JsonObject, rest: JsonObject): JsonObject {
  if (OURS in attributes) return { [OURS]: { ...rest, attributes } };
  return Object.keys(rest).length > 0 ? { ...attributes, [OURS]: rest } : attributes;
}

/** Parts attributes and rest again. A rest that is not ours after all stays where it is. */
export function partRest(value: unknown): { attributes: JsonObject; rest: JsonObject } {
  const attributes = isObject(value) ? { ...(value as JsonObject) } : {};
  const rest = attributes[OURS];
  if (!isObject(rest)) return { attributes, rest: {} };
  delete attributes[OURS];
  const own = (rest as JsonObject).attributes;
  return { attributes: isObject(own) ? { ...attributes, ...(own as JsonObject) } : attributes, rest: rest as JsonObject };
}

/** An annotation of what the format says and, where that is silent, the rest. null, with a problem told, where it is none. */
export function annotationOf(said: Omit<Partial<Annotation>, 'attributes'>, attributes: JsonObject, rest: JsonObject, file: string, at: string, problems?: ImportProblems): Annotation | null {
  const known = RestOfAnnotation.safeParse(rest);
  const whole = { ...(known.success ? withoutUndefined(known.data, rest) : {}), ...withoutUndefined(said, said), attributes };
  const parsed = Annotation.safeParse(whole);
  if (parsed.success && isSane(parsed.data)) return parsed.data;
  const issue = parsed.success ? null : parsed.error.issues[0]!;
  problems?.add(file, at, issue ? `${issue.path.join('.')}: ${issue.message}; found ${shown(valueAt(whole, issue.path))}` : `box: expected a width and a height of 0 or more, found ${shown(parsed.data!.box)}`);
  return null;
}

/** What the rest says of a picture. */
export function imageRest(rest: JsonObject): { name?: string; split?: Split | null; ours: ImportedImage['ours'] } {
  const known = RestOfImage.safeParse(rest);
  if (!known.success) return { ours: NOTHING_OF_OURS };
  const { name, split, origin = null, quality = null, complete = false, focus = false } = withoutUndefined(known.data, rest) as Partial<Sample>;
  return { ...(name === undefined ? {} : { name }), ...(split === undefined ? {} : { split }), ours: { origin, quality, complete, focus } };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSane = ({ box }: Annotation) => box.width >= 0 && box.height >= 0;

/** Without what a schema filled in by default: only what was there. */
function withoutUndefined<T extends object>(value: T, present: object): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([key, one]) => one !== undefined && key in present && key !== 'attributes')) as Partial<T>;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
}
