import type { CameraId, DatasetId, GuideStep, GuideStepId, LearnGuide, Permission } from '@argus/contracts';
import { DatasetEntity } from '@argus/database';
import { ArrayContainedBy, type DataSource } from 'typeorm';
import { may, type Principal } from '../auth/principal.js';
import { countDataset } from '../datasets/count-dataset.js';

/** Sets that were worked on last: older ones are not asked how far they are. */
const MOST_SETS = 200;

/** By an index, one look for each camera. */
const FOOTAGE = 'SELECT count(*)::int AS count FROM cameras WHERE ($1::uuid[] IS NULL OR id = ANY ($1)) AND EXISTS (SELECT 1 FROM recording_segments WHERE camera_id = cameras.id)';
/** The first that works and keeps nothing; else any, to look at. */
const CAMERA = `SELECT id FROM cameras WHERE ($1::uuid[] IS NULL OR id = ANY ($1)) ORDER BY (recording->>'mode') = 'off' DESC, enabled DESC, name, id LIMIT 1`;
const HARVESTS = `SELECT count(*)::int AS count FROM harvest_runs WHERE state = 'done' AND added > 0 AND ($1::uuid[] IS NULL OR (NOT of_videos AND camera_ids <@ $1))`;
const JOBS = `SELECT kind, count(*)::int AS count FROM dataset_jobs WHERE dataset_id = ANY ($1) AND state = 'done' AND kind = ANY ($2) GROUP BY kind`;
const VERSIONS = 'SELECT count(*)::int AS count FROM dataset_versions WHERE dataset_id = ANY ($1) AND gone_at IS NULL';
const JOB_OF = { choose: 'pick-diverse', label: 'auto-label', export: 'export' } as const;

/** What somebody needs to do a step; to see it, the route's own is enough. */
const NEEDED: Readonly<Record<GuideStepId, readonly Permission[]>> = {
  record: ['camera.write'],
  harvest: ['harvest.read', 'harvest.run'],
  choose: ['dataset.write'],
  label: ['dataset.write'],
  review: ['dataset.write'],
  seal: ['dataset.write'],
  export: ['dataset.write', 'dataset.export'],
};

/** How far the data loop is, by what there is: of the cameras whose recordings the caller may look at, and of the sets that he sees. */
export async function readLearnGuide(dataSource: DataSource, caller: Principal): Promise<LearnGuide> {
  const { recordings } = caller.access;
  const [footage, harvests, sets, camera] = await Promise.all([
    countOf(dataSource, FOOTAGE, [recordings]),
    may(caller, 'harvest.read') ? countOf(dataSource, HARVESTS, [recordings]) : 0,
    readSets(dataSource, caller),
    dataSource.query(CAMERA, [recordings]) as Promise<{ id: CameraId }[]>,
  ]);
  const ids = sets.map(({ id }) => id);
  const [jobs, versions] = await Promise.all([countJobs(dataSource, ids), countOf(dataSource, VERSIONS, [ids])]);
  const filled = sets.filter(({ counts }) => counts.samples > 0);
  const hasLabels = filled.some(({ counts }) => counts.annotations > 0);
  const step = (id: GuideStepId, count: number, isPossible: boolean): GuideStep => ({
    id,
    count,
    state: count > 0 ? 'done' : isPossible ? 'ready' : 'waiting',
    missing: NEEDED[id].filter((permission) => !may(caller, permission)),
    cameraId: id === 'record' ? (camera[0]?.id ?? null) : null,
    datasetId: id === 'record' || id === 'harvest' ? null : bestOf(id === 'review' ? filled.filter(({ counts }) => counts.annotations > 0) : filled),
  });
  const hasPictures = filled.length > 0;
  return {
    steps: [
      step('record', footage, true),
      // Of who may not see runs, sets say that there was one.
      step('harvest', harvests || filled.filter(({ recipeId }) => recipeId !== null).length, footage > 0),
      step('choose', jobs.get(JOB_OF.choose) ?? 0, hasPictures),
      step('label', jobs.get(JOB_OF.label) ?? 0, hasPictures),
      step('review', filled.reduce((sum, { counts }) => sum + counts.complete, 0), hasLabels),
      step('seal', versions, hasPictures),
      step('export', jobs.get(JOB_OF.export) ?? 0, hasPictures),
    ],
  };
}

/** What was worked on last is gone on with. */
const bestOf = (sets: readonly DatasetEntity[]): DatasetId | null => sets[0]?.id ?? null;

async function readSets(dataSource: DataSource, caller: Principal): Promise<DatasetEntity[]> {
  const { recordings } = caller.access;
  const where = { ...(recordings === null ? {} : { cameraIds: ArrayContainedBy(recordings) }), ...(caller.cameraScope === null ? {} : { hasUnknownCameras: false }) };
  const rows = await dataSource.getRepository(DatasetEntity).find({ where, order: { updatedAt: 'DESC', id: 'DESC' }, take: MOST_SETS });
  return Promise.all(rows.map((row) => countDataset(dataSource, row)));
}

async function countJobs(dataSource: DataSource, ids: readonly DatasetId[]): Promise<Map<string, number>> {
  const rows = (await dataSource.query(JOBS, [ids, Object.values(JOB_OF)])) as { kind: string; count: number }[];
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}

async function countOf(dataSource: DataSource, sql: string, values: readonly unknown[]): Promise<number> {
  return ((await dataSource.query(sql, [...values])) as { count: number }[])[0]?.count ?? 0;
}
