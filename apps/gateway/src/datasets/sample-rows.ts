import { Annotation, type SampleFilter, type SampleQuery, type SampleSummary } from '@argus/contracts';
import { SAMPLE_PARTS, samplePartsOf, type SamplePartsRow, SAMPLES, type DatasetEntity } from '@argus/database';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { CursorError } from '../events/newest-first.js';
import { worthOf, type Yardstick } from './sample-worth.js';
import { yardstickOf } from './yardstick-of.js';

export interface SummaryRow extends SamplePartsRow {
  readonly seq: string;
  readonly labels: string[];
  readonly annotations: unknown;
  readonly added_at: Date;
}

export const SUMMARY_COLUMNS = `${SAMPLE_PARTS}, s.seq, s.labels, s.annotations, s.added_at`;

/** Of samples by digest, in that order; those that the set has not are left out. */
export async function summariesOf(dataSource: DataSource, set: Pick<DatasetEntity, 'id' | 'goal'>, sha256s: readonly string[]): Promise<SampleSummary[]> {
  const rows = (await dataSource.query(`SELECT ${SUMMARY_COLUMNS} ${SAMPLES} WHERE s.dataset_id = $1 AND s.sha256 = ANY ($2)`, [set.id, sha256s.map((sha256) => Buffer.from(sha256, 'hex'))])) as SummaryRow[];
  const yardstick = await yardstickOf(dataSource, set);
  const found = new Map(rows.map((row) => [row.sha256.toString('hex'), row]));
  return sha256s.flatMap((sha256) => found.get(sha256) ?? []).map((row) => summaryOf(row, yardstick));
}

export function summaryOf(row: SummaryRow, yardstick: Yardstick): SampleSummary {
  const annotations = Annotation.array().parse(row.annotations);
  const worth = worthOf({ ...row, objects: annotations.filter(({ kind }) => kind !== 'ignore') }, yardstick);
  return { ...samplePartsOf(row), labels: row.labels, annotationCount: annotations.length, addedAt: row.added_at.toISOString(), worth };
}

/** Of `s`: has an object that …; `i` is where it begins in `boxes`. */
const OBJECT = 'EXISTS (SELECT FROM generate_series(1, cardinality(s.boxes), 5) AS i WHERE';
/** … touches or crosses the picture's edge, as `isTruncated` has it. */
const TRUNCATED = `EXISTS (SELECT FROM pictures AS p, generate_series(1, cardinality(s.boxes), 5) AS i WHERE p.sha256 = s.sha256 AND ${isTruncatedAt('s.boxes', 'i')})`;

/** As `isTruncated`, of a box in an array; `p` is its picture. */
export function isTruncatedAt(boxes: string, at: string): string {
  return `(${boxes}[${at}] <= 1.5 OR ${boxes}[${at} + 1] <= 1.5 OR ${boxes}[${at}] + ${boxes}[${at} + 2] >= p.width - 1.5 OR ${boxes}[${at} + 1] + ${boxes}[${at} + 3] >= p.height - 1.5)`;
}

/** Conditions on `s` with their values; the set's id is $1. */
export function conditionsOf(filter: z.infer<typeof SampleFilter>, values: unknown[]): string {
  const conditions = ['s.dataset_id = $1', filter.removed ? 's.removed_at IS NOT NULL' : 's.removed_at IS NULL'];
  const add = (condition: (place: string) => string, value: unknown): void => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (filter.group) add((place) => `s.group_name = ANY (${place})`, filter.group);
  if (filter.label) add((place) => `s.labels && ${place}`, filter.label);
  if (filter.split) add((place) => `coalesce(s.split, 'none') = ANY (${place})`, filter.split);
  if (filter.complete !== undefined) add((place) => `s.complete = ${place}`, filter.complete);
  if (filter.focus !== undefined) add((place) => `s.focus = ${place}`, filter.focus);
  if (filter.from) add((place) => `s.wall_at >= ${place}`, filter.from);
  if (filter.to) add((place) => `s.wall_at < ${place}`, filter.to);
  if (filter.sharpnessFrom !== undefined) add((place) => `s.sharpness >= ${place}`, filter.sharpnessFrom);
  if (filter.sharpnessTo !== undefined) add((place) => `s.sharpness < ${place}`, filter.sharpnessTo);
  if (filter.brightnessFrom !== undefined) add((place) => `s.brightness >= ${place}`, filter.brightnessFrom);
  if (filter.brightnessTo !== undefined) add((place) => `s.brightness < ${place}`, filter.brightnessTo);
  if (filter.boxFrom !== undefined || filter.boxTo !== undefined) {
    values.push(filter.boxFrom ?? 0, filter.boxTo ?? 1e9);
    const side = 'least(s.boxes[i + 2], s.boxes[i + 3])';
    conditions.push(`${OBJECT} ${side} >= $${values.length - 1} AND ${side} < $${values.length})`);
  }
  if (filter.truncated !== undefined) conditions.push(filter.truncated ? TRUNCATED : `NOT ${TRUNCATED}`);
  return conditions.join(' AND ');
}

const NO_TIME = '-infinity';

/** Keeps the place in the order of a list: group, time, sequence. */
export function cursorOf({ group_name, wall_at, seq }: Pick<SummaryRow, 'group_name' | 'wall_at' | 'seq'>): string {
  return Buffer.from(JSON.stringify([group_name, wall_at?.toISOString() ?? NO_TIME, seq])).toString('base64url');
}

/** @throws CursorError */
export function afterCursor({ cursor }: Pick<SampleQuery, 'cursor'>, values: unknown[]): string {
  if (cursor === undefined) return 'true';
  const place = placeOf(cursor);
  values.push(...place);
  const at = values.length - 2;
  return `(s.group_name, coalesce(s.wall_at, '-infinity'::timestamptz), s.seq) > ($${at}, $${at + 1}::timestamptz, $${at + 2}::bigint)`;
}

function placeOf(cursor: string): [string, string, string] {
  try {
    const [group, at, seq] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (typeof group === 'string' && typeof at === 'string' && (at === NO_TIME || !Number.isNaN(Date.parse(at))) && typeof seq === 'string' && /^\d{1,18}$/.test(seq)) return [group, at, seq];
  } catch {
    // As below.
  }
  throw new CursorError('cursor: expected the nextCursor of an earlier page, as it came');
}
