import { Annotation } from '@argus/contracts';
import { phashOf } from '@argus/database';
import type { DataSource } from 'typeorm';

/** A sample of a set as jobs look at it. */
export interface SetSample {
  readonly seq: string;
  readonly sha256: Buffer;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly group: string;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  /** Sixteen hexadecimal digits. */
  readonly phash: string | null;
  /** Of the pixels. */
  readonly rgb: Buffer | null;
  readonly complete: boolean;
  readonly annotations: readonly Annotation[];
  readonly labels: readonly string[];
}

type SampleRow = Omit<SetSample, 'annotations' | 'phash'> & { readonly phash: string | null; readonly annotations: unknown };

const COLUMNS = `s.seq, s.sha256, p.width, p.height, s.name, s.group_name AS "group", s.sharpness, s.brightness, s.phash, p.rgb, s.complete, s.annotations, s.labels`;
const FROM = `FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256 WHERE s.dataset_id = $1 AND s.removed_at IS NULL`;
/** Read at once: with their annotations some megabytes. */
const PAGE = 2000;

/** Behind a place, in the order in which they came into the set. */
export async function samplesAfter(dataSource: DataSource, datasetId: string, seq: string, limit: number): Promise<SetSample[]> {
  return ((await dataSource.query(`SELECT ${COLUMNS} ${FROM} AND s.seq > $2 ORDER BY s.seq LIMIT $3`, [datasetId, seq, limit])) as SampleRow[]).map(sampleOf);
}

/** null: it is not in the set any more. */
export async function findSample(dataSource: DataSource, datasetId: string, sha256: string): Promise<SetSample | null> {
  const [row] = (await dataSource.query(`SELECT ${COLUMNS} ${FROM} AND s.sha256 = $2`, [datasetId, Buffer.from(sha256, 'hex')])) as SampleRow[];
  return row ? sampleOf(row) : null;
}

export async function countSamples(dataSource: DataSource, datasetId: string): Promise<number> {
  const [row] = (await dataSource.query(`SELECT count(*)::int AS count ${FROM}`, [datasetId])) as { count: number }[];
  return row?.count ?? 0;
}

export async function countSamplesUpTo(dataSource: DataSource, datasetId: string, seq: string): Promise<number> {
  const [row] = (await dataSource.query(`SELECT count(*)::int AS count ${FROM} AND s.seq <= $2`, [datasetId, seq])) as { count: number }[];
  return row?.count ?? 0;
}

/** All of them, a few thousand at a time. */
export async function* allSamples(dataSource: DataSource, datasetId: string): AsyncGenerator<SetSample> {
  for (let last = '0'; ; ) {
    const page = await samplesAfter(dataSource, datasetId, last, PAGE);
    yield* page;
    const end = page.at(-1);
    if (page.length < PAGE || !end) return;
    last = end.seq;
  }
}

const sampleOf = ({ phash, annotations, ...row }: SampleRow): SetSample => ({ ...row, phash: phash === null ? null : phashOf(phash), annotations: Annotation.array().parse(annotations) });

/** Somebody has looked at it, or made it: not a model alone. */
export const isByPerson = ({ state }: Pick<Annotation, 'state'>): boolean => state !== 'auto';

/** What is to be seen in the picture; not what is to be ignored. */
export const objectsOf = ({ annotations }: SetSample): Annotation[] => annotations.filter(({ kind }) => kind !== 'ignore');
