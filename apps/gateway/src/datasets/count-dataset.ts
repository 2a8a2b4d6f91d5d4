import { DatasetEntity } from '@argus/database';
import type { DataSource } from 'typeorm';

const COUNT = `
  WITH present AS (SELECT s.group_name, s.complete, s.annotations, p.bytes FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256 WHERE s.dataset_id = $1 AND s.removed_at IS NULL),
    labelled AS (SELECT annotation->>'label' AS label, count(*)::int AS count, (count(*) FILTER (WHERE annotation->>'state' = 'auto'))::int AS unreviewed FROM present, jsonb_array_elements(annotations) AS annotation GROUP BY 1)
  SELECT count(*)::int AS samples, coalesce(sum(bytes), 0)::float AS bytes, coalesce(sum(jsonb_array_length(annotations)), 0)::int AS annotations,
    count(DISTINCT group_name)::int AS groups, count(*) FILTER (WHERE complete)::int AS complete,
    (SELECT coalesce(jsonb_object_agg(label, count), '{}') FROM labelled) AS labels, (SELECT coalesce(sum(unreviewed), 0)::int FROM labelled) AS unreviewed
  FROM present`;

/** Counted anew only after a change; lists of sets cost nothing else. */
export async function countDataset(dataSource: DataSource, row: DatasetEntity): Promise<DatasetEntity> {
  if (row.countedRevision === row.revision && row.counts.unreviewed !== undefined) return row;
  const [counts] = (await dataSource.query(COUNT, [row.id])) as [DatasetEntity['counts']];
  // Of the revision that was read before: a change meanwhile is counted the next time.
  await dataSource.getRepository(DatasetEntity).update({ id: row.id }, { counts, countedRevision: row.revision });
  return Object.assign(row, { counts, countedRevision: row.revision });
}
