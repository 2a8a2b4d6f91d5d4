import type { DataSource } from 'typeorm';

/** Where a picture lies in the bucket. */
export interface ArchivedPicture {
  /** `owner/number`, as shards are called. */
  readonly archive: string;
  readonly offset: number;
  readonly bytes: number;
}

const FIND = 'SELECT archive.name AS archive, picture.starts_at AS "offset", picture.bytes FROM archived_pictures AS picture JOIN sample_archives AS archive ON archive.id = picture.archive_id WHERE picture.sha256 = $1';

/** null: it lies in the samples folder, or nowhere. */
export async function findArchivedPicture(dataSource: DataSource, sha256: string): Promise<ArchivedPicture | null> {
  const [row] = (await dataSource.query(FIND, [Buffer.from(sha256, 'hex')])) as ArchivedPicture[];
  return row ?? null;
}
