import type { Annotation, DatasetId, Sample } from '@argus/contracts';
import { SAMPLE_PARTS, sampleOf, SAMPLES, type SampleRow } from '@argus/database';
import type { SampleSource } from '@argus/datasets';
import type { DataSource, QueryRunner } from 'typeorm';

export interface SnapshotOptions {
  /** Without annotations that only a model has made. */
  readonly reviewedOnly: boolean;
  /** With it: what only a model has made is a region to ignore. */
  readonly ignoreUnreviewed: boolean;
  readonly completeOnly: boolean;
  readonly splits: readonly string[] | null;
}

export const ALL: SnapshotOptions = { reviewedOnly: false, ignoreUnreviewed: false, completeOnly: false, splits: null };

export interface SetFacts {
  readonly name: string;
  readonly licence: string | null;
  readonly source: string;
  readonly retentionDays: number | null;
  readonly head: Buffer | null;
  readonly revision: string;
}

/** What is exported, and what has to be known of it before. */
export interface Snapshot extends SampleSource {
  readonly facts: Pick<SetFacts, 'name' | 'licence' | 'source' | 'retentionDays' | 'head'>;
  /** Of the same state the same samples come. */
  readonly state: string;
  readonly count: number;
  /** Pictures without the privacy masks of their cameras. */
  readonly originals: number;
  /** In which something may not be labelled. */
  readonly incomplete: number;
  /** Annotations that only a model has made, and that were not asked for. */
  readonly unreviewed: number;
  /** All others. */
  readonly reviewed: number;
  /** Of all pictures. */
  readonly bytes: number;
  close(): Promise<void>;
}

const FROM = `${SAMPLES}
  WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND ($2::text[] IS NULL OR coalesce(s.split, 'none') = ANY ($2)) AND (s.complete OR NOT $3)`;
const UNREVIEWED = `coalesce(sum((SELECT count(*) FROM jsonb_array_elements(s.annotations) AS one WHERE one->>'state' = 'auto')), 0)::int`;
/** With their annotations some megabytes. */
const PAGE = 500;

/** A set as it was at one moment, whatever is changed meanwhile: formats go through it several times, and have to see the same each time. */
export class SetSnapshot implements Snapshot {
  private constructor(
    private readonly runner: QueryRunner,
    private readonly datasetId: DatasetId,
    private readonly options: SnapshotOptions,
    private readonly readPicture: (sha256: string) => Promise<Uint8Array>,
    private readonly signal: AbortSignal,
    readonly facts: SetFacts,
    readonly count: number,
    /** Pictures without the privacy masks of their cameras. */
    readonly originals: number,
    /** In which something may not be labelled. */
    readonly incomplete: number,
    readonly unreviewed: number,
    readonly reviewed: number,
    /** Of all pictures. */
    readonly bytes: number,
    /** When the oldest picture was taken, or came into the set where that is not known; null: there are none. */
    readonly oldestAt: Date | null,
  ) {}

  static async take(dataSource: DataSource, datasetId: DatasetId, options: SnapshotOptions, readPicture: (sha256: string) => Promise<Uint8Array>, signal: AbortSignal): Promise<SetSnapshot> {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      const [facts] = (await runner.query('SELECT name, licence, source, retention_days AS "retentionDays", head, revision FROM datasets WHERE id = $1', [datasetId])) as [SetFacts];
      const [counted] = (await runner.query(`SELECT count(*)::int AS count, (count(*) FILTER (WHERE s.is_original))::int AS originals, (count(*) FILTER (WHERE NOT s.complete))::int AS incomplete, coalesce(sum(p.bytes), 0)::float8 AS bytes, ${options.reviewedOnly ? UNREVIEWED : '0'} AS unreviewed, coalesce(sum(jsonb_array_length(s.annotations)), 0)::int AS annotations, min(coalesce(s.wall_at, s.added_at)) AS "oldestAt" ${FROM}`, [datasetId, options.splits, options.completeOnly])) as [{ count: number; originals: number; incomplete: number; unreviewed: number; annotations: number; bytes: number; oldestAt: Date | null }];
      return new SetSnapshot(runner, datasetId, options, readPicture, signal, facts, counted.count, counted.originals, counted.incomplete, counted.unreviewed, counted.annotations - counted.unreviewed, counted.bytes, counted.oldestAt);
    } catch (error) {
      await runner.release();
      throw error;
    }
  }

  get name(): string {
    return this.facts.name;
  }

  get state(): string {
    return `revision ${this.facts.revision}`;
  }

  async *samples(after = ''): AsyncGenerator<Sample> {
    for (let last: Buffer = Buffer.from(after, 'hex'); ; ) {
      this.signal.throwIfAborted();
      const rows = (await this.runner.query(`SELECT ${SAMPLE_PARTS}, s.annotations, s.attributes ${FROM} AND s.sha256 > $4 ORDER BY s.sha256 LIMIT $5`, [this.datasetId, this.options.splits, this.options.completeOnly, last, PAGE])) as SampleRow[];
      for (const row of rows) yield this.#sampleOf(row);
      const end = rows.at(-1);
      if (rows.length < PAGE || !end) return;
      last = end.sha256;
    }
  }

  async read(sha256: string): Promise<Uint8Array> {
    this.signal.throwIfAborted();
    return this.readPicture(sha256);
  }

  async close(): Promise<void> {
    // The connection may be gone already.
    await this.runner.rollbackTransaction().catch(() => undefined);
    await this.runner.release();
  }

  #sampleOf(row: SampleRow): Sample {
    return this.options.reviewedOnly ? reviewedOf(sampleOf(row), this.options) : sampleOf(row);
  }
}

/** Without annotations that only a model has made, or with a region to ignore in their place: whatever is there, nobody is to learn that there is nothing. */
export const reviewedOf = (sample: Sample, { ignoreUnreviewed }: Pick<SnapshotOptions, 'ignoreUnreviewed'>): Sample => ({
  ...sample,
  annotations: sample.annotations.flatMap((one) => (one.state !== 'auto' ? [one] : ignoreUnreviewed ? [ignored(one)] : [])),
});

const ignored = (one: Annotation): Annotation => ({ ...one, kind: 'ignore', label: '', points: null, runs: null, score: null });
