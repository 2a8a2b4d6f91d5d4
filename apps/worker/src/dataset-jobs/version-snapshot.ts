import type { Sample } from '@argus/contracts';
import type { DatasetPackage } from '@argus/datasets';
import type { DataSource } from 'typeorm';
import { openVersion, type VersionShelf } from './sealed-version.js';
import { reviewedOf, type SetFacts, type Snapshot, type SnapshotOptions } from './set-snapshot.js';

type Counts = Pick<Snapshot, 'count' | 'originals' | 'incomplete' | 'unreviewed' | 'reviewed' | 'bytes'>;

/** Asked at once. */
const PAGE = 5000;

/** A version as exports go through it: like the set, but as it was sealed. */
export class VersionSnapshot implements Snapshot {
  readonly count: number;
  readonly originals: number;
  readonly incomplete: number;
  readonly unreviewed: number;
  readonly reviewed: number;
  readonly bytes: number;

  private constructor(
    private readonly version: DatasetPackage,
    readonly facts: Snapshot['facts'],
    private readonly options: SnapshotOptions,
    private readonly readPicture: (sha256: string) => Promise<Uint8Array>,
    private readonly signal: AbortSignal,
    counts: Counts,
  ) {
    ({ count: this.count, originals: this.originals, incomplete: this.incomplete, unreviewed: this.unreviewed, reviewed: this.reviewed, bytes: this.bytes } = counts);
  }

  static async take(job: VersionShelf & { readonly signal: AbortSignal }, { digest, ...options }: SnapshotOptions & { readonly digest: string }, readPicture: (sha256: string) => Promise<Uint8Array>): Promise<VersionSnapshot> {
    const version = await openVersion(job, digest);
    try {
      const { dataSource } = job.work;
      const [set] = (await dataSource.query('SELECT name, licence, source, retention_days AS "retentionDays" FROM datasets WHERE id = $1', [job.datasetId])) as [Omit<SetFacts, 'head' | 'revision'>];
      const counts = await count(dataSource, version.samples(), options, job.signal);
      // It is the version itself where nothing is left out, and made from it else.
      return new VersionSnapshot(version, { ...set, head: Buffer.from(digest, 'hex') }, options, readPicture, job.signal, counts);
    } catch (error) {
      await version.close();
      throw error;
    }
  }

  get name(): string {
    return this.facts.name;
  }

  get state(): string {
    return `version ${this.facts.head?.toString('hex')}`;
  }

  async *samples(): AsyncGenerator<Sample> {
    for await (const sample of this.version.samples()) {
      this.signal.throwIfAborted();
      if (isWanted(sample, this.options)) yield this.options.reviewedOnly ? reviewedOf(sample, this.options) : sample;
    }
  }

  async read(sha256: string): Promise<Uint8Array> {
    this.signal.throwIfAborted();
    return this.readPicture(sha256);
  }

  close(): Promise<void> {
    return this.version.close();
  }
}

const isWanted = ({ split, complete }: Sample, { splits, completeOnly }: SnapshotOptions): boolean => (splits === null || splits.includes(split ?? 'none')) && (complete || !completeOnly);

/** What is an original is asked now: the version does not say so. */
async function count(dataSource: DataSource, samples: AsyncIterable<Sample>, options: SnapshotOptions, signal: AbortSignal): Promise<Counts> {
  const sum = { count: 0, originals: 0, incomplete: 0, unreviewed: 0, reviewed: 0, bytes: 0 };
  let page: Buffer[] = [];
  const ask = async (): Promise<void> => {
    const [row] = (await dataSource.query('SELECT count(*)::int AS count FROM pictures AS p WHERE sha256 = ANY ($1) AND (is_original OR EXISTS (SELECT 1 FROM dataset_samples WHERE sha256 = p.sha256 AND is_original))', [page])) as [{ count: number }];
    sum.originals += row.count;
    page = [];
  };
  for await (const sample of samples) {
    signal.throwIfAborted();
    if (!isWanted(sample, options)) continue;
    sum.count += 1;
    if (!sample.complete) sum.incomplete += 1;
    for (const { state } of sample.annotations) sum[options.reviewedOnly && state === 'auto' ? 'unreviewed' : 'reviewed'] += 1;
    sum.bytes += sample.bytes;
    page.push(Buffer.from(sample.sha256, 'hex'));
    if (page.length === PAGE) await ask();
  }
  await ask();
  return sum;
}
