import { randomUUID } from 'node:crypto';
import { messageOf, redactCredentials, type Logger } from '@argus/kernel';
import { DEFAULT_SCHEMA, createPostgresBackend, createRedisBackend, runMigrations, withBackend, type BackendFactory, type IQueueBackend } from 'bullmq';
import { Pool } from 'pg';

export interface WakeUpQueueOptions {
  readonly databaseUrl: string;
  /** Jobs go through Redis where it is given, else through Postgres: the same API. */
  readonly redisUrl?: string | undefined;
  readonly log: Logger;
  /** Those that wake and those that work meet under it. */
  readonly name: string;
  /** Called for one thing at a time per id; what it throws is logged and the next wake-up tries again. null: this process only wakes. */
  readonly work: ((id: string) => Promise<void>) | null;
  /** Things worked on at once. */
  readonly concurrency?: number;
}

interface WakeUp {
  readonly id: string;
}

/** Queue, worker and the worker's LISTEN connection. */
const POOL_SIZE = 6;

/**
 * BullMQ jobs as wake-ups: one says "there is something to do for this id". What is to be done stands in the rows of a table (docs/adr/0006
 * and 0014), so a job that is lost, doubled or late costs time and nothing else.
 */
export class WakeUpQueue {
  // A job that was active when its gateway or the backend died keeps its id taken until BullMQ calls it stalled, half a minute later.
  // After each start and each trouble ids are new; a round that runs twice is harmless, rows are claimed.
  #generation = randomUUID().slice(0, 8);
  #queue: { add(name: string, wakeUp: WakeUp, options: object): Promise<unknown>; close(): Promise<void> } | null = null;
  #worker: { close(): Promise<void> } | null = null;
  #pool: Pool | null = null;
  #reportedAt = -Infinity;

  constructor(private readonly options: WakeUpQueueOptions) {}

  async open(): Promise<void> {
    const { redisUrl } = this.options;
    if (redisUrl) return this.#run(createRedisBackend, { url: redisUrl, maxRetriesPerRequest: null });
    // BullMQ pins the schema only on pools that it makes itself.
    const pool = new Pool({ connectionString: this.options.databaseUrl, max: POOL_SIZE, keepAlive: true, application_name: 'argus-jobs', options: `-c search_path=${DEFAULT_SCHEMA}` });
    pool.on('error', (error) => this.#report(error));
    // Also of a connection that is in a job's hands between two queries: unheard it would end the process.
    pool.on('connect', (client) => void client.on('error', (error) => this.#report(error)));
    this.#pool = pool;
    const client = await pool.connect();
    try {
      await runMigrations(client);
    } finally {
      client.release();
    }
    this.#run(createPostgresBackend, pool);
  }

  /** Rejects when the queue's backend is away; the next sweep wakes again. */
  async wake(id: string): Promise<void> {
    await this.#queue?.add('wake', { id }, { jobId: `${this.#generation}-${id}`, removeOnComplete: true, removeOnFail: true });
  }

  async close(): Promise<void> {
    await this.#worker?.close();
    await this.#queue?.close();
    await this.#pool?.end();
  }

  #run<Backend extends IQueueBackend, Connection>(backend: BackendFactory<Backend, Connection>, connection: Connection): void {
    const { Queue, Worker } = withBackend(backend);
    const { name, work, concurrency = 1, log } = this.options;
    const queue = new Queue<WakeUp>(name, { connection });
    queue.on('error', (error) => this.#report(error));
    this.#queue = queue;
    if (work === null) return;
    const worker = new Worker<WakeUp>(name, (job) => work(job.data.id), { connection, concurrency });
    worker.on('error', (error) => this.#report(error));
    worker.on('failed', (job, error) => log.error('a round of work broke off, it is taken up again', { queue: name, id: job?.data.id, error: messageOf(error) }));
    this.#worker = worker;
  }

  /** A backend that is away reports on every attempt to reach it: one line in ten seconds says enough. */
  #report(error: Error): void {
    this.#generation = randomUUID().slice(0, 8);
    const now = performance.now();
    if (now - this.#reportedAt < 10_000) return;
    this.#reportedAt = now;
    this.options.log.warn('the job queue has trouble', { error: redactCredentials(messageOf(error)) });
  }
}
