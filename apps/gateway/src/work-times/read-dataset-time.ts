import { WORK_ACTIVITIES, type DatasetId, type DatasetTime, type WorkActivity } from '@argus/contracts';
import { findLabelling } from '@argus/database';
import { measuredRates } from '@argus/datasets';
import type { DataSource } from 'typeorm';

interface PeopleRow {
  readonly activity: WorkActivity;
  readonly seconds: number;
  readonly pictures: number;
  readonly boxes: number;
  readonly from: string;
  readonly to: string;
}

/** Sums over all people: who did how much is nobody's business here. Pictures of days without time are left out, or seconds for each would come out too few. */
const PEOPLE = `
  SELECT activity, sum(active_ms)::float8 / 1000 AS seconds, sum(pictures)::int AS pictures, sum(boxes)::int AS boxes, min(day)::text AS "from", max(day)::text AS "to"
  FROM work_times WHERE dataset_id = $1 AND active_ms > 0 GROUP BY activity`;

/** A harvest into the sets of a matrix has parts for each of them. What still runs counts until now. */
const MACHINE = `
  WITH work AS (
    SELECT kind, started_at, ended_at, 1 AS share FROM dataset_jobs WHERE dataset_id = $1
    UNION ALL SELECT 'harvest', started_at, ended_at, 1 FROM harvest_runs WHERE dataset_id = $1
    UNION ALL SELECT 'harvest', started_at, ended_at, mine::float8 / parts
      FROM harvest_runs AS run, LATERAL (SELECT count(*) FILTER (WHERE dataset_id = $1) AS mine, count(*) AS parts FROM harvest_parts WHERE run_id = run.id) AS counted WHERE run.dataset_id IS NULL AND mine > 0)
  SELECT kind, sum(greatest(0, extract(epoch FROM coalesce(ended_at, $2) - started_at)) * share)::float8 AS seconds, count(*)::int AS runs FROM work WHERE started_at IS NOT NULL GROUP BY kind ORDER BY seconds DESC, kind`;

export async function readDatasetTime(dataSource: DataSource, id: DatasetId, isMeasured: boolean, nowMs: number): Promise<DatasetTime> {
  const [people, machine, labelling] = await Promise.all([
    dataSource.query(PEOPLE, [id]) as Promise<PeopleRow[]>,
    dataSource.query(MACHINE, [id, new Date(nowMs)]) as Promise<DatasetTime['machine']>,
    findLabelling(dataSource, id),
  ]);
  const days = people.flatMap(({ from, to }) => [from, to]).sort();
  const activities = WORK_ACTIVITIES.flatMap((activity) => {
    const row = people.find((one) => one.activity === activity);
    return row ? [{ activity, seconds: row.seconds, pictures: row.pictures, boxes: row.boxes }] : [];
  });
  return { isMeasured, from: days[0] ?? null, to: days.at(-1) ?? null, activities, machine, rates: measuredRates(labelling) };
}
