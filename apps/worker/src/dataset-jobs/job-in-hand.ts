import type { DatasetId, DatasetJobId, DatasetJobKind, DatasetJobOptions, DatasetJobResult } from '@argus/contracts';
import type { SampleReader } from '@argus/datasets';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { RemoteStoreError } from '@argus/storage';
import type { DataSource, EntityManager } from 'typeorm';
import { DatasetJobFailedError, PictureTroubleError } from '../errors.js';
import type { WorkerShards } from '../harvest/worker-shards.js';
import type { ClaimedDatasetJob, DatasetJobStore } from './dataset-job-store.js';
import type { JobProcess } from './job-process.js';
import type { ModelShelf } from './model-shelf.js';
import { countSamplesUpTo } from './set-samples.js';

/** What all kinds of jobs work with. */
export interface JobWork {
  readonly dataSource: DataSource;
  /** For processes of ours that write whole sets. */
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly store: DatasetJobStore;
  readonly samples: Pick<SampleReader, 'read' | 'find'>;
  readonly shards: Pick<WorkerShards, 'put' | 'commit'>;
  readonly models: ModelShelf;
  readonly exportsDir: string;
  readonly samplesDir: string;
  /** A set has new vectors: whoever searches it need not wait for them to be copied. */
  readonly vectorsMade: (datasetId: DatasetId, embedding: string) => Promise<void>;
  readonly clock: Clock;
  /** Takes out of a text where things lie on the server: that is nobody's business. */
  readonly hide: (text: string) => string;
}

export type OptionsOf<K extends DatasetJobKind> = Extract<DatasetJobOptions, { kind: K }>;
export type ResultOf<K extends DatasetJobKind> = Extract<DatasetJobResult, { kind: K }>;

export type JobOf<K extends DatasetJobKind> = JobInHand<OptionsOf<K>>;

/** One kind of job. Answers what is to be done in the transaction that ends the job. Called again after a crash it goes on at `job.cursor`. */
export type RunKind<K extends DatasetJobKind> = (job: JobOf<K>) => Promise<(manager: EntityManager) => Promise<ResultOf<K>>>;

type Troubles = ResultOf<'embed'>['troubles'];

const MOST_TROUBLES = 100;
/** Pictures that end the process that looks at them; after some more of them it is not the pictures. */
const MOST_DEATHS = 5;
const TELL_EVERY_MS = 500;

/** A claimed job while this worker is at it: its place, its progress, and the process that does what takes native code or long. */
export class JobInHand<Options extends DatasetJobOptions = DatasetJobOptions> {
  readonly id: DatasetJobId;
  readonly datasetId: DatasetId;
  readonly createdBy: string;
  readonly options: Options;
  readonly #troubles: Troubles;
  #cursor: Readonly<Record<string, unknown>>;
  #done = 0;
  #total = 0;
  #begin: { readonly atMs: number; readonly done: number } | null = null;
  #deaths = 0;
  #toldMs = -Infinity;

  constructor(
    private readonly claimed: ClaimedDatasetJob,
    readonly work: JobWork,
    readonly process: JobProcess,
    /** Aborted: the worker stops, or the job was stopped. */
    readonly signal: AbortSignal,
  ) {
    this.id = claimed.id;
    this.datasetId = claimed.datasetId;
    this.createdBy = claimed.createdBy;
    this.options = claimed.options as Options;
    this.#cursor = claimed.cursor;
    this.#troubles = [...((claimed.cursor['troubles'] ?? []) as Troubles)];
  }

  get troubles(): Troubles {
    return this.#troubles;
  }

  get progress() {
    const nowMs = this.work.clock.monotonicMs();
    const made = this.#begin === null ? 0 : this.#done - this.#begin.done;
    const secondsLeft = this.#begin === null || made === 0 ? null : ((nowMs - this.#begin.atMs) / 1000 / made) * Math.max(0, this.#total - this.#done);
    return { done: Math.min(this.#done, this.#total), total: this.#total, secondsLeft };
  }

  /** What a phase left behind when it was last kept; undefined: it was not begun. */
  placeOf<Place>(phase: string): Place | undefined {
    return this.#cursor[phase] as Place | undefined;
  }

  /** So many pictures there are to be looked at in each of these phases; what was done of them before a crash counts. */
  async expect(samples: number, phases: readonly string[]): Promise<void> {
    const { dataSource } = this.work;
    this.#total = samples * phases.length;
    this.#done = 0;
    for (const phase of phases) {
      const { seq } = this.placeOf<{ readonly seq: string }>(phase) ?? { seq: '0' };
      if (seq !== '0') this.#done += await countSamplesUpTo(dataSource, this.datasetId, seq);
    }
    this.#begin = { atMs: this.work.clock.monotonicMs(), done: this.#done };
  }

  /** So many pictures there are, and so many of them were done before a crash: where they are none of the set's yet. */
  expectPictures(total: number, done: number): void {
    this.#total = total;
    this.#done = done;
    this.#begin = { atMs: this.work.clock.monotonicMs(), done };
  }

  /** Writes what was done with some pictures, and the place of the phase behind them, or none of both. */
  async keep<Answer>(phase: string, pictures: number, write: (manager: EntityManager) => Promise<{ readonly place: unknown; readonly answer: Answer }>): Promise<Answer> {
    this.signal.throwIfAborted();
    this.#done += pictures;
    const { cursor, answer } = await this.work.store.advance(this.claimed, this.progress, async (manager) => {
      const written = await write(manager);
      return { cursor: { ...this.#cursor, [phase]: written.place, troubles: this.#troubles }, answer: written.answer };
    });
    this.#cursor = cursor;
    return answer;
  }

  /** How far it is, where nothing is kept on the way; said some times a second. */
  async tell(done: number): Promise<void> {
    this.#done = done;
    const nowMs = this.work.clock.monotonicMs();
    if (nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = nowMs;
    await this.work.store.tell(this.claimed, this.progress);
  }

  /** The encoded picture and what is asked of it; null: it cannot be read, and is among the troubles. */
  look<Answer>(sha256: string, ask: (content: Uint8Array) => Promise<Answer>): Promise<Answer | null> {
    return this.ask(sha256, async () => ask(await this.#read(sha256)));
  }

  /** What is asked of a picture, wherever it comes from; null: it is among the troubles. */
  async ask<Answer>(sha256: string, ask: () => Promise<Answer>): Promise<Answer | null> {
    this.signal.throwIfAborted();
    try {
      return await ask().catch((error: unknown) => {
        // Once more, in a new process: something else may have ended it.
        if (!this.#hasDied(error)) throw error;
        return ask();
      });
    } catch (error) {
      this.signal.throwIfAborted();
      if (!(error instanceof PictureTroubleError)) throw error;
      if (this.#troubles.length < MOST_TROUBLES) this.#troubles.push({ sha256, problem: this.work.hide(error.message).slice(0, 500) });
      return null;
    }
  }

  /** @throws DatasetJobFailedError when that happens again and again */
  #hasDied(error: unknown): boolean {
    if (this.signal.aborted || !(error instanceof PictureTroubleError) || error.context['died'] !== true) return false;
    this.#deaths += 1;
    if (this.#deaths > MOST_DEATHS) throw new DatasetJobFailedError(`the process that looks at pictures ended ${this.#deaths} times: ${error.message}`);
    return true;
  }

  async #read(sha256: string): Promise<Uint8Array> {
    try {
      return await this.work.samples.read(sha256);
    } catch (error) {
      // A bucket that is away is no fault of the picture.
      if (error instanceof RemoteStoreError) throw error;
      throw new PictureTroubleError(messageOf(error));
    }
  }
}
