import type { Annotation, DatasetId, SampleQuality } from '@argus/contracts';
import { labelsOf, storedPhash } from '@argus/database';
import type { EntityManager } from 'typeorm';
import type { SetSample } from './set-samples.js';

export interface PartSample {
  readonly from: DatasetId;
  readonly to: DatasetId;
  readonly sample: Pick<SetSample, 'sha256' | 'name'>;
  /** The new picture; null: it is the whole of the old one, which then stays what it is. */
  readonly part: {
    readonly sha256: Buffer;
    readonly name: string;
    readonly quality: SampleQuality;
    /** Of which picture it was made and how: one attribute. What the old one was made of, that one says. */
    readonly made: Readonly<Partial<Record<(typeof HOW)[number], object>>>;
  } | null;
  readonly annotations: readonly Annotation[];
}

const HOW = ['crop', 'transform'] as const;

/**
 * Where it was taken, in which split it is and whether all of it is labelled is as in the whole picture; `attributes` say which part of which one it is. One that was taken out comes back; one that is
 * there stays as people left it.
 */
const SAMPLE = `
  INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, sharpness, brightness, phash, split, complete, focus, annotations, labels, attributes, added_at)
  SELECT $1, $4, $5, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, coalesce($6, sharpness), coalesce($7, brightness), coalesce($8, phash), split, complete, focus, $9, $10, (attributes - $12::text[]) || $11, now()
  FROM dataset_samples WHERE dataset_id = $2 AND sha256 = $3 AND removed_at IS NULL
  ON CONFLICT (dataset_id, sha256) DO UPDATE SET removed_at = NULL, annotations = excluded.annotations, labels = excluded.labels, attributes = excluded.attributes WHERE dataset_samples.removed_at IS NOT NULL RETURNING 1`;

/** Whether it is new in the set. */
export async function writePartSample(manager: EntityManager, { from, to, sample, part, annotations }: PartSample): Promise<boolean> {
  const { sharpness = null, brightness = null, phash } = part?.quality ?? {};
  const values = [part?.sha256 ?? sample.sha256, part?.name ?? sample.name, sharpness, brightness, phash === undefined ? null : storedPhash(phash), JSON.stringify(annotations), labelsOf(annotations), JSON.stringify(part?.made ?? {}), part ? HOW : []];
  const rows = (await manager.query(SAMPLE, [to, from, sample.sha256, ...values])) as unknown[];
  return rows.length > 0;
}

/** Called as the old one, with a word behind it. */
export const partName = (name: string, word: string): string => `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '').slice(-280)}-${word}.jpg`;
