import type { WriteStream } from 'node:tty';

const EVERY_MS = 500;

/** One line on a terminal that says how far it is; nothing when the output goes to a file or a pipe. */
export class Progress {
  #lastMs = 0;
  readonly #startedMs = performance.now();
  #frames = 0;

  constructor(
    private readonly stream: Pick<WriteStream, 'isTTY' | 'write'>,
    private readonly seconds: number | null,
  ) {}

  at(frame: number, ptsUs: number): void {
    this.#frames += 1;
    const now = performance.now();
    if (!this.stream.isTTY || now - this.#lastMs < EVERY_MS) return;
    this.#lastMs = now;
    const share = this.seconds ? ` ${Math.min(100, Math.round(ptsUs / 1e4 / this.seconds))} %` : '';
    this.stream.write(`\r  frame ${frame}${share}, ${this.#rate(now)} pictures a second  `);
  }

  done(): void {
    if (this.stream.isTTY) this.stream.write(`\r  ${this.#frames} pictures, ${this.#rate(performance.now())} a second          \n`);
  }

  #rate(nowMs: number): string {
    return ((this.#frames * 1000) / Math.max(1, nowMs - this.#startedMs)).toFixed(1);
  }
}
