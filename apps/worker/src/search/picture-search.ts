import type { DatasetId, ModelId, SearchAnswer, SearchQuestion } from '@argus/contracts';
import { unitOf } from '@argus/datasets';
import { messageOf } from '@argus/kernel';
import { embeddingName } from '@argus/models';
import type { DataSource } from 'typeorm';
import { SCENES_MODEL } from '../dataset-jobs/embed-missing.js';
import type { Tasks } from '../dataset-jobs/child/tasks.js';
import type { JobProcess } from '../dataset-jobs/job-process.js';
import type { ModelShelf } from '../dataset-jobs/model-shelf.js';
import { NoSearchModelError, NoVectorsError, SearchFailedError } from '../errors.js';
import type { SetVectorFiles } from './set-vector-files.js';

/** What turns pictures, and perhaps words, into vectors. */
interface Embedding {
  readonly name: string;
  readonly path: string;
  /** null: the features of the shipped detector. */
  readonly model: ModelId | null;
  readonly readsText: boolean;
}

export interface PictureSearchOptions {
  readonly dataSource: DataSource;
  readonly models: ModelShelf;
  readonly files: SetVectorFiles;
  /** Of its own: jobs keep theirs busy for hours. */
  readonly process: JobProcess;
}

const VECTOR = `SELECT vector FROM sample_embeddings WHERE sha256 = $1 AND model = $2 AND boxes = ''`;

/** Who comes when so many wait would wait for seconds, and for nothing if they gave up meanwhile. */
const MOST_WAITING = 64;

/** Finds the pictures of a set that are most like words or a picture. */
export class PictureSearch {
  readonly #stopping = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #scenes: Promise<string> | null = null;

  constructor(private readonly options: PictureSearchOptions) {}

  /** @throws NoSearchModelError, NoVectorsError, SearchFailedError */
  async find(question: SearchQuestion): Promise<SearchAnswer> {
    const { datasetId, count, after, among } = question;
    const { embedding, query } = await this.#understand(question);
    const { path, dims, rows } = await this.options.files.get(datasetId, embedding.name);
    if (rows === 0) throw noVectors(embedding);
    if (query.length !== dims) throw new SearchFailedError(`expected a vector of ${dims} numbers from ${embedding.name}, got ${query.length}`);
    const ranked = await this.#ask('rank', { path, dims, rows, query, count, after, among: among === null ? null : Buffer.from(among, 'base64') });
    return { embedding: embedding.name, vectors: rows, hits: ranked.map(({ sha256, score, row }) => ({ sha256, score, row })) };
  }

  close(): void {
    this.#stopping.abort(new Error('the worker stops'));
    this.options.process.close();
  }

  /** Which embedding answers, and the vector that pictures are compared with. */
  async #understand({ datasetId, like, model, embedding: named }: SearchQuestion): Promise<{ embedding: Embedding; query: Float32Array }> {
    const fits = (await this.#embeddings()).filter((one) => (named === null ? model === null || one.model === model : one.name === named) && (like.by !== 'text' || one.readsText));
    const [first] = fits;
    if (!first) throw noModel(like.by === 'text', model ?? named);
    switch (like.by) {
      case 'text':
        return { embedding: first, query: await this.#ask('embed-text', { model: first.path, text: like.text }) };
      case 'sample': {
        for (const embedding of fits) {
          const query = await this.#vectorOf(like.sha256, embedding);
          if (query) return { embedding, query };
        }
        throw noVectors(first);
      }
      case 'picture': {
        const embedding = await this.#withVectors(datasetId, fits);
        const { whole } = await this.#ask('embed', { content: Buffer.from(like.content, 'base64'), model: embedding.path, whole: true, boxes: null });
        if (whole === null) throw new SearchFailedError('the picture gave no vector');
        return { embedding, query: unitOf(whole.numbers) };
      }
    }
  }

  /** Packages first: they know more than scenes. */
  async #embeddings(): Promise<Embedding[]> {
    const { models } = this.options;
    const packages = (await models.list('embed')).map(({ path, manifest }): Embedding => ({ name: embeddingName(manifest), path, model: manifest.id, readsText: manifest.text !== undefined }));
    const scenes = (await models.list('detect')).find(({ manifest }) => manifest.id === SCENES_MODEL);
    if (!scenes) return packages;
    this.#scenes ??= this.#ask('embedder', scenes.path).then(({ name }) => name);
    this.#scenes.catch(() => (this.#scenes = null));
    return [...packages, { name: await this.#scenes, path: scenes.path, model: null, readsText: false }];
  }

  async #vectorOf(sha256: string, { name }: Embedding): Promise<Float32Array | null> {
    const [row] = (await this.options.dataSource.query(VECTOR, [Buffer.from(sha256, 'hex'), name])) as { vector: Buffer }[];
    return row ? unitOf(new Int8Array(row.vector.buffer, row.vector.byteOffset, row.vector.byteLength)) : null;
  }

  async #withVectors(datasetId: DatasetId, fits: readonly Embedding[]): Promise<Embedding> {
    for (const embedding of fits) if ((await this.options.files.get(datasetId, embedding.name)).rows > 0) return embedding;
    throw noVectors(fits[0] as Embedding);
  }

  /** One after the other: the process does one thing at a time. */
  async #ask<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[0]): Promise<Awaited<ReturnType<Tasks[K]>>> {
    const { signal } = this.#stopping;
    if (this.#waiting >= MOST_WAITING) throw new SearchFailedError(`${MOST_WAITING} searches wait already; try again in some seconds`);
    this.#waiting += 1;
    const asked = this.#turn.then(() => this.options.process.call(task, input, signal));
    this.#turn = asked.catch(() => undefined);
    try {
      return await asked;
    } catch (error) {
      throw signal.aborted ? error : new SearchFailedError(messageOf(error), {}, { cause: error });
    } finally {
      this.#waiting -= 1;
    }
  }
}

const noModel = (isText: boolean, name: string | null): Error =>
  new NoSearchModelError(
    name !== null
      ? `expected an installed model package that can embed ${isText ? 'text' : 'pictures'}, got "${name}"`
      : isText
        ? 'no model package that understands words is installed; put one with a text encoder into the models folder (see "Bringing your own model")'
        : `no model package that turns pictures into vectors is installed, not even ${SCENES_MODEL}, which comes with Argus`,
  );

const noVectors = ({ model, name }: Embedding): Error =>
  new NoVectorsError(`there are no vectors by ${name} to compare with yet; start the job "embed"${model === null ? '' : ` with model "${model}"`} on the set`, { model });
