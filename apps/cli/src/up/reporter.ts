import type { LogLine } from './log-line.js';

const REPEAT_MS = 10_000;

/** What `argus up` tells the person in front of it: one line per step, warnings of children once per ten seconds each. */
export class Reporter {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  #isStopping = false;
  readonly #seen = new Map<string, { atMs: number; more: number }>();

  constructor(write: (line: string) => void, nowMs: () => number = Date.now) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  step(text: string): void {
    this.#write(`${this.#clock()} ${text}`);
  }

  /** From here on services say only what stopping makes them say; it stays in their log files. */
  stopping(): void {
    this.#isStopping = true;
  }

  /** A line without the clock, for the final announcement. */
  plain(text: string): void {
    this.#write(text);
  }

  /** A flapping camera must not scroll the address away: the same text of the same service is counted, not repeated. */
  fromService(service: string, line: LogLine): void {
    if (this.#isStopping) return;
    const key = `${service} ${line.text.replace(/\d+/g, '#')}`;
    const now = this.#nowMs();
    const seen = this.#seen.get(key);
    if (seen !== undefined && now - seen.atMs < REPEAT_MS) {
      seen.more += 1;
      return;
    }
    if (this.#seen.size > 500) this.#seen.clear();
    this.#seen.set(key, { atMs: now, more: 0 });
    const more = seen !== undefined && seen.more > 0 ? `  (and ${seen.more} more like this)` : '';
    this.#write(`${this.#clock()} ${service}: ${line.level === 'error' ? 'error: ' : ''}${line.text}${more}`);
  }

  #clock(): string {
    return new Date(this.#nowMs()).toTimeString().slice(0, 8);
  }
}
