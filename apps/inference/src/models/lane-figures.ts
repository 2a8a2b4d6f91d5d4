import type { DeviceId, ModelId, ModelRunStats } from '@argus/contracts';
import { isoTime, RateWindow, ValueWindow, type Clock } from '@argus/kernel';
import type { ModelRun } from '@argus/models';
import type { Assignment } from './placement.js';

const SPAN_MS = 5000;

/** What one model did on one device. */
export class LaneFigures {
  readonly #queueMs = new ValueWindow(256);
  readonly #computeMs = new ValueWindow(128);
  readonly #rate = new RateWindow(SPAN_MS);
  readonly #busy: { atMs: number; ms: number }[] = [];
  #runs = 0;
  #pictures = 0;
  #medianMs: number | null = null;
  #lastSuccessMs: number | null = null;
  replaced = 0;

  constructor(
    private readonly model: { readonly id: ModelId; readonly version: string },
    private readonly clock: Clock,
  ) {}

  /** A run came back; `wallMs`: from handing it over to its answer, per picture in `queuedMs` how long it had waited before. */
  succeeded(run: ModelRun, wallMs: number, queuedMs: readonly number[]): void {
    const now = this.clock.monotonicMs();
    this.#runs += 1;
    this.#pictures += queuedMs.length;
    this.#lastSuccessMs = this.clock.nowMs();
    this.#computeMs.add(run.computeMs);
    if (this.#runs < 8 || this.#runs % 8 === 0) this.#medianMs = this.#computeMs.percentile(0.5);
    for (const ms of queuedMs) {
      this.#queueMs.add(ms);
      this.#rate.add(now);
    }
    this.#busy.push({ atMs: now, ms: wallMs });
    while ((this.#busy[0]?.atMs ?? now) < now - SPAN_MS) this.#busy.shift();
  }

  /** Median time of a run; null before the first. Asked for at every run, so it is found anew at every eighth only. */
  get computeMsP50(): number | null {
    return this.#medianMs;
  }

  /** What the next run will probably take; 0 when there was none lately: what is refused for its time is then tried again, or a slow moment would shut it out for ever. */
  get expectedMs(): number {
    return (this.#busy.at(-1)?.atMs ?? -Infinity) < this.clock.monotonicMs() - SPAN_MS ? 0 : (this.#medianMs ?? 0);
  }

  get computeMsP95(): number | null {
    return this.#computeMs.percentile(0.95);
  }

  /** Share of the time in which a session was at work, 0..1, and pictures per second, over the last seconds. */
  load(replicas: number): { readonly busy: number; readonly picturesPerSecond: number } {
    const now = this.clock.monotonicMs();
    const busyMs = this.#busy.reduce((sum, run) => (run.atMs > now - SPAN_MS ? sum + run.ms : sum), 0);
    return { busy: Math.min(1, busyMs / (SPAN_MS * Math.max(1, replicas))), picturesPerSecond: this.#rate.perSecond(now) };
  }

  stats(device: DeviceId, provider: string, replicas: number, assignment: Pick<Assignment, 'threads' | 'batch'>): ModelRunStats {
    return {
      model: this.model.id,
      version: this.model.version,
      device,
      provider,
      replicas,
      threads: assignment.threads,
      batch: assignment.batch,
      batchMean: this.#runs === 0 ? null : this.#pictures / this.#runs,
      runs: this.#runs,
      pictures: this.#pictures,
      ...this.load(replicas),
      queueMsP50: this.#queueMs.percentile(0.5),
      queueMsP95: this.#queueMs.percentile(0.95),
      computeMsP50: this.computeMsP50,
      computeMsP95: this.computeMsP95,
      replaced: this.replaced,
      lastSuccessAt: this.#lastSuccessMs === null ? null : isoTime(this.#lastSuccessMs),
    };
  }
}
