import type { ShardEntry } from '@argus/datasets';
import type { DataSource } from 'typeorm';
import { ArchiveGoneError } from '../errors.js';

/** Young again: whoever collects leaves them. In one statement, so that of two that want the same archive one sees what the other did. */
const TOUCH = `
  UPDATE sample_archives AS archive SET touched_at = now() FROM archived_pictures AS picture
  WHERE picture.archive_id = archive.id AND archive.gone_at IS NULL AND picture.sha256 = ANY ($1) RETURNING archive.id`;
const KNOWN = 'SELECT sha256 FROM archived_pictures WHERE sha256 = ANY ($1) AND archive_id = ANY ($2)';
const BEGIN = 'INSERT INTO sample_archives (name, bytes, touched_at) VALUES ($1, $2, now()) RETURNING id';
/** The newest place counts. In the order of digests, as everybody does it: two that put the same never wait for each other. None in an archive that is being removed, however long its worker slept. */
const PLACE = `
  WITH mine AS (UPDATE sample_archives SET touched_at = now() WHERE id = $1 AND gone_at IS NULL RETURNING id)
  INSERT INTO archived_pictures (sha256, archive_id, starts_at, bytes) SELECT given.sha256, mine.id, given.starts_at, given.bytes
  FROM mine, unnest($2::bytea[], $3::int[], $4::int[]) AS given (sha256, starts_at, bytes) ORDER BY given.sha256
  ON CONFLICT (sha256) DO UPDATE SET archive_id = EXCLUDED.archive_id, starts_at = EXCLUDED.starts_at, bytes = EXCLUDED.bytes RETURNING 1`;

/** Which archives there are in the bucket, and what is in them, as workers write it. */
export class ArchiveRows {
  constructor(private readonly dataSource: DataSource) {}

  /** Those of the pictures that lie in the bucket already; what they lie in stays for a time of grace at least. */
  async touch(sha256s: readonly string[]): Promise<ReadonlySet<string>> {
    const digests = sha256s.map(bytesOf);
    const [touched] = (await this.dataSource.query(TOUCH, [digests])) as [{ id: number }[], number];
    if (touched.length === 0) return new Set();
    const rows = (await this.dataSource.query(KNOWN, [digests, [...new Set(touched.map(({ id }) => id))]])) as { sha256: Buffer }[];
    return new Set(rows.map(({ sha256 }) => sha256.toString('hex')));
  }

  /** `bytes`: of its pictures. Before it is sent: what a worker that dies leaves of it has a name, and is collected. */
  async begin(name: string, bytes: number): Promise<number> {
    const [row] = (await this.dataSource.query(BEGIN, [name, bytes])) as [{ id: number }];
    return row.id;
  }

  /** From now on they are found there: all of it has arrived. @throws ArchiveGoneError where that took longer than things may be unused */
  async place(archiveId: number, entries: readonly ShardEntry[]): Promise<void> {
    const placed = (await this.dataSource.query(PLACE, [archiveId, entries.map(({ sha256 }) => bytesOf(sha256)), entries.map(({ offset }) => offset), entries.map(({ bytes }) => bytes)])) as unknown[];
    if (placed.length === 0) throw new ArchiveGoneError();
  }
}

const bytesOf = (sha256: string): Buffer => Buffer.from(sha256, 'hex');
