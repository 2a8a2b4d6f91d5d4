import type { DatasetId, DatasetMatrix, DatasetStatistics, MatrixQuery } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import { conditionsOf, isTruncatedAt } from './sample-rows.js';

const CELLS = (where: string, step: string, zone: string): string => `
  SELECT s.group_name AS "group", date_trunc('${step}', s.wall_at, ${zone}) AS at, count(*)::int AS samples, (array_agg(s.sha256 ORDER BY s.seq))[1] AS cover
  FROM dataset_samples AS s WHERE ${where} GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST`;

/** Groups against time. */
export async function readMatrix(dataSource: DataSource, id: DatasetId, { step, timeZone, ...filter }: MatrixQuery): Promise<DatasetMatrix> {
  const values: unknown[] = [id];
  const where = conditionsOf(filter, values);
  values.push(timeZone);
  const rows = (await dataSource.query(CELLS(where, step, `$${values.length}`), values)) as { group: string; at: Date | null; samples: number; cover: Buffer }[];
  const names = [...new Set(rows.map(({ group }) => group))];
  const place = new Map(names.map((name, index) => [name, index]));
  const groups = names.map((name) => ({ name, samples: 0 }));
  const cells = rows.map(({ group, at, samples, cover }) => {
    const index = place.get(group) as number;
    (groups[index] as { samples: number }).samples += samples;
    return { group: index, at: at?.toISOString() ?? null, samples, cover: cover.toString('hex') };
  });
  return { step, groups, cells };
}

const PRESENT = `FROM dataset_samples AS s WHERE s.dataset_id = $1 AND s.removed_at IS NULL`;
const BINS = 40;

/** How a set is made up. */
export async function readStatistics(dataSource: DataSource, id: DatasetId): Promise<DatasetStatistics> {
  const ask = async <Row>(sql: string): Promise<Row[]> => dataSource.query(sql, [id]) as Promise<Row[]>;
  const histogram = (value: string, from: string): Promise<{ from: number; count: number }[]> =>
    ask(`WITH given AS (SELECT ${value} AS value ${from}), bounds AS (SELECT min(value) AS low, max(value) AS high FROM given)
      SELECT (low + (high - low) / ${BINS} * bin)::float AS "from", count(*)::int AS count
      FROM (SELECT low, high, least(${BINS - 1}, floor((value - low) / nullif(high - low, 0) * ${BINS}))::int AS bin FROM given, bounds WHERE value IS NOT NULL) AS binned
      GROUP BY low, high, coalesce(bin, 0), bin ORDER BY 1`);
  const [labels, groups, splits, hours, sharpness, brightness, boxSizes, [truncated]] = await Promise.all([
    ask<DatasetStatistics['labels'][number]>(`SELECT annotation->>'label' AS label, count(*)::int AS annotations, count(DISTINCT s.sha256)::int AS samples FROM dataset_samples AS s, jsonb_array_elements(s.annotations) AS annotation
      WHERE s.dataset_id = $1 AND s.removed_at IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500`),
    ask<DatasetStatistics['groups'][number]>(`SELECT s.group_name AS name, count(*)::int AS samples, coalesce(sum(jsonb_array_length(s.annotations)), 0)::int AS annotations ${PRESENT} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000`),
    ask<{ split: 'train' | 'val' | 'test' | 'none'; samples: number }>(`SELECT coalesce(s.split, 'none') AS split, count(*)::int AS samples ${PRESENT} GROUP BY 1`),
    ask<DatasetStatistics['hours'][number]>(`SELECT extract(hour FROM s.wall_at AT TIME ZONE coalesce(s.time_zone, 'UTC'))::int AS hour, count(*)::int AS samples ${PRESENT} AND s.wall_at IS NOT NULL GROUP BY 1 ORDER BY 1`),
    histogram('s.sharpness', PRESENT),
    histogram('s.brightness', PRESENT),
    histogram(`sqrt((annotation#>>'{box,width}')::float * (annotation#>>'{box,height}')::float)`, `FROM dataset_samples AS s, jsonb_array_elements(s.annotations) AS annotation WHERE s.dataset_id = $1 AND s.removed_at IS NULL`),
    ask<DatasetStatistics['truncated']>(`SELECT count(*)::int AS annotations, count(DISTINCT s.sha256)::int AS samples FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256, generate_series(1, cardinality(s.boxes), 5) AS i
      WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND ${isTruncatedAt('s.boxes', 'i')}`),
  ]);
  const splitCounts = { train: 0, val: 0, test: 0, none: 0, ...Object.fromEntries(splits.map(({ split, samples }) => [split, samples])) };
  return { labels, groups, splits: splitCounts, hours, sharpness, brightness, boxSizes, truncated: truncated ?? { annotations: 0, samples: 0 } };
}
