import { Histogram, LoopDelay } from '@argus/kernel';
import type { CommittedBatch } from '../engine/event-intake.js';

const HTTP_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const COMMIT_BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
/** An attempt ends after ten seconds. */
const ATTEMPT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A delivery is given up after a day. */
const DELIVERY_BOUNDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 43_200];
const MS = 1000;

interface Attempt {
  /** null: the receiver took it. */
  readonly error: string | null;
  readonly durationMs: number;
}

/** What the gateway measures of itself from its start on. Written where things happen, read by a scrape; holds no row and no name. */
export class Measurements {
  readonly requests = new Map<string, { readonly method: string; readonly route: string; readonly status: string; readonly seconds: Histogram }>();
  readonly commits = new Histogram(COMMIT_BOUNDS);
  readonly attempts = { delivered: new Histogram(ATTEMPT_BOUNDS), failed: new Histogram(ATTEMPT_BOUNDS) } as const;
  readonly deliveries = new Histogram(DELIVERY_BOUNDS);
  readonly revisions = { provisional: 0, confirmed: 0, ended: 0 };
  readonly #loop = new LoopDelay();

  /** `route` as the catalogue writes it, so that there are as many series as routes and not as many as ids. */
  request(method: string, route: string, status: number, durationMs: number): void {
    const statusClass = `${Math.floor(status / 100)}xx`;
    const key = `${method} ${route} ${statusClass}`;
    let entry = this.requests.get(key);
    if (!entry) this.requests.set(key, (entry = { method, route, status: statusClass, seconds: new Histogram(HTTP_BOUNDS) }));
    entry.seconds.observe(durationMs / MS);
  }

  /** `ageMs`: since the delivery was made. */
  attempt({ error, durationMs }: Attempt, ageMs: number): void {
    this.attempts[error === null ? 'delivered' : 'failed'].observe(durationMs / MS);
    if (error === null) this.deliveries.observe(ageMs / MS);
  }

  committed({ items, changed, endedMs }: CommittedBatch): void {
    for (const { state } of changed) this.revisions[state] += 1;
    for (const item of items) if (item.kind === 'event') this.commits.observe((endedMs - item.receivedMs) / MS);
  }

  get loopDelayMsP99(): number {
    return this.#loop.p99Ms ?? 0;
  }

  close(): void {
    this.#loop.close();
  }
}
