import { HarvestRecipe, type CameraId, type DatasetId, type HarvestRecipeId, type HarvestRunId, type SegmentId } from '@argus/contracts';
import { isoTime, newId, type Clock } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { CLAIM_END, MOST_ATTEMPTS } from '../claims.js';
import { storable } from '../dataset-jobs/storable.js';
import { HarvestClaimLostError } from '../errors.js';
import { addSamples } from './add-samples.js';
import type { TakenSample } from './taken-sample.js';

/** A run whose parts are to be made. */
export interface ClaimedRun {
  readonly id: HarvestRunId;
  readonly claim: string;
  readonly recipeId: HarvestRecipeId;
  readonly recipe: HarvestRecipe;
  readonly cameraIds: readonly CameraId[];
  readonly datasetId: DatasetId | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Where to go on in a video file; the pictures up to there are in the set, or left out. */
export interface VideoPlace {
  /** Number and media time of the last picture that was done; -1: none yet. */
  readonly frame: number;
  readonly ptsUs: number;
  /** Where its scenes begin (number, media time), once that is known; null: not yet, or nobody asks. */
  readonly scenes: readonly (readonly [frame: number, ptsUs: number])[] | null;
  /** Of the file, 0..1, for whoever waits. */
  readonly share?: number;
}

/** Consecutive segments of one camera, or video files of one group, for one worker. Files are named by ids of `harvest_videos` where segments are. */
export interface ClaimedPart {
  readonly runId: HarvestRunId;
  readonly part: number;
  readonly claim: string;
  readonly recipeId: HarvestRecipeId;
  readonly recipe: HarvestRecipe;
  readonly datasetId: DatasetId;
  /** null: files. */
  readonly cameraId: CameraId | null;
  /** Of files; null: a camera. */
  readonly group: string | null;
  readonly segmentIds: readonly SegmentId[];
  /** Of the same camera, in the part before; null: it is the first. */
  readonly segmentBefore: SegmentId | null;
  /** How many of its pictures may be taken in all; null: any number. */
  readonly quota: number | null;
  /** Those before it are done. */
  readonly nextSegment: number;
  /** Within the next one; null: from its beginning. */
  readonly cursor: VideoPlace | null;
  /** When its run was begun: `last` days of a calendar count from then. */
  readonly runCreatedAt: Date;
}

export interface PlannedParts {
  readonly parts: readonly PlannedPart[];
  /** What could not be looked at. */
  readonly troubles: readonly { readonly video: string; readonly problem: string }[];
}

export interface PlannedPart {
  readonly datasetId: DatasetId;
  readonly cameraId: CameraId | null;
  readonly group: string | null;
  readonly segmentIds: readonly SegmentId[];
  readonly segmentBefore: SegmentId | null;
  readonly quota: number | null;
}

/** What became of one segment. */
export interface SegmentOutcome {
  readonly segmentId: SegmentId;
  readonly samples: readonly TakenSample[];
  /** Left out, because they were nearly those before. */
  readonly near: number;
  /** It could not be read; null: it could. */
  readonly problem: string | null;
  /** Of a file that is not over yet: where to go on. */
  readonly place?: VideoPlace | null;
  /** Of a file that was left out for its size: by which rules. */
  readonly rejectedBy?: Buffer;
  /** What a trouble is told of; else the segment's id. */
  readonly told?: string;
}

/** Which footage a worker gets at. `all`: whatever there is; `disk`: what needs no bucket; `bucket`: what needs nothing else. */
export type FootageReach = 'all' | 'disk' | 'bucket';

const MOST_TROUBLES = 100;
const NO_PLAN = `workers ended ${MOST_ATTEMPTS} times while they looked for the footage of this run, most likely for want of memory (their log and the system's say more); give them more and resume the run, or run the recipe with fewer cameras, days or files`;

const CLAIM_RUN = (reach: FootageReach): string => `
  UPDATE harvest_runs SET claim = $1, claimed_until = ${CLAIM_END}, attempts = attempts + 1, started_at = coalesce(started_at, $2)
  WHERE id = (SELECT id FROM harvest_runs WHERE state = 'queued' AND (claim IS NULL OR claimed_until < now()) ${reach === 'bucket' ? `AND coalesce(recipe->'source'->>'kind', 'cameras') = 'cameras'` : ''} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, claim, recipe_id AS "recipeId", recipe, camera_ids AS "cameraIds", dataset_id AS "datasetId", created_by AS "createdBy", created_at AS "createdAt", attempts`;

/** Of the files that are left of a part, and the one before them: that says which slot of time is taken. */
const footageIn = (tier: 'local' | 'remote'): string => `
  EXISTS (SELECT 1 FROM recording_segments AS file WHERE file.tier = '${tier}' AND file.id = ANY (candidate.segment_ids[greatest(candidate.next_segment, 1):] || CASE WHEN candidate.next_segment = 0 THEN candidate.segment_before END))`;
const REACHED: Readonly<Record<FootageReach, string>> = {
  all: '',
  disk: `AND NOT ${footageIn('remote')}`,
  bucket: `AND candidate.camera_id IS NOT NULL AND NOT ${footageIn('local')}`,
};
/** Of the run of which the fewest parts are worked on: a long one does not keep a short one waiting. Part by part until one fits: of a long run there are thousands. */
const CLAIM_PART = (reach: FootageReach): string => `
  UPDATE harvest_parts AS part SET state = 'running', claim = $1, claimed_until = ${CLAIM_END}, attempts = part.attempts + 1
  FROM harvest_runs AS run
  WHERE run.id = part.run_id AND (part.run_id, part.part) = (
    SELECT next.run_id, next.part
    FROM (
      SELECT its.id FROM harvest_runs AS its LEFT JOIN (SELECT run_id, count(*) AS parts FROM harvest_parts WHERE state = 'running' GROUP BY run_id) AS busy ON busy.run_id = its.id
      WHERE its.state = 'running' ORDER BY coalesce(busy.parts, 0), its.id) AS its,
    LATERAL (
      SELECT candidate.run_id, candidate.part FROM harvest_parts AS candidate
      WHERE candidate.run_id = its.id AND candidate.state IN ('queued', 'running') AND (candidate.state = 'queued' OR candidate.claimed_until < now()) ${REACHED[reach]}
      ORDER BY candidate.part LIMIT 1 FOR UPDATE SKIP LOCKED) AS next
    LIMIT 1)
  RETURNING part.run_id AS "runId", part.part, part.claim, run.recipe_id AS "recipeId", run.recipe, coalesce(part.dataset_id, run.dataset_id) AS "datasetId", part.camera_id AS "cameraId",
    part.group_name AS "group", part.cursor, part.segment_ids AS "segmentIds", part.segment_before AS "segmentBefore", part.quota, part.next_segment AS "nextSegment", run.created_at AS "runCreatedAt", part.attempts`;

/** Rows of harvests as workers write them. What is not claimed by this worker any more is a HarvestClaimLostError. */
export class HarvestStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The oldest run without parts; null: none. One whose planning killed its workers is given up. */
  async claimRun(reach: FootageReach): Promise<ClaimedRun | null> {
    for (;;) {
      const [[run]] = (await this.dataSource.query(CLAIM_RUN(reach), [newId(), isoTime(this.clock.nowMs())])) as [(ClaimedRun & { attempts: number })[], number];
      if (!run) return null;
      if (run.attempts <= MOST_ATTEMPTS) return { ...run, recipe: HarvestRecipe.parse(run.recipe) };
      await this.failRun(run, NO_PLAN);
    }
  }

  /** A part that waits, or that a dead worker left; null: none. One that killed its workers is given up. */
  async claimPart(reach: FootageReach): Promise<ClaimedPart | null> {
    for (;;) {
      const [rows] = (await this.dataSource.query(CLAIM_PART(reach), [newId()])) as [(ClaimedPart & { attempts: number })[], number];
      const [part] = rows;
      if (!part) return null;
      const claimed = { ...part, recipe: HarvestRecipe.parse(part.recipe) };
      if (part.attempts <= MOST_ATTEMPTS) return claimed;
      await this.giveUp(claimed, 'workers died at this segment, or could not go on, three times');
    }
  }

  /** Says that it is still being planned. */
  async renewRun({ id, claim }: ClaimedRun): Promise<void> {
    await this.dataSource.query(`UPDATE harvest_runs SET claimed_until = ${CLAIM_END} WHERE id = $1 AND claim = $2`, [id, claim]);
  }

  /** The parts of a run, its set (null: a matrix of sets), and that it runs. Without parts it is done, or failed where there were only troubles. */
  async plan(run: ClaimedRun, datasetId: DatasetId | null, { parts, troubles }: PlannedParts): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const total = parts.reduce((sum, { segmentIds }) => sum + segmentIds.length, troubles.length);
      const state = parts.length > 0 ? 'running' : troubles.length > 0 ? 'failed' : 'done';
      const now = isoTime(this.clock.nowMs());
      const [, count] = (await manager.query(
        `UPDATE harvest_runs SET state = $3, is_planned = $3 <> 'failed', dataset_id = $4, segments_total = $5, claim = NULL, claimed_until = NULL, ended_at = CASE WHEN $3 <> 'running' THEN $6::timestamptz END,
          segments_failed = $7, troubles = $8, problem = CASE WHEN $3 = 'failed' THEN 'none of the footage could be read' END WHERE id = $1 AND claim = $2`,
        [run.id, run.claim, state, datasetId, total, now, troubles.length, JSON.stringify(troubles.slice(0, MOST_TROUBLES).map(shortTrouble))],
      )) as [unknown[], number];
      if (count === 0) throw new HarvestClaimLostError(run.id);
      for (const [index, { cameraId, group, datasetId: into, segmentIds, segmentBefore, quota }] of parts.entries()) {
        await manager.query(`INSERT INTO harvest_parts (run_id, part, camera_id, group_name, segment_ids, segment_before, quota, dataset_id, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued')`, [run.id, index, cameraId, group, segmentIds, segmentBefore, quota, into]);
      }
    });
  }

  async failRun(run: ClaimedRun, problem: string): Promise<void> {
    await this.dataSource.query(`UPDATE harvest_runs SET state = 'failed', problem = $3, ended_at = $4, claim = NULL, claimed_until = NULL WHERE id = $1 AND claim = $2`, [run.id, run.claim, problem.slice(0, 2000), isoTime(this.clock.nowMs())]);
  }

  /** Says that it is still at it. */
  async renew(part: ClaimedPart): Promise<void> {
    await this.#update(this.dataSource.manager, part, `claimed_until = ${CLAIM_END}`, []);
  }

  /** Samples of a segment, or of a stretch of a file, with the cursor behind it, or none of both. Their pictures are durable already. */
  async commit(part: ClaimedPart, outcome: SegmentOutcome, rules: Buffer): Promise<void> {
    const { segmentId, samples, near, problem, place = null, rejectedBy = null } = outcome;
    const isOver = place === null;
    const count = (isThis: boolean): number => (isOver && isThis ? 1 : 0);
    await this.dataSource.transaction(async (manager) => {
      await this.#update(manager, part, `next_segment = next_segment + $4, cursor = $5, claimed_until = ${CLAIM_END}, attempts = 0`, [count(true), place && JSON.stringify(place)]);
      const added = await addSamples(manager, part, samples, isoTime(this.clock.nowMs()));
      if (isOver && problem === null) await manager.query('INSERT INTO harvest_taken (recipe_id, rules, segment_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [part.recipeId, rejectedBy ?? rules, segmentId]);
      await manager.query(
        `UPDATE harvest_runs SET segments_done = segments_done + $2, segments_failed = segments_failed + $3, added = added + $4, known = known + $5, near = near + $6, bytes = bytes + $7, segments_rejected = segments_rejected + $9,
          troubles = CASE WHEN $8::jsonb IS NULL OR jsonb_array_length(troubles) >= ${MOST_TROUBLES} THEN troubles ELSE troubles || $8::jsonb END WHERE id = $1`,
        [
          part.runId, count(problem === null && rejectedBy === null), count(problem !== null), added, samples.length - added, near, samples.reduce((sum, { bytes }) => sum + bytes, 0),
          problem && JSON.stringify([shortTrouble({ video: outcome.told ?? segmentId, problem })]), count(rejectedBy !== null),
        ],
      );
    });
  }

  /** The part is done, and with the last one the run. */
  async finish(part: ClaimedPart): Promise<void> {
    await this.#end(part, 'done');
  }

  /** What is left of a part is not tried again in this run. */
  async giveUp(part: ClaimedPart, problem: string): Promise<void> {
    const left = part.segmentIds.length - part.nextSegment;
    const [file] = (await this.dataSource.query('SELECT name FROM harvest_videos WHERE id = $1', [part.segmentIds[part.nextSegment] ?? null])) as { name: string }[];
    await this.dataSource.query(`UPDATE harvest_runs SET segments_failed = segments_failed + $2, troubles = troubles || $3::jsonb WHERE id = $1`, [part.runId, left, JSON.stringify([shortTrouble({ video: file?.name ?? part.segmentIds[part.nextSegment] ?? '', problem })])]);
    await this.#end(part, 'failed');
  }

  /** Puts it back for the next worker: it was not the part's fault. */
  async release(part: ClaimedPart): Promise<void> {
    await this.dataSource.query(`UPDATE harvest_parts SET state = 'queued', claim = NULL, claimed_until = NULL, attempts = greatest(0, attempts - 1) WHERE run_id = $1 AND part = $2 AND claim = $3`, [part.runId, part.part, part.claim]);
  }

  async #end(part: ClaimedPart, state: 'done' | 'failed'): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // Two parts that end at once: one of them sees that it is the last.
      await manager.query('SELECT 1 FROM harvest_runs WHERE id = $1 FOR UPDATE', [part.runId]);
      await this.#update(manager, part, 'state = $4, claim = NULL, claimed_until = NULL', [state]);
      await manager.query(
        `UPDATE harvest_runs SET ended_at = $2, state = CASE WHEN segments_done + segments_rejected = 0 AND segments_failed > 0 THEN 'failed' ELSE 'done' END,
          problem = CASE WHEN segments_done + segments_rejected = 0 AND segments_failed > 0 THEN 'none of the footage could be read' END
        WHERE id = $1 AND state = 'running' AND NOT EXISTS (SELECT 1 FROM harvest_parts WHERE run_id = $1 AND state IN ('queued', 'running'))`,
        [part.runId, isoTime(this.clock.nowMs())],
      );
    });
  }

  /** Nothing of a run that was stopped is written any more. */
  async #update(manager: EntityManager, { runId, part, claim }: ClaimedPart, set: string, values: readonly unknown[]): Promise<void> {
    const [, count] = (await manager.query(`UPDATE harvest_parts SET ${set} WHERE run_id = $1 AND part = $2 AND claim = $3 AND EXISTS (SELECT 1 FROM harvest_runs WHERE id = $1 AND state = 'running')`, [runId, part, claim, ...values])) as [unknown[], number];
    if (count === 0) throw new HarvestClaimLostError(runId);
  }
}

const shortTrouble = ({ video, problem }: { readonly video: string; readonly problem: string }): { video: string; problem: string } => ({ video: storable(video).slice(0, 500), problem: storable(problem).slice(0, 500) });
