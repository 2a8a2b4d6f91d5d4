import type { SampleStorage } from '@argus/contracts';
import type { DataSource } from 'typeorm';

interface StorageRow extends Pick<SampleStorage, 'pictures' | 'bytes' | 'unusedPictures' | 'unusedBytes'> {
  readonly collectedPictures: number;
  readonly collectedBytes: number;
}

type LastRow = Omit<NonNullable<SampleStorage['last']>, 'at'> & { readonly at: Date };

const STORAGE = `
  SELECT count(*)::int AS pictures, coalesce(sum(bytes), 0)::float8 AS bytes, (count(*) FILTER (WHERE unused_since IS NOT NULL))::int AS "unusedPictures",
    coalesce(sum(bytes) FILTER (WHERE unused_since IS NOT NULL), 0)::float8 AS "unusedBytes",
    (SELECT coalesce(sum(pictures), 0)::int FROM sample_collections) AS "collectedPictures", (SELECT coalesce(sum(bytes), 0)::float8 FROM sample_collections) AS "collectedBytes"
  FROM pictures`;
const LAST = 'SELECT ended_at AS at, samples, versions, pictures, bytes::float8 AS bytes, problem FROM sample_collections ORDER BY ended_at DESC LIMIT 1';

export interface SampleCollections {
  readonly pictures: number;
  readonly bytes: number;
  /** null: there was none yet. */
  readonly lastAt: Date | null;
  readonly isBroken: boolean;
}

const COLLECTIONS = `
  SELECT coalesce(sum(pictures), 0)::int AS pictures, coalesce(sum(bytes), 0)::float8 AS bytes, max(ended_at) AS "lastAt",
    coalesce((SELECT problem IS NOT NULL FROM sample_collections ORDER BY ended_at DESC LIMIT 1), false) AS "isBroken"
  FROM sample_collections`;

/** What was freed since the beginning; cheap, for figures that are asked for all the time. */
export async function readSampleCollections(dataSource: DataSource): Promise<SampleCollections> {
  const [row] = (await dataSource.query(COLLECTIONS)) as [SampleCollections];
  return row;
}

/** What pictures of sample sets take. */
export async function readSampleStorage(dataSource: DataSource): Promise<SampleStorage> {
  const [[sum], [last]] = (await Promise.all([dataSource.query(STORAGE), dataSource.query(LAST)])) as [[StorageRow], LastRow[]];
  const { collectedPictures, collectedBytes, ...held } = sum;
  return { ...held, collected: { pictures: collectedPictures, bytes: collectedBytes }, last: last ? { ...last, at: last.at.toISOString() } : null };
}
