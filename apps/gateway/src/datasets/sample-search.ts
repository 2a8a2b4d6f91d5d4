import { SearchPlace, type DatasetId, type DatasetVectors, type FoundSample, type FoundSamples, type SampleSearchQuery, type SearchAnswer, type SearchQuestion } from '@argus/contracts';
import type { DatasetEntity } from '@argus/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { CursorError } from '../events/newest-first.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import type { Settings } from '../settings.js';
import { SETTINGS } from '../tokens.js';
import { DatasetsService } from './datasets.service.js';
import { conditionsOf, summariesOf, type SummaryRow } from './sample-rows.js';
import { searchByWorker } from './worker-search.js';

/** Where a page ended: by which embedder, and behind which of its vectors. */
const Place = z.tuple([z.string(), SearchPlace.shape.score, SearchPlace.shape.row]);

/** So many of the best are looked up beyond the page at first: some were taken out. */
const FIRST_MORE = 20;
/** Where a filter leaves this many pictures or fewer, only these are compared; else the best of all are looked through. */
const FEW = 20_000;
const WINDOW = 10_000;

/** Finds samples by words and by likeness. The worker ranks vectors; which of them count is for the database to say, so that nothing that was taken out is found. */
@Injectable()
export class SampleSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws NotFoundError, SampleSearchError, CursorError */
  async find(id: DatasetId, query: SampleSearchQuery, caller: Principal): Promise<FoundSamples> {
    const set = await this.datasets.require(id, caller);
    return this.#search(set, await this.#like(id, query), query);
  }

  /** `picture`: base64. @throws as find */
  async findLike(id: DatasetId, picture: string, query: WithoutAim, caller: Principal): Promise<FoundSamples> {
    const set = await this.datasets.require(id, caller);
    return this.#search(set, { by: 'picture', content: picture }, query);
  }

  async #search(set: DatasetEntity, like: SearchQuestion['like'], query: WithoutAim): Promise<FoundSamples> {
    const [embedding, ...last] = query.cursor === undefined ? [null] : placeOf(query.cursor);
    const question: SearchQuestion = { datasetId: set.id, like, model: query.model ?? null, embedding, count: query.limit + FIRST_MORE, after: last.length === 0 ? null : { score: last[0], row: last[1] }, among: null };
    const found: Found[] = [];
    let asked = question;
    let answer = await this.#collect(set.id, query, asked, found);
    for (let few: string | null = null; found.length < query.limit && answer.hits.length === asked.count; ) {
      few = asked === question ? await this.#few(set.id, query) : few;
      if (few === '') break;
      asked = { ...question, embedding: answer.embedding, after: answer.hits.at(-1) ?? null, ...(few === null ? { count: WINDOW } : { among: few, count: query.limit }) };
      answer = await this.#collect(set.id, query, asked, found);
    }
    const page = found.slice(0, query.limit);
    return { items: await this.#described(set, page), nextCursor: page.length === query.limit ? cursorAfter(answer.embedding, page.at(-1)) : null, embedding: answer.embedding };
  }

  async vectors(id: DatasetId, caller: Principal): Promise<DatasetVectors> {
    await this.datasets.require(id, caller);
    const [[all], embeddings, models] = (await Promise.all([
      this.dataSource.query('SELECT count(*)::int AS samples FROM dataset_samples WHERE dataset_id = $1 AND removed_at IS NULL', [id]),
      this.dataSource.query(`SELECT e.model AS name, count(*)::int AS samples FROM dataset_samples AS s JOIN sample_embeddings AS e ON e.sha256 = s.sha256 AND e.boxes = '' WHERE s.dataset_id = $1 AND s.removed_at IS NULL GROUP BY 1 ORDER BY 1`, [id]),
      this.dataSource.query(`SELECT id, summary->>'title' AS title, coalesce((summary->>'readsText')::boolean, false) AS "readsText" FROM models WHERE summary->>'task' = 'embed' AND summary->>'state' <> 'refused' ORDER BY id`),
    ])) as [[{ samples: number }], DatasetVectors['embeddings'], DatasetVectors['models']];
    return { samples: all.samples, embeddings, models };
  }

  async #like(id: DatasetId, { text, sample }: SampleSearchQuery): Promise<SearchQuestion['like']> {
    if (text !== undefined && sample === undefined) return { by: 'text', text };
    if (sample === undefined || text !== undefined) throw InvalidRequestError.ofField('text', `expected either text or sample, got ${text === undefined ? 'neither' : 'both'}`);
    const [known] = (await this.dataSource.query('SELECT 1 FROM dataset_samples WHERE dataset_id = $1 AND sha256 = $2', [id, Buffer.from(sample, 'hex')])) as unknown[];
    if (!known) throw new NotFoundError('sample', sample);
    return { by: 'sample', sha256: sample };
  }

  /** Adds those of an answer that count, in its order. */
  async #collect(id: DatasetId, query: WithoutAim, question: SearchQuestion, found: Found[]): Promise<SearchAnswer> {
    const answer = await searchByWorker(this.settings.workerSocket, question);
    const values: unknown[] = [id];
    const where = conditionsOf(query, values);
    values.push(answer.hits.map(({ sha256 }) => Buffer.from(sha256, 'hex')));
    const rows = (await this.dataSource.query(`SELECT s.sha256 FROM dataset_samples AS s WHERE ${where} AND s.sha256 = ANY ($${values.length})`, values)) as Pick<SummaryRow, 'sha256'>[];
    const counted = new Set(rows.map(({ sha256 }) => sha256.toString('hex')));
    // Written twice, it lies there twice in a row.
    for (const hit of answer.hits) if (counted.has(hit.sha256) && found.at(-1)?.sha256 !== hit.sha256) found.push(hit);
    return answer;
  }

  /** What is known of them, in their order; what was taken out of the set for good meanwhile is left out. */
  async #described(set: DatasetEntity, page: readonly Found[]): Promise<FoundSample[]> {
    const scores = new Map(page.map(({ sha256, score }) => [sha256, score]));
    return (await summariesOf(this.dataSource, set, [...scores.keys()])).map((sample) => ({ ...sample, score: scores.get(sample.sha256) as number }));
  }

  /** Digests that the filter leaves; null: too many. */
  async #few(id: DatasetId, query: WithoutAim): Promise<string | null> {
    const values: unknown[] = [id];
    const rows = (await this.dataSource.query(`SELECT s.sha256 FROM dataset_samples AS s WHERE ${conditionsOf(query, values)} LIMIT ${FEW + 1}`, values)) as { sha256: Buffer }[];
    return rows.length > FEW ? null : Buffer.concat(rows.map(({ sha256 }) => sha256)).toString('base64');
  }
}

type WithoutAim = Omit<SampleSearchQuery, 'text' | 'sample'>;
type Found = SearchAnswer['hits'][number];

const cursorAfter = (embedding: string, last: Found | undefined): string | null => (last ? Buffer.from(JSON.stringify([embedding, last.score, last.row])).toString('base64url') : null);

function placeOf(cursor: string): z.infer<typeof Place> {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new CursorError('cursor: expected the nextCursor of an earlier page, as it came');
  }
}
