import type { LoadStats, ModelId } from '@argus/contracts';
import { LoopDelay, processUsage, type Clock, type ProcessUsage } from '@argus/kernel';

/** A child as its own last word describes it. */
export interface ChildUsage {
  readonly pid: number;
  readonly kind: 'ingest' | 'model';
  readonly model: ModelId | null;
  readonly cameras: number;
  readonly restarts: number;
  readonly loopDelayMsP99: number | null;
  /** CPU since its start and memory now; null: it has not said yet. */
  readonly usage: ProcessUsage | null;
}

const QUIET_MS = 3000;

/** Processor time of this process and its children as shares, from what each says it has used. */
export class LoadMeter {
  readonly #delay = new LoopDelay();
  readonly #before = new Map<number, { readonly cpuMs: number; readonly atMs: number; readonly share: number }>();

  constructor(
    private readonly cores: number,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Call once a second: shares are those since the last call. */
  read(children: readonly ChildUsage[]): Omit<LoadStats, 'shedding' | 'granted'> {
    const own = this.#share(process.pid, processUsage().cpuMs);
    const measured = children.map(({ usage, ...child }) => ({ ...child, cpu: usage ? this.#share(child.pid, usage.cpuMs) : 0, residentBytes: usage?.residentBytes ?? 0 }));
    for (const pid of this.#before.keys()) if (pid !== process.pid && !children.some((child) => child.pid === pid)) this.#before.delete(pid);
    return { cpu: Math.min(1, (own + measured.reduce((sum, { cpu }) => sum + cpu, 0)) / this.cores), loopDelayMsP99: this.#delay.p99Ms, children: measured };
  }

  close(): void {
    this.#delay.close();
  }

  /** Cores in use since the last word of this process. */
  #share(pid: number, cpuMs: number): number {
    const atMs = this.clock.monotonicMs();
    const before = this.#before.get(pid);
    // A child that has not spoken since is taken to be as busy as it was, for a while.
    if (before && before.cpuMs === cpuMs && atMs - before.atMs < QUIET_MS) return before.share;
    const share = before && atMs > before.atMs ? Math.max(0, (cpuMs - before.cpuMs) / (atMs - before.atMs)) : 0;
    this.#before.set(pid, { cpuMs, atMs, share });
    return share;
  }
}
