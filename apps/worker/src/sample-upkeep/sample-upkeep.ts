import type { Collected, SampleStore } from '@argus/datasets';
import { isoTime, messageOf, newId, Rounds, type Logger } from '@argus/kernel';
import type { DataSource, QueryRunner } from 'typeorm';
import type { ArchiveSweep, CollectedArchives } from '../bucket/collect-archives.js';
import { removeOldScans } from '../harvest/videos/scans-folder.js';
import { retireSamples, type Retired } from './retire-samples.js';
import { removeUnusedPictures, storedDigests } from './unused-pictures.js';
import { removeVersionFiles } from './version-files.js';

export interface SampleUpkeepOptions {
  readonly dataSource: DataSource;
  readonly samples: Pick<SampleStore, 'collect'>;
  /** Of the bucket; null: none is set up. */
  readonly collectArchives: ((sweep: ArchiveSweep) => Promise<CollectedArchives>) | null;
  readonly samplesDir: string;
  /** So long a picture is used by nothing before it goes: what is on its way into a set is safe. */
  readonly graceMs: number;
  /** As exports of footage believe it: a clock that is wrong removes nothing. */
  readonly believedMs: () => Promise<number>;
  readonly log: Logger;
}

/** Of the time of grace there are so many rounds; of all workers one makes each. */
const ROUNDS = 24;
/** In a time of grace each worker goes through its shards so often: those of a worker that runs nobody else may. */
const SWEEPS = 4;
/** Watching and recording begin first. */
const FIRST_AFTER_MS = 300_000;
/** One worker at a time, on whatever machine. */
const UPKEEP_LOCK = 0x5a3b1e;
const NOTHING: Collected = { shards: 0, pictures: 0, bytes: 0, busy: [] };
const LAST = 'SELECT min(ended_at) AS "firstAt", max(ended_at) FILTER (WHERE is_round) AS at FROM sample_collections';
const AUDIT = `INSERT INTO audit (id, at, actor, action, subject, details) VALUES ($1, $2, 'argus', 'dataset.collect', 'sample-storage', $3)`;
const RECORD = 'INSERT INTO sample_collections (id, ended_at, samples, versions, pictures, bytes, is_round, problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)';

/**
 * Takes out of sets what they keep no longer, and removes pictures that no set and no version uses. Three steps, each of which may be the last before a crash: samples and versions that are due go; rows of
 * pictures that nothing refers to go; shards give up what has no row. Whoever puts a picture again meanwhile makes its shard young, and young shards stay.
 */
export class SampleUpkeep {
  readonly #rounds: Rounds;
  #isBegun = false;
  #sweptMs = -Infinity;

  constructor(private readonly options: SampleUpkeepOptions) {
    this.#rounds = new Rounds(async (signal) => {
      if (!this.#isBegun) {
        this.#isBegun = true;
        return Math.min(FIRST_AFTER_MS, this.#everyMs);
      }
      await this.once(signal).catch((error: unknown) => options.log.warn('unused pictures of sample sets are not removed, trying again later', { error: messageOf(error) }));
      return this.#everyMs;
    });
  }

  get #everyMs(): number {
    return this.options.graceMs / ROUNDS;
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop(new Error('the worker stops'));
  }

  /** One round, unless another worker is at one. What all share is left out where another one has just done it. */
  async once(signal: AbortSignal): Promise<void> {
    const runner = this.options.dataSource.createQueryRunner();
    try {
      const [{ isMine }] = (await runner.query('SELECT pg_try_advisory_lock($1) AS "isMine"', [UPKEEP_LOCK])) as [{ isMine: boolean }];
      if (!isMine) return;
      try {
        await this.#round(runner, signal);
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [UPKEEP_LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  async #round(runner: QueryRunner, signal: AbortSignal): Promise<void> {
    const { dataSource, samples, collectArchives, graceMs, believedMs, log } = this.options;
    const nowMs = await believedMs();
    const [{ firstAt, at }] = (await runner.query(LAST)) as [{ firstAt: Date | null; at: Date | null }];
    const isRound = at === null || Math.abs(nowMs - at.getTime()) >= this.#everyMs / 2;
    // Not for a database that is new here: the right one may be put back.
    const isSweep = firstAt !== null && nowMs - firstAt.getTime() >= graceMs && nowMs - this.#sweptMs >= graceMs / SWEEPS;
    if (!isRound && !isSweep) return;
    let [retired, swept]: [Retired, Collected] = [{ samples: 0, versions: 0 }, NOTHING];
    let problem: string | null = null;
    try {
      if (isRound) retired = await this.#removeRows(runner, nowMs, signal);
      if (isSweep) {
        swept = await samples.collect(storedDigests(dataSource, signal), { graceMs, nowMs });
        const archived = await collectArchives?.({ graceMs, nowMs, signal });
        if (archived) swept = { ...swept, shards: swept.shards + archived.archives, pictures: swept.pictures + archived.pictures, bytes: swept.bytes + archived.bytes };
        this.#sweptMs = nowMs;
      }
    } catch (error) {
      if (signal.aborted) return;
      problem = messageOf(error).slice(0, 1000);
      log.warn('a collection of unused pictures broke off, trying again later', { error: problem });
    }
    if (swept.pictures > 0) await runner.query(AUDIT, [newId(), isoTime(nowMs), JSON.stringify({ pictures: swept.pictures, bytes: swept.bytes })]);
    if (swept.pictures > 0 || retired.samples > 0) log.info('unused pictures of sample sets were removed', { ...retired, pictures: swept.pictures, bytes: swept.bytes });
    await runner.query(RECORD, [newId(), isoTime(nowMs), retired.samples, retired.versions, swept.pictures, swept.bytes, isRound, problem]);
  }

  async #removeRows(runner: QueryRunner, nowMs: number, signal: AbortSignal): Promise<Retired> {
    const { dataSource, samplesDir, graceMs } = this.options;
    const retired = await retireSamples(dataSource, nowMs, signal);
    await dataSource.query('DELETE FROM staged_samples AS staged USING dataset_jobs AS job WHERE job.id = staged.job_id AND job.ended_at < $1', [isoTime(nowMs - graceMs)]);
    await removeVersionFiles(dataSource, samplesDir, nowMs, graceMs);
    await removeOldScans(samplesDir, nowMs, graceMs);
    await removeUnusedPictures(runner, { samplesDir, nowMs, graceMs, signal });
    return retired;
  }
}
