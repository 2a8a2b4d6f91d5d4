import type { DatasetId, SampleSummary } from '@argus/contracts';
import type { CallInput } from '@argus/api-client';
import { client } from '../../../app/client.js';
import type { GroupRun } from './grid-window.js';

export type SampleListQuery = Omit<NonNullable<CallInput<'listSampleDigests'>['query']>, 'cursor' | 'limit'>;
export type SampleChange = Partial<Pick<SampleSummary, 'split' | 'complete' | 'focus'>>;

/** The first page is what a person waits for; the others come while they look. */
const FIRST_DIGESTS = 2000;
const MORE_DIGESTS = 20_000;
const BLOCK = 100;

/**
 * All digests of a set in the order of its pictures, and what is known of those that were looked at. Digests come first: they give each picture its place and its
 * thumbnail; the rest follows a hundred at a time, for what is on the screen.
 */
export class SampleList {
  order: readonly string[] = [];
  groups: readonly GroupRun[] = [];
  isComplete = false;
  error: unknown = null;
  readonly #summaries: Map<string, SampleSummary>;
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  protected readonly gone = new AbortController();
  #revision = 0;

  /** `before`: of the same list at an earlier time; what it knew is shown until it is asked for anew. */
  constructor(
    readonly datasetId: DatasetId,
    readonly query: SampleListQuery,
    before?: SampleList,
  ) {
    this.#summaries = new Map(before ? before.#summaries : []);
  }

  /** Lists everything, and tells after each page; what went wrong is in `error`. */
  async load(): Promise<void> {
    let cursor: string | null | undefined;
    try {
      do {
        const page = await client.call('listSampleDigests', { params: { id: this.datasetId }, query: { ...this.query, cursor, limit: cursor ? MORE_DIGESTS : FIRST_DIGESTS }, signal: this.gone.signal });
        this.append(page.items);
        cursor = page.nextCursor;
        this.isComplete = !cursor;
        this.tell();
      } while (cursor);
    } catch (error) {
      if (this.gone.signal.aborted) return;
      this.error = error;
      this.tell();
    }
  }

  close(): void {
    this.gone.abort();
  }

  /** How well it answers a search; undefined: nothing was searched for. */
  scoreOf(_digest: string): number | undefined {
    return undefined;
  }

  summaryOf = (digest: string): SampleSummary | undefined => this.#summaries.get(digest);

  /** Asks for what is not known yet of the pictures [from, to). */
  want(from: number, to: number): void {
    for (let block = Math.floor(from / BLOCK); block * BLOCK < Math.min(to, this.order.length); block += 1) {
      if (this.#asked.has(block)) continue;
      this.#asked.add(block);
      void this.#describe(block);
    }
  }

  /** As it will be once the gateway has done it. */
  patch(digests: readonly string[], change: SampleChange): void {
    for (const digest of digests) {
      const known = this.#summaries.get(digest);
      if (known) this.#summaries.set(digest, { ...known, ...change });
    }
    this.tell();
  }

  drop(digests: readonly string[]): void {
    const gone = new Set(digests);
    let start = 0;
    const kept: string[] = [];
    const groups: GroupRun[] = [];
    for (const group of this.groups) {
      for (let index = group.start; index < group.start + group.count; index += 1) if (!gone.has(this.order[index] as string)) kept.push(this.order[index] as string);
      if (kept.length > start) groups.push({ name: group.name, start, count: kept.length - start });
      start = kept.length;
    }
    this.order = kept;
    this.groups = groups;
    this.#asked.clear();
    this.tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  revision = (): number => this.#revision;

  protected tell(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }

  protected append(items: readonly { group: string; sha256s: string[] }[]): void {
    const order = [...this.order];
    const groups = [...this.groups];
    for (const { group, sha256s } of items) {
      const last = groups.at(-1);
      if (last?.name === group) groups[groups.length - 1] = { ...last, count: last.count + sha256s.length };
      else groups.push({ name: group, start: order.length, count: sha256s.length });
      for (const digest of sha256s) order.push(digest);
    }
    this.order = order;
    this.groups = groups;
  }

  protected learn(summaries: readonly SampleSummary[]): void {
    for (const summary of summaries) this.#summaries.set(summary.sha256, summary);
  }

  async #describe(block: number): Promise<void> {
    try {
      const { items } = await client.call('listSamples', { params: { id: this.datasetId }, query: { ...this.query, after: this.order[block * BLOCK - 1], limit: BLOCK }, signal: this.gone.signal });
      this.learn(items);
      this.tell();
    } catch {
      // Shown without its marks; asked for again when it is looked at again.
      this.#asked.delete(block);
    }
  }
}
