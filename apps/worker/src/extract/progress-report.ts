import { basename } from 'node:path';

export type ExtractEvent =
  | { readonly event: 'started'; readonly videos: number; readonly out: string }
  | { readonly event: 'progress'; readonly video: string; readonly pictures: number; readonly seconds: number; readonly ofSeconds: number | null }
  | { readonly event: 'skipped'; readonly video: string; readonly pictures: number }
  | { readonly event: 'done'; readonly video: string; readonly folder: string; readonly pictures: number; readonly added: number; readonly leftOut: number; readonly errors: number }
  | { readonly event: 'failed'; readonly video: string; readonly code: string; readonly message: string }
  | { readonly event: 'finished'; readonly videos: number; readonly failed: number; readonly skipped: number; readonly added: number; readonly leftOut: number; readonly interrupted: boolean };

interface Streams {
  readonly out: { write(text: string): unknown };
  readonly err: { readonly isTTY?: boolean; write(text: string): unknown };
}

const WIDTH = 24;
const EVERY_MS = 250;

/** Tells how far it is: a bar on a terminal, a line for each video that ends otherwise, and lines of JSON for machines when they are wanted. */
export class ProgressReport {
  readonly #streams: Streams;
  readonly #json: boolean;
  /** Share of each video under way. */
  readonly #shares = new Map<string, number>();
  #videos = 0;
  #ended = 0;
  #pictures = 0;
  #lastMs = 0;
  #hasBar = false;

  constructor(streams: Streams, json: boolean) {
    this.#streams = streams;
    this.#json = json;
  }

  tell(event: ExtractEvent): void {
    if (this.#json) this.#streams.out.write(`${JSON.stringify(event)}\n`);
    switch (event.event) {
      case 'started':
        this.#videos = event.videos;
        break;
      case 'progress':
        this.#shares.set(event.video, event.ofSeconds ? Math.min(1, event.seconds / event.ofSeconds) : 0);
        break;
      case 'skipped':
        this.#end(event.video, 0, null);
        break;
      case 'done':
        this.#end(event.video, event.added, `${event.video}: ${event.added} pictures${event.leftOut > 0 ? `, ${event.leftOut} left out as they are damaged` : ''}`);
        break;
      case 'failed':
        this.#end(event.video, 0, `failed: ${event.message} (${event.code})`, true);
        break;
      case 'finished':
        this.#line(`${event.interrupted ? 'interrupted; run it again to go on: ' : ''}${event.added} pictures of ${event.videos - event.failed - event.skipped} videos${event.skipped > 0 ? `, ${event.skipped} videos were finished before` : ''}${event.failed > 0 ? `, ${event.failed} failed` : ''}`);
        return;
    }
    this.#bar();
  }

  #end(video: string, pictures: number, line: string | null, always = false): void {
    this.#shares.delete(video);
    this.#ended += 1;
    this.#pictures += pictures;
    if (line !== null && (always || !this.#streams.err.isTTY)) this.#line(line);
  }

  #line(text: string): void {
    this.#streams.err.write(`${this.#hasBar ? '\r\x1b[K' : ''}${printable(text)}\n`);
    this.#hasBar = false;
  }

  #bar(): void {
    const now = performance.now();
    if (!this.#streams.err.isTTY || now - this.#lastMs < EVERY_MS) return;
    this.#lastMs = now;
    const share = this.#videos === 0 ? 0 : ([...this.#shares.values()].reduce((sum, part) => sum + part, 0) + this.#ended) / this.#videos;
    const full = Math.round(share * WIDTH);
    const [current = ''] = this.#shares.keys();
    this.#streams.err.write(`\r\x1b[K[${'='.repeat(full)}${' '.repeat(WIDTH - full)}] ${Math.floor(share * 100)} %, ${this.#ended} of ${this.#videos} videos, ${this.#pictures} pictures  ${printable(basename(current)).slice(0, 40)}`);
    this.#hasBar = true;
  }
}

/** Names of files may hold anything, orders for the terminal too. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '?');
