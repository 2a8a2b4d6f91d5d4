import { Backoff, messageOf, redactCredentials, type Logger } from '@argus/kernel';
import { VERSION } from '../version.js';
import { otlpBody, type ExportedSpan } from './otlp-json.js';
import type { TelemetrySettings } from './telemetry-settings.js';

/** Spans of one request at most, and those that may wait: a collector that is away for a minute loses little, and costs 10 MB at most. */
const BATCH = 512;
const MOST_WAITING = 8192;
const GATHER_MS = 1000;
const TRIES = 5;
const LAST_WORDS_MS = 2000;
/** What the protocol calls worth another try. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends spans to an OpenTelemetry collector, in batches and beside everything else: what it does not get rid of is counted and forgotten. */
export class SpanExporter {
  readonly counts = { exported: 0, failed: 0, dropped: 0 };
  readonly #waiting: ExportedSpan[] = [];
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 15_000 });
  readonly #stop = new AbortController();
  /** Ends a request that is still under way some time after the stop. */
  readonly #patience = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #failing = false;

  /** `settings` null: nobody collects, and `add` does nothing. */
  constructor(
    private readonly settings: TelemetrySettings | null,
    private readonly log: Logger,
  ) {}

  get enabled(): boolean {
    return this.settings !== null;
  }

  add(spans: readonly ExportedSpan[]): void {
    if (this.settings === null || this.#stop.signal.aborted) return;
    const room = Math.max(0, MOST_WAITING - this.#waiting.length);
    this.#waiting.push(...spans.slice(0, room));
    this.counts.dropped += Math.max(0, spans.length - room);
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  /** Sends what waits once more and then lets go. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#stop.abort();
    const timer = setTimeout(() => this.#patience.abort(), LAST_WORDS_MS);
    await this.#sending;
    const left = this.#waiting.splice(0, BATCH);
    this.counts.dropped += this.#waiting.splice(0).length;
    if (left.length > 0 && (await this.#post(left, LAST_WORDS_MS)) !== null) this.counts.failed += left.length;
    clearTimeout(timer);
  }

  #flush(): void {
    this.#timer = null;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
      if (this.#waiting.length > 0 && !this.#stop.signal.aborted) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) await this.#send(this.#waiting.splice(0, BATCH));
  }

  async #send(batch: readonly ExportedSpan[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const problem = await this.#post(batch, this.settings?.timeoutMs ?? 0);
      if (problem === null) {
        this.#failing = false;
        this.#backoff.reset();
        return;
      }
      if (!this.#failing) this.log.warn('traces cannot be delivered', { error: problem.text });
      this.#failing = true;
      if (!problem.retryable || attempt === TRIES || this.#stop.signal.aborted) {
        this.counts.failed += batch.length;
        return;
      }
      await this.#pause(this.#backoff.nextMs());
    }
  }

  /** null: it was taken. */
  async #post(batch: readonly ExportedSpan[], timeoutMs: number): Promise<{ text: string; retryable: boolean } | null> {
    if (this.settings === null) return null;
    const { endpoint, headers, resource } = this.settings;
    try {
      const response = await fetch(endpoint, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: otlpBody(batch, resource, VERSION), redirect: 'error', signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#patience.signal]) });
      const answer = await response.text();
      if (!response.ok) return { text: `the collector answered ${response.status}`, retryable: RETRYABLE.has(response.status) };
      const rejected = Math.min(batch.length, rejectedOf(answer));
      this.counts.exported += batch.length - rejected;
      this.counts.failed += rejected;
      return null;
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
      return { text: redactCredentials(`${messageOf(error)}${cause}`), retryable: true };
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}

/** A collector may take a batch and say how many of it it did not want; anything else in its answer means nothing. */
function rejectedOf(answer: string): number {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: { rejectedSpans?: unknown } };
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    return Number.isInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    return 0;
  }
}
