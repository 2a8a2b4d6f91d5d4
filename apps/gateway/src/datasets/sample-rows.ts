import { Annotation, type Sample, type SampleFilter, type SampleSummary, type SampleQuery } from '@argus/contracts';
import type { z } from 'zod';
import { CursorError } from '../events/newest-first.js';

export interface SampleRow {
  readonly sha256: Buffer;
  readonly seq: string;
  readonly mime: Sample['mime'];
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly group_name: string;
  readonly camera_id: string | null;
  readonly video: string | null;
  readonly frame_index: number | null;
  readonly pts_us: string | null;
  readonly wall_at: Date | null;
  readonly time_zone: string | null;
  readonly tz_version: string | null;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  readonly phash: string | null;
  readonly split: Sample['split'];
  readonly complete: boolean;
  readonly focus: boolean;
  readonly labels: string[];
  readonly annotation_count: number;
  readonly added_at: Date;
  readonly annotations?: unknown;
  readonly attributes?: Sample['attributes'];
}

export const SUMMARY_COLUMNS = `s.sha256, s.seq, p.mime, p.bytes, p.width, p.height, s.name, s.group_name, s.camera_id, s.video, s.frame_index, s.pts_us, s.wall_at, s.time_zone, s.tz_version,
  s.sharpness, s.brightness, s.phash, s.split, s.complete, s.focus, s.labels, jsonb_array_length(s.annotations) AS annotation_count, s.added_at`;
export const SAMPLES = 'FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256';

/** phash as PostgreSQL keeps it: signed. */
const phashOf = (value: string): string => BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');

function partsOf(row: SampleRow): Omit<Sample, 'annotations' | 'attributes'> {
  const { mime, bytes, width, height, name, split, complete, focus } = row;
  return {
    sha256: row.sha256.toString('hex'), mime, bytes, width, height, name, split, complete, focus,
    origin: {
      cameraId: row.camera_id as NonNullable<Sample['origin']>['cameraId'],
      group: row.group_name,
      video: row.video,
      frameIndex: row.frame_index,
      ptsUs: row.pts_us === null ? null : Number(row.pts_us),
      wallTime: row.wall_at?.toISOString() ?? null,
      timeZone: row.time_zone,
      tzVersion: row.tz_version,
    },
    quality: row.sharpness === null || row.brightness === null || row.phash === null ? null : { sharpness: row.sharpness, brightness: row.brightness, phash: phashOf(row.phash) },
  };
}

export const summaryOf = (row: SampleRow): SampleSummary => ({ ...partsOf(row), labels: row.labels, annotationCount: row.annotation_count, addedAt: row.added_at.toISOString() });

export const sampleOf = (row: SampleRow): Sample => ({ ...partsOf(row), annotations: Annotation.array().parse(row.annotations), attributes: row.attributes ?? {} });

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
  if (filter.from) add((place) => `s.wall_at >= ${place}`, filter.from);
  if (filter.to) add((place) => `s.wall_at < ${place}`, filter.to);
  return conditions.join(' AND ');
}

const NO_TIME = '-infinity';

/** Keeps the place in the order of a list: group, time, sequence. */
export function cursorOf({ group_name, wall_at, seq }: Pick<SampleRow, 'group_name' | 'wall_at' | 'seq'>): string {
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
