import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packRows, strideOf, type VectorRow } from '@argus/datasets';
import { z } from 'zod';

/** What a file of vectors holds, beside it as JSON; written after the rows that it counts. */
const Head = z.object({
  formatVersion: z.literal(1),
  embedding: z.string(),
  dims: z.number().int().min(1),
  rows: z.number().int().min(0),
  /** Whatever was written by transactions before this one is in the file. */
  since: z.string().regex(/^\d+$/),
  /** What later ones wrote and is in it all the same, so that it is not taken twice. */
  recent: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
});
type Head = z.infer<typeof Head>;

/** The vectors of a set's pictures by one embedder, one row behind the other: a copy of what the database has, for reading in one go. */
export class VectorFile {
  readonly path: string;
  readonly #headPath: string;
  #head: Head | null;
  #recent: Set<string>;

  private constructor(folder: string, readonly embedding: string, head: Head | null) {
    const name = nameOf(embedding);
    this.path = join(folder, `${name}.rows`);
    this.#headPath = join(folder, `${name}.json`);
    this.#head = head;
    this.#recent = new Set(head?.recent);
  }

  /** A file that is not as its head says begins anew. */
  static async open(folder: string, embedding: string): Promise<VectorFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const empty = new VectorFile(folder, embedding, null);
    try {
      const head = Head.parse(JSON.parse(await readFile(empty.#headPath, 'utf8')));
      const { size } = await stat(empty.path);
      return head.embedding === embedding && size >= head.rows * strideOf(head.dims) ? new VectorFile(folder, embedding, head) : empty;
    } catch {
      return empty;
    }
  }

  get dims(): number {
    return this.#head?.dims ?? 0;
  }

  get rows(): number {
    return this.#head?.rows ?? 0;
  }

  /** null: nothing was read yet. */
  get since(): string | null {
    return this.#head?.since ?? null;
  }

  clear(): void {
    this.#head = null;
    this.#recent = new Set();
  }

  /** Writes pages of rows behind what is there, then says so. `since`: as of the snapshot that they were read in; `isRecent`: a later one will read the row again. */
  async append(pages: AsyncIterable<readonly (VectorRow & { readonly isRecent: boolean })[]>, since: string): Promise<void> {
    const recent = new Set<string>();
    let { dims, rows } = this;
    const before = rows;
    const file = await open(this.path, this.#head === null ? 'w' : 'r+', 0o600);
    try {
      for await (const page of pages) {
        dims ||= page[0]?.numbers.length ?? 0;
        const named = page.map((row) => ({ row, name: Buffer.from(row.sha256).toString('hex') }));
        for (const { row, name } of named) if (row.isRecent) recent.add(name);
        const fresh = named.filter(({ row, name }) => row.numbers.length === dims && !this.#recent.has(name)).map(({ row }) => row);
        if (fresh.length === 0) continue;
        const bytes = packRows(fresh, dims);
        await file.write(bytes, 0, bytes.byteLength, rows * strideOf(dims));
        rows += fresh.length;
      }
      if (rows > before) await file.datasync();
    } finally {
      await file.close();
    }
    if (dims === 0) return;
    this.#head = { formatVersion: 1, embedding: this.embedding, dims, rows, since, recent: [...recent] };
    this.#recent = recent;
    // Where nothing came, the older head is as good.
    if (rows > before) await this.#keepHead();
  }

  async #keepHead(): Promise<void> {
    const part = `${this.#headPath}.part`;
    await writeFile(part, JSON.stringify(this.#head), { mode: 0o600 });
    await rename(part, this.#headPath);
  }
}

/** Names of embedders hold what names of files must not. */
const nameOf = (embedding: string): string => createHash('sha256').update(embedding).digest('hex').slice(0, 16);
