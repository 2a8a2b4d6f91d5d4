import { openModelWorker, type ModelWorker } from '@argus/models';
import type { PostWorker } from '../models/session-post.js';
import type { Assignment } from '../models/placement.js';

/** Keep so much memory free for everybody else. */
const FREE_TIMES_SESSION = 2;
const HUNG_MS = 30_000;

/** Open sessions of one package. Configurations that differ in batch, wait or replicas use the same ones: opening takes longer than measuring. */
export class SessionShelf {
  readonly #idle = new Map<string, ModelWorker[]>();
  readonly #all = new Set<ModelWorker>();
  #mostBytes = 0;
  /** A run came back after so many milliseconds. */
  onRun: (runMs: number) => void = () => {};
  #closed = false;

  constructor(private readonly path: string) {}

  /** A session that is given back, not ended, when it is terminated while idle. */
  async take(assignment: Assignment): Promise<PostWorker> {
    const { provider, deviceIndex, threads } = assignment;
    const key = `${provider}:${deviceIndex} ${threads}`;
    const kept = this.#idle.get(key)?.pop();
    if (kept?.alive) return this.#lend(kept, key);
    await this.#makeRoom();
    const worker = await openModelWorker(this.path, { threads, provider, deviceIndex });
    this.#all.add(worker);
    void worker.ended.then(() => this.#all.delete(worker));
    if (this.#closed) await worker.terminate();
    return this.#lend(worker, key);
  }

  /** Largest memory of a session so far, bytes; 0 before the first run. */
  get sessionBytes(): number {
    return this.#mostBytes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #lend(worker: ModelWorker, key: string): PostWorker {
    let runs = 0;
    return {
      get alive() { return worker.alive; },
      provider: worker.provider, fallback: worker.fallback, pid: worker.pid, ended: worker.ended,
      run: async (pictures) => {
        runs += 1;
        const startMs = performance.now();
        const run = await worker.run(pictures);
        this.onRun(performance.now() - startMs);
        this.#mostBytes = Math.max(this.#mostBytes, run.usage.residentBytes);
        return run;
      },
      terminate: async () => {
        if (this.#closed) return worker.terminate();
        // On a busy machine a run may take longer than the engine would bear: that is a long time to be measured, and only far longer a hang.
        if (worker.pending > 0) this.#endUnlessOver(worker, runs, () => runs);
        else this.#idle.set(key, [...(this.#idle.get(key) ?? []), worker]);
      },
    };
  }

  #endUnlessOver(worker: ModelWorker, run: number, runsNow: () => number): void {
    setTimeout(() => (worker.pending > 0 && runsNow() === run ? void worker.terminate() : undefined), HUNG_MS).unref();
  }

  async #makeRoom(): Promise<void> {
    if (process.availableMemory() > FREE_TIMES_SESSION * this.#mostBytes) return;
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(idle.map((worker) => worker.terminate()));
  }
}
