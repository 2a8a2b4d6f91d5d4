import { Annotation, type DatasetId, type Sample } from '@argus/contracts';
import type { SampleSource } from '@argus/datasets';
import type { DataSource, QueryRunner } from 'typeorm';

export interface SnapshotOptions {
  /** Without annotations that only a model has made. */
  readonly reviewedOnly: boolean;
  readonly completeOnly: boolean;
  readonly splits: readonly string[] | null;
}

export interface SetFacts {
  readonly name: string;
  readonly licence: string | null;
  readonly source: string;
  readonly retentionDays: number | null;
  readonly head: Buffer | null;
  readonly revision: string;
}

interface WholeRow {
  readonly sha256: Buffer;
  readonly mime: Sample['mime'];
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly group_name: string;
  readonly camera_id: NonNullable<Sample['origin']>['cameraId'];
  readonly video: string | null;
  readonly frame_index: number | null;
  readonly pts_us: string | null;
  readonly wall_at: Date | null;
  readonly time_zone: string | null;
  readonly tz_version: string | null;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  readonly phash: string | null;
  readonly split: Sample['split'];
  readonly complete: boolean;
  readonly focus: boolean;
  readonly annotations: unknown;
  readonly attributes: Sample['attributes'];
}

const COLUMNS = `s.sha256, p.mime, p.bytes, p.width, p.height, s.name, s.group_name, s.camera_id, s.video, s.frame_index, s.pts_us, s.wall_at, s.time_zone, s.tz_version,
  s.sharpness, s.brightness, s.phash, s.split, s.complete, s.focus, s.annotations, s.attributes`;
const FROM = `FROM dataset_samples AS s JOIN pictures AS p ON p.sha256 = s.sha256
  WHERE s.dataset_id = $1 AND s.removed_at IS NULL AND ($2::text[] IS NULL OR coalesce(s.split, 'none') = ANY ($2)) AND (s.complete OR NOT $3)`;
/** With their annotations some megabytes. */
const PAGE = 500;

/** A set as it was at one moment, whatever is changed meanwhile: formats go through it several times, and have to see the same each time. */
export class SetSnapshot implements SampleSource {
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
    /** Of all pictures. */
    readonly bytes: number,
  ) {}

  static async take(dataSource: DataSource, datasetId: DatasetId, options: SnapshotOptions, readPicture: (sha256: string) => Promise<Uint8Array>, signal: AbortSignal): Promise<SetSnapshot> {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      const [facts] = (await runner.query('SELECT name, licence, source, retention_days AS "retentionDays", head, revision FROM datasets WHERE id = $1', [datasetId])) as [SetFacts];
      const [counted] = (await runner.query(`SELECT count(*)::int AS count, (count(*) FILTER (WHERE s.is_original))::int AS originals, coalesce(sum(p.bytes), 0)::float8 AS bytes ${FROM}`, [datasetId, options.splits, options.completeOnly])) as [{ count: number; originals: number; bytes: number }];
      return new SetSnapshot(runner, datasetId, options, readPicture, signal, facts, counted.count, counted.originals, counted.bytes);
    } catch (error) {
      await runner.release();
      throw error;
    }
  }

  get name(): string {
    return this.facts.name;
  }

  async *samples(): AsyncGenerator<Sample> {
    for (let last: Buffer = Buffer.alloc(0); ; ) {
      this.signal.throwIfAborted();
      const rows = (await this.runner.query(`SELECT ${COLUMNS} ${FROM} AND s.sha256 > $4 ORDER BY s.sha256 LIMIT $5`, [this.datasetId, this.options.splits, this.options.completeOnly, last, PAGE])) as WholeRow[];
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

  #sampleOf(row: WholeRow): Sample {
    const { mime, bytes, width, height, name, split, complete, focus, attributes, sharpness, brightness, phash } = row;
    const annotations = Annotation.array().parse(row.annotations);
    return {
      sha256: row.sha256.toString('hex'), mime, bytes, width, height, name, split, complete, focus, attributes,
      origin: {
        cameraId: row.camera_id,
        group: row.group_name,
        video: row.video,
        frameIndex: row.frame_index,
        ptsUs: row.pts_us === null ? null : Number(row.pts_us),
        wallTime: row.wall_at?.toISOString() ?? null,
        timeZone: row.time_zone,
        tzVersion: row.tz_version,
      },
      quality: sharpness === null || brightness === null || phash === null ? null : { sharpness, brightness, phash: BigInt.asUintN(64, BigInt(phash)).toString(16).padStart(16, '0') },
      annotations: this.options.reviewedOnly ? annotations.filter(({ state }) => state !== 'auto') : annotations,
    };
  }
}
