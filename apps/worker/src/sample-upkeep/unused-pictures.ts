import { isoTime } from '@argus/kernel';
import type { DataSource, QueryRunner } from 'typeorm';
import { picturesOf, versionsOnDisk } from './version-files.js';

export interface UnusedOptions {
  readonly samplesDir: string;
  readonly nowMs: number;
  /** So long nothing has used them. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

/** Rows in one transaction. */
const BATCH = 1000;
const PAGE = 20_000;

const IN_USE = 'EXISTS (SELECT 1 FROM dataset_samples AS s WHERE s.sha256 = p.sha256) OR EXISTS (SELECT 1 FROM staged_samples AS s WHERE s.sha256 = p.sha256)';
const MARK = `UPDATE pictures AS p SET unused_since = $1 WHERE unused_since IS NULL AND NOT (${IN_USE})`;
const UNMARK = `UPDATE pictures AS p SET unused_since = NULL WHERE unused_since IS NOT NULL AND (${IN_USE})`;
/** What somebody takes up again at this moment is locked by him, and left to him. */
const REMOVE = `
  DELETE FROM pictures WHERE sha256 IN (
    SELECT sha256 FROM pictures AS p WHERE unused_since < $1 AND NOT (${IN_USE}) AND NOT EXISTS (SELECT 1 FROM named_pictures AS named WHERE named.sha256 = p.sha256)
    ORDER BY sha256 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
const FOREIGN_KEY = '23503';

/**
 * Removes rows of pictures that no set has, for a while already, and no version on the disk names. A row goes only while nothing refers to it: the database sees to that. Answers how many.
 * @throws DatasetFileError where a version cannot be read: then nothing is removed, since nobody knows what it names
 */
export async function removeUnusedPictures(runner: QueryRunner, { samplesDir, nowMs, graceMs, signal }: UnusedOptions): Promise<number> {
  const before = isoTime(nowMs - graceMs);
  await runner.query(UNMARK);
  await runner.query(MARK, [isoTime(nowMs)]);
  const [due] = (await runner.query('SELECT 1 FROM pictures WHERE unused_since < $1 LIMIT 1', [before])) as unknown[];
  if (!due) return 0;
  await runner.query('CREATE TEMPORARY TABLE IF NOT EXISTS named_pictures (sha256 bytea PRIMARY KEY)');
  await runner.query('TRUNCATE named_pictures');
  for (const digest of await versionsOnDisk(samplesDir)) {
    for await (const sha256s of picturesOf(samplesDir, digest)) {
      signal.throwIfAborted();
      await runner.query('INSERT INTO named_pictures SELECT given.sha256 FROM unnest($1::bytea[]) AS given (sha256) JOIN pictures AS p ON p.sha256 = given.sha256 WHERE p.unused_since < $2 ON CONFLICT DO NOTHING', [sha256s, before]);
    }
  }
  await runner.query('ANALYZE named_pictures');
  for (let removed = 0; ; ) {
    signal.throwIfAborted();
    const count = await removeSome(runner, before);
    removed += count;
    if (count < BATCH) return removed;
  }
}

/** 0 also where one of them was taken up again: the next round sees that. */
async function removeSome(runner: QueryRunner, before: string): Promise<number> {
  try {
    const [, count] = (await runner.query(REMOVE, [before])) as [unknown, number];
    return count;
  } catch (error) {
    if ((error as { code?: string }).code === FOREIGN_KEY) return 0;
    throw error;
  }
}

/** Digests of all that is to stay in the store: pictures and their thumbnails. */
export async function* storedDigests(dataSource: DataSource, signal: AbortSignal): AsyncGenerator<string> {
  for (let last: Buffer = Buffer.alloc(0); ; ) {
    signal.throwIfAborted();
    const rows = (await dataSource.query('SELECT sha256, thumbnail FROM pictures WHERE sha256 > $1 ORDER BY sha256 LIMIT $2', [last, PAGE])) as { sha256: Buffer; thumbnail: Buffer | null }[];
    for (const { sha256, thumbnail } of rows) {
      yield sha256.toString('hex');
      if (thumbnail) yield thumbnail.toString('hex');
    }
    const end = rows.at(-1);
    if (rows.length < PAGE || !end) return;
    last = end.sha256;
  }
}
