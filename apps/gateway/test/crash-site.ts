import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SampleStore } from '@argus/datasets';
import { waitFor } from '@argus/testing';
import type { RunningGateway } from './running-gateway.js';
import { endWorker, startWorker } from './running-worker.js';

/** Work of one run or job, from its rows. */
export interface CrashedWork {
  state(): Promise<string>;
  /** What is committed, each by a name that tells it and its content: later looks may not miss any of it. */
  committed(): Promise<ReadonlySet<string>>;
  /** When the work that was in hand was last committed, by this machine's clock; null: not yet. */
  committedMs(): Promise<number | null>;
  /** Of a file under way: what of it is not durable. A disk that had not written that is played with `cut`, which is asked with numbers from 0 to 1. */
  readonly halves?: { unflushedBytes(): number; cut(random: () => number): void };
  /** What came out, to be compared with that of a run which nobody disturbed. Throws where something is wrong in itself. */
  outcome(): Promise<unknown>;
}

export interface CrashedKind {
  readonly name: string;
  begin(): Promise<CrashedWork>;
}

export interface CrashFigures {
  readonly kind: string;
  kills: number;
  /** Kills after which what was not flushed was cut off as well. */
  cuts: number;
  /** Runs that were brought to their end, each compared. */
  runs: number;
  /** Committed, and not there any more. */
  lost: number;
  /** In hand when it was killed: done again. */
  redoneMs: number;
  redoneBytes: number;
  isEqual: boolean;
}

const TABLES = 'harvest_recipes, harvest_runs, harvest_parts, harvest_taken, dataset_versions, datasets, pictures, dataset_samples, dataset_jobs, sample_embeddings';
const NAMED = `SELECT encode(sha256, 'hex') AS sha256 FROM pictures UNION SELECT encode(thumbnail, 'hex') FROM pictures WHERE thumbnail IS NOT NULL`;
const DONE_WITHIN_MS = 120_000;
/** Work that takes longer is killed more than once on its way: any place of it is reached. */
const MOST_WAIT_MS = 4000;
/** Of those that the spec itself puts pictures with. */
export const SITE_OWNER = 'site';

/** A gateway with workers that are killed. */
export class CrashSite {
  constructor(
    readonly gateway: RunningGateway,
    private readonly random: () => number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Kills workers at random moments of the kind's work, and lets others go on, until there were so many. */
  async storm(kind: CrashedKind, points: number): Promise<CrashFigures> {
    const figures: CrashFigures = { kind: kind.name, kills: 0, cuts: 0, runs: 0, lost: 0, redoneMs: 0, redoneBytes: 0, isEqual: true };
    const { outcome: expected, spanMs } = await this.#calm(kind);
    while (figures.kills < points) {
      const work = await kind.begin();
      let known: ReadonlySet<string> = new Set();
      while (figures.kills < points) {
        const worker = await this.#start();
        const readyMs = Date.now();
        await sleep(this.random() * Math.min(spanMs * 1.1, MOST_WAIT_MS));
        await this.#kill(worker);
        const killedMs = Date.now();
        if ((await work.state()) === 'done') break;
        figures.kills += 1;
        figures.redoneMs = Math.max(figures.redoneMs, killedMs - Math.max(readyMs, (await work.committedMs()) ?? 0));
        known = await this.#look(work, known, figures);
        await this.#freeClaims();
      }
      await this.#finish(work);
      const outcome = await work.outcome();
      figures.runs += 1;
      await this.#look(work, known, figures, false);
      figures.isEqual &&= JSON.stringify(outcome) === JSON.stringify(expected) && (await this.#storedTwice()) === 0;
      await this.#clear();
    }
    return figures;
  }

  /** Nobody disturbs it: what comes out, and how long a worker is at it. */
  async #calm(kind: CrashedKind): Promise<{ outcome: unknown; spanMs: number }> {
    const work = await kind.begin();
    const worker = await this.#start();
    const readyMs = Date.now();
    await this.#done(work);
    const spanMs = Date.now() - readyMs;
    await endWorker(worker, 'SIGTERM');
    const outcome = await work.outcome();
    await this.#clear();
    return { outcome, spanMs };
  }

  async #look(work: CrashedWork, known: ReadonlySet<string>, figures: CrashFigures, mayCut = true): Promise<ReadonlySet<string>> {
    await this.#settle();
    const named = await this.#named();
    for (const shard of this.#shards()) figures.redoneBytes = Math.max(figures.redoneBytes, shard.bytes - endOfNamed(shard, named).tar);
    figures.redoneBytes = Math.max(figures.redoneBytes, work.halves?.unflushedBytes() ?? 0);
    if (mayCut && this.random() < 0.5) {
      work.halves?.cut(this.random);
      for (const shard of this.#shards()) this.#cutPower(shard, named);
      figures.cuts += 1;
    }
    const now = await work.committed();
    figures.lost += [...known].filter((one) => !now.has(one)).length;
    const store = await SampleStore.open(this.gateway.settings.samplesDir);
    try {
      // Compared with its digest.
      for (const sha256 of named) await store.read(sha256);
    } finally {
      await store.close();
    }
    return now;
  }

  /** A disk that had not written yet what no row names: shard and index end anywhere behind what rows name. */
  #cutPower(shard: ShardFiles, named: ReadonlySet<string>): void {
    const least = endOfNamed(shard, named);
    truncateSync(shard.tar, least.tar + Math.floor(this.random() * (shard.bytes - least.tar + 1)));
    truncateSync(shard.index, least.index + Math.floor(this.random() * (shard.text.length - least.index + 1)));
  }

  /** PostgreSQL may still be at a commit that the dead worker asked for. */
  async #settle(): Promise<void> {
    await waitFor(async () => ((await this.gateway.dataSource.query(`SELECT count(*)::int AS busy FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`)) as { busy: number }[])[0]?.busy === 0, 20_000);
  }

  /** Without waiting for the claim of the dead to run out; and however often workers died there, which else would be taken for the picture's fault. */
  async #freeClaims(): Promise<void> {
    const { dataSource } = this.gateway;
    for (const table of ['harvest_runs', 'harvest_parts', 'dataset_jobs']) await dataSource.query(`UPDATE ${table} SET claimed_until = now() - interval '1 second' WHERE claim IS NOT NULL`);
    for (const table of ['harvest_runs', 'harvest_parts', 'dataset_jobs']) await dataSource.query(`UPDATE ${table} SET attempts = 0`);
  }

  async #finish(work: CrashedWork): Promise<void> {
    if ((await work.state()) === 'done') return;
    const worker = await this.#start();
    await this.#done(work);
    await endWorker(worker, 'SIGTERM');
  }

  async #done(work: CrashedWork): Promise<void> {
    let state = '';
    await waitFor(async () => {
      state = await work.state();
      if (state === 'failed') throw new Error('expected the work to go on after a kill, it failed');
      return state === 'done';
    }, DONE_WITHIN_MS, () => state);
  }

  #start(): Promise<ChildProcess> {
    return startWorker(this.gateway, this.environment, true);
  }

  /** Now the worker with all its children, now the worker alone. */
  async #kill(worker: ChildProcess): Promise<void> {
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    process.kill(this.random() < 0.5 ? -(worker.pid as number) : (worker.pid as number), 'SIGKILL');
    await gone;
  }

  async #named(): Promise<ReadonlySet<string>> {
    return new Set(((await this.gateway.dataSource.query(NAMED)) as { sha256: string }[]).map(({ sha256 }) => sha256));
  }

  #shards(): ShardFiles[] {
    const root = join(this.gateway.settings.samplesDir, 'shards');
    if (!existsSync(root)) return [];
    const owners = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== SITE_OWNER);
    return owners.flatMap(({ name }) => readdirSync(join(root, name)).filter((file) => file.endsWith('.idx.jsonl')).map((file) => {
      const [tar, index] = [join(root, name, file.replace('.idx.jsonl', '.tar')), join(root, name, file)];
      return { tar, index, bytes: statSync(tar).size, text: readFileSync(index, 'latin1') };
    }));
  }

  /** Pictures that lie in the shards more than once. */
  async #storedTwice(): Promise<number> {
    const digests = this.#shards().flatMap(({ text }) => entriesOf(text).map(({ sha256 }) => sha256));
    return digests.length - new Set(digests).size;
  }

  async #clear(): Promise<void> {
    await this.gateway.dataSource.query(`TRUNCATE ${TABLES} CASCADE`);
    for (const name of ['shards', 'versions']) rmSync(join(this.gateway.settings.samplesDir, name), { recursive: true, force: true });
  }
}

interface ShardFiles {
  readonly tar: string;
  readonly index: string;
  readonly bytes: number;
  readonly text: string;
}

const entriesOf = (text: string): { sha256: string; offset: number; bytes: number; lineEnd: number }[] => {
  const entries = [];
  for (let at = 0, end = text.indexOf('\n'); end >= 0; at = end + 1, end = text.indexOf('\n', at)) entries.push({ ...(JSON.parse(text.slice(at, end)) as { sha256: string; offset: number; bytes: number }), lineEnd: end + 1 });
  return entries;
};

/** Behind the last picture that a row names: up to there all was on the disk before the row was written. */
function endOfNamed({ text }: ShardFiles, named: ReadonlySet<string>): { tar: number; index: number } {
  const last = entriesOf(text).findLast(({ sha256 }) => named.has(sha256));
  return last === undefined ? { tar: 0, index: 0 } : { tar: Math.ceil((last.offset + last.bytes) / 512) * 512, index: last.lineEnd };
}
