import type { Sample } from '@argus/contracts';
import { labelsOf, SAMPLE_COLUMNS, storedPhash } from '@argus/database';
import type { EntityManager } from 'typeorm';
import { DatasetJobFailedError } from '../errors.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { sealSet } from './seal-version.js';
import { openVersion } from './sealed-version.js';

interface Place {
  /** Samples that are staged. */
  readonly staged: number;
}

interface Restored {
  readonly before: string | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

const BATCH = 500;
/** Somebody works on the set while it is sealed: after so many times he is not done soon. */
const MOST_TRIES = 5;

/**
 * The set becomes what a version says: its samples are staged, in batches; what the set is now is sealed; then all changes in one transaction, unless the set was changed since it
 * was sealed, which is done again then. So nothing is lost that no version has, and nobody sees half of it.
 */
export const restoreVersion: RunKind<'restore-version'> = async (job) => {
  const { digest } = job.options;
  const known = job.placeOf<Restored>('restored');
  if (known === undefined) await stage(job);
  const restored = known ?? (await swap(job));
  return async (manager) => {
    await manager.query('DELETE FROM staged_samples WHERE job_id = $1', [job.id]);
    return { kind: 'restore-version', digest, ...restored };
  };
};

async function stage(job: JobOf<'restore-version'>): Promise<void> {
  const version = await openVersion(job, job.options.digest);
  try {
    const first = await stagedOf(job);
    job.expectPictures(version.manifest.counts.samples, first);
    let at = 0;
    let batch: Sample[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      await job.keep('staged', batch.length, async (manager) => {
        await manager.query('INSERT INTO staged_samples (job_id, sha256, sample) SELECT $1, * FROM unnest($2::bytea[], $3::jsonb[]) ON CONFLICT DO NOTHING', [job.id, batch.map(({ sha256 }) => Buffer.from(sha256, 'hex')), batch.map((sample) => JSON.stringify(rowOf(sample)))]);
        return { place: { staged: at } satisfies Place, answer: null };
      });
      batch = [];
    };
    for await (const sample of version.samples()) {
      at += 1;
      if (at > first) batch.push(sample);
      if (batch.length === BATCH) await flush();
    }
    await flush();
  } finally {
    await version.close();
  }
  const [missing] = (await job.work.dataSource.query('SELECT count(*)::int AS count FROM staged_samples AS staged WHERE job_id = $1 AND NOT EXISTS (SELECT 1 FROM pictures WHERE sha256 = staged.sha256)', [job.id])) as [{ count: number }];
  if (missing.count > 0) throw new DatasetJobFailedError(`${missing.count} of the pictures that the version names are not there any more; nothing was changed`);
}

/** How many there are already; none where they were cleared away since the job was stopped. */
async function stagedOf(job: JobOf<'restore-version'>): Promise<number> {
  const { staged } = job.placeOf<Place>('staged') ?? { staged: 0 };
  const [row] = (await job.work.dataSource.query('SELECT count(*)::int AS count FROM staged_samples WHERE job_id = $1', [job.id])) as [{ count: number }];
  return row.count === staged ? staged : 0;
}

/** As `dataset_samples` has it: read by the names of its columns. */
function rowOf({ name, origin, quality, split, complete, focus, annotations, attributes }: Sample): object {
  return {
    name, split, complete, focus, annotations, attributes,
    labels: labelsOf(annotations),
    group_name: origin?.group ?? '',
    camera_id: origin?.cameraId ?? null,
    video: origin?.video ?? null,
    frame_index: origin?.frameIndex ?? null,
    pts_us: origin?.ptsUs ?? null,
    wall_at: origin?.wallTime ?? null,
    time_zone: origin?.timeZone ?? null,
    tz_version: origin?.tzVersion ?? null,
    sharpness: quality?.sharpness ?? null,
    brightness: quality?.brightness ?? null,
    phash: quality ? storedPhash(quality.phash) : null,
  };
}

const of = (table: string): string => SAMPLE_COLUMNS.map((column) => `${table}.${column}`).join(', ');
/** One of before whose picture is an original stays one. Samples that are so already are left alone. */
const APPLY = `
  WITH applied AS (
    INSERT INTO dataset_samples AS s (dataset_id, sha256, is_original, ${SAMPLE_COLUMNS.join(', ')}, added_at)
    SELECT $1, staged.sha256, p.is_original, ${of('given')}, $3
    FROM staged_samples AS staged JOIN pictures AS p ON p.sha256 = staged.sha256, jsonb_populate_record(NULL::dataset_samples, staged.sample) AS given
    WHERE staged.job_id = $2 ORDER BY staged.sha256
    ON CONFLICT (dataset_id, sha256) DO UPDATE SET removed_at = NULL, is_original = s.is_original OR EXCLUDED.is_original, ${SAMPLE_COLUMNS.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
    WHERE s.removed_at IS NOT NULL OR (${of('s')}) IS DISTINCT FROM (${of('EXCLUDED')})
    RETURNING 1)
  SELECT count(*)::int AS count FROM applied`;
const PRESENT = `
  SELECT (SELECT count(*)::int FROM dataset_samples WHERE dataset_id = $1 AND removed_at IS NULL) AS all, (SELECT count(*)::int FROM staged_samples WHERE job_id = $2) AS staged,
    (SELECT count(*)::int FROM staged_samples AS staged JOIN dataset_samples AS s ON s.dataset_id = $1 AND s.sha256 = staged.sha256 AND s.removed_at IS NULL WHERE staged.job_id = $2) AS present`;
const REMOVE = `UPDATE dataset_samples AS s SET removed_at = $3 WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM staged_samples AS staged WHERE staged.job_id = $2 AND staged.sha256 = s.sha256)`;

class ChangedMeanwhile extends Error {}

async function swap(job: JobOf<'restore-version'>): Promise<Restored> {
  for (let tries = 1; ; tries += 1) {
    const sealed = await sealSet(job, `before restoring ${job.options.digest.slice(0, 12)}`);
    try {
      return await job.keep('restored', 0, async (manager) => {
        await sealed?.write(manager);
        const changes = await apply(manager, job, sealed?.revision ?? null);
        const restored = { before: sealed?.digest ?? null, ...changes };
        return { place: restored, answer: restored };
      });
    } catch (error) {
      if (!isToTryAgain(error)) throw error;
      if (tries === MOST_TRIES) throw new DatasetJobFailedError('the set is changed all the time, so nothing was restored; stop what writes into it, then go on with this job');
    }
  }
}

/** @throws ChangedMeanwhile where what is replaced is not what was sealed; null: it was empty */
async function apply(manager: EntityManager, { id, datasetId, options, work }: JobOf<'restore-version'>, sealedRevision: string | null): Promise<Omit<Restored, 'before'>> {
  const now = new Date(work.clock.nowMs());
  const [present] = (await manager.query(PRESENT, [datasetId, id])) as [{ present: number; all: number; staged: number }];
  const [applied] = (await manager.query(APPLY, [datasetId, id, now])) as [{ count: number }];
  const [, removed] = (await manager.query(REMOVE, [datasetId, id, now])) as [unknown, number];
  const [, isSame] = (await manager.query(
    'UPDATE datasets SET revision = revision + 1, head = $2, head_revision = revision + 1, updated_at = $3 WHERE id = $1 AND ($4::bigint IS NULL OR revision = $4)',
    [datasetId, Buffer.from(options.digest, 'hex'), now, sealedRevision],
  )) as [unknown, number];
  if (isSame === 0 || (sealedRevision === null && present.all > 0)) throw new ChangedMeanwhile();
  const added = present.staged - present.present;
  return { added, changed: applied.count - added, removed };
}

/** Somebody changed samples after they were sealed, or while we did: PostgreSQL ends one of two that wait for each other. */
const isToTryAgain = (error: unknown): boolean => error instanceof ChangedMeanwhile || (error as { code?: string }).code === '40P01';
