import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetId } from '@argus/contracts';
import type { VectorRow } from '@argus/datasets';
import type { DataSource, EntityManager } from 'typeorm';
import { VectorFile } from './vector-file.js';

const PAGE = 5000;
const VECTOR = `e.sha256, e.vector, (coalesce(s.written_in >= $3::xid8, false) OR coalesce(e.written_in >= $3::xid8, false)) AS "isRecent"`;
/** By digest: both tables have an index that begins so. The place is said of both, or the second would be read from its beginning for each page. */
const ALL = `SELECT encode(s.sha256, 'hex') AS place, ${VECTOR} FROM dataset_samples AS s JOIN sample_embeddings AS e ON e.sha256 = s.sha256 AND e.model = $2 AND e.boxes = '' WHERE s.dataset_id = $1 AND s.sha256 > decode($4, 'hex') AND e.sha256 > decode($4, 'hex') ORDER BY s.sha256 LIMIT ${PAGE}`;
/** Samples that came into the set, and vectors that came to its samples. */
const SINCE = `
  SELECT encode(s.sha256, 'hex') AS place, ${VECTOR}
  FROM (SELECT sha256 FROM dataset_samples WHERE dataset_id = $1 AND written_in >= $5::xid8
    UNION SELECT written.sha256 FROM sample_embeddings AS written WHERE written.model = $2 AND written.boxes = '' AND written.written_in >= $5::xid8) AS changed
  JOIN dataset_samples AS s ON s.sha256 = changed.sha256 AND s.dataset_id = $1
  JOIN sample_embeddings AS e ON e.sha256 = s.sha256 AND e.model = $2 AND e.boxes = ''
  WHERE s.sha256 > decode($4, 'hex') ORDER BY s.sha256 LIMIT ${PAGE}`;

interface Row {
  readonly place: string;
  readonly sha256: Buffer;
  readonly vector: Buffer;
  readonly isRecent: boolean;
}

export interface SetVectorFile {
  readonly path: string;
  readonly dims: number;
  readonly rows: number;
}

/** Files of vectors by set and embedder, brought up to what the database has whenever they are asked for. One process of a machine keeps them. */
export class SetVectorFiles {
  readonly #files = new Map<string, Promise<VectorFile>>();
  readonly #refreshing = new Map<VectorFile, Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly folder: string,
  ) {}

  /** What was taken out of the set is in it, too: others are asked whether it still counts. */
  async get(datasetId: DatasetId, embedding: string): Promise<SetVectorFile> {
    const key = `${datasetId} ${embedding}`;
    const opening = this.#files.get(key) ?? VectorFile.open(join(this.folder, datasetId), embedding);
    this.#files.set(key, opening);
    const file = await opening;
    const refreshing = this.#refreshing.get(file) ?? this.#refresh(datasetId, file).finally(() => this.#refreshing.delete(file));
    this.#refreshing.set(file, refreshing);
    await refreshing;
    return { path: file.path, dims: file.dims, rows: file.rows };
  }

  /** Removes files of sets that are not there any more. */
  async sweep(): Promise<void> {
    const folders = await readdir(this.folder).catch(() => []);
    if (folders.length === 0) return;
    const kept = new Set(((await this.dataSource.query('SELECT id FROM datasets')) as { id: string }[]).map(({ id }) => id));
    for (const name of folders) if (!kept.has(name)) await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** In one snapshot: what it does not show, the next one shows by the number of its transaction. */
  #refresh(datasetId: DatasetId, file: VectorFile): Promise<void> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const [{ xmin }] = (await manager.query('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin')) as [{ xmin: string }];
      // Numbers that run backwards are those of another database.
      if (file.since !== null && BigInt(xmin) < BigInt(file.since)) file.clear();
      await file.append(rowsOf(manager, { datasetId, embedding: file.embedding, since: file.since, xmin }), xmin);
    });
  }
}

interface Wanted {
  readonly datasetId: DatasetId;
  readonly embedding: string;
  readonly since: string | null;
  readonly xmin: string;
}

async function* rowsOf(manager: EntityManager, { datasetId, embedding, since, xmin }: Wanted): AsyncGenerator<(VectorRow & { isRecent: boolean })[]> {
  for (let place = ''; ; ) {
    const rows = (await manager.query(since === null ? ALL : SINCE, [datasetId, embedding, xmin, place, ...(since === null ? [] : [since])])) as Row[];
    yield rows.map(({ sha256, vector, isRecent }) => ({ sha256, numbers: new Int8Array(vector.buffer, vector.byteOffset, vector.byteLength), isRecent }));
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    place = last.place;
  }
}
