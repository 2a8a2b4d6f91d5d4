import { wallOfFilm } from './film-time.js';
import { FrameTimes } from './frame-times.js';
import type { FootageFilm } from './footage-film.js';

/** Played footage that is kept for going back a little, and what a browser holds at most before it is asked to let go. */
const KEEP_BEHIND_MS = 45_000;
const KEEP_AHEAD_MS = 180_000;
const TOUCHING_MS = 200;

/** The browser has no decoder for it. */
export class UnplayableError extends Error {
  constructor(readonly contentType: string) {
    super(`this browser cannot play ${contentType}`);
  }
}

export interface BufferedRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Footage in a video element by Media Source Extensions. The element's time is wall time, seconds since 1970: gaps in the
 * footage are gaps in its buffer, and nothing has to be reckoned back.
 */
export class FootageBuffer {
  readonly frames = new FrameTimes();
  readonly #video: HTMLVideoElement;
  readonly #source = new MediaSource();
  readonly #url = URL.createObjectURL(this.#source);
  readonly #opened: Promise<void>;
  #buffer: SourceBuffer | null = null;
  #contentType = '';

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    this.#opened = new Promise((done) => this.#source.addEventListener('sourceopen', () => done(), { once: true }));
    video.src = this.#url;
  }

  /** Takes a film piece by piece as it comes; tells after each how far it has come. @throws UnplayableError, Error when the browser refused the footage: then nothing more can be appended */
  async append({ film, contentType, pieces }: FootageFilm, around: () => number, onReached: (toMs: number) => void, signal: AbortSignal): Promise<void> {
    await this.#opened;
    this.#prepare(contentType);
    for await (const piece of pieces()) {
      signal.throwIfAborted();
      if (piece.kind === 'head') {
        await this.#put(piece.bytes, around);
        continue;
      }
      const shiftMs = wallOfFilm(film, piece.startMs) - piece.startMs;
      if (this.#buffer && this.#buffer.timestampOffset !== shiftMs / 1000) this.#buffer.timestampOffset = shiftMs / 1000;
      await this.#put(piece.bytes, around);
      this.frames.add(piece.frames.map((ms) => ms + shiftMs));
      onReached(piece.endMs + shiftMs);
    }
    await this.#letGo(around(), KEEP_BEHIND_MS, KEEP_AHEAD_MS);
  }

  /** What is buffered without a gap around `ms`; null: nothing there. */
  rangeAt(ms: number): BufferedRange | null {
    const ranges = this.#buffer && this.#source.readyState !== 'closed' ? this.#buffer.buffered : null;
    for (let index = 0; index < (ranges?.length ?? 0); index += 1) {
      const range = { fromMs: (ranges as TimeRanges).start(index) * 1000, toMs: (ranges as TimeRanges).end(index) * 1000 };
      if (range.fromMs <= ms + 1 && range.toMs > ms) return range;
      // A player starts a little late where the first picture comes a little late.
      if (range.fromMs > ms && range.fromMs - ms < TOUCHING_MS) return range;
    }
    return null;
  }

  close(): void {
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #prepare(contentType: string): void {
    if (contentType === this.#contentType) return;
    if (!MediaSource.isTypeSupported(contentType)) throw new UnplayableError(contentType);
    if (this.#buffer) this.#buffer.changeType(contentType);
    else this.#buffer = this.#source.addSourceBuffer(contentType);
    this.#contentType = contentType;
  }

  async #put(bytes: Uint8Array<ArrayBuffer>, around: () => number): Promise<void> {
    try {
      await this.#run((buffer) => buffer.appendBuffer(bytes));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
      await this.#letGo(around(), 2000, KEEP_BEHIND_MS);
      await this.#run((buffer) => buffer.appendBuffer(bytes));
    }
  }

  async #letGo(aroundMs: number, behindMs: number, aheadMs: number): Promise<void> {
    const ranges = this.#buffer?.buffered;
    if (!ranges || ranges.length === 0) return;
    const [first, last] = [ranges.start(0) * 1000, ranges.end(ranges.length - 1) * 1000];
    if (first < aroundMs - behindMs) await this.#remove(first, Math.min(aroundMs - behindMs, last));
    if (last > aroundMs + aheadMs) await this.#remove(Math.max(aroundMs + aheadMs, first), last);
  }

  async #remove(fromMs: number, toMs: number): Promise<void> {
    if (toMs <= fromMs) return;
    await this.#run((buffer) => buffer.remove(fromMs / 1000, toMs / 1000));
    this.frames.remove(fromMs, toMs);
  }

  #run(act: (buffer: SourceBuffer) => void): Promise<void> {
    const buffer = this.#buffer;
    if (!buffer) return Promise.reject(new Error('expected a source buffer'));
    return new Promise((done, fail) => {
      const onEnd = () => (stop(), done());
      const onError = () => (stop(), fail(new Error(this.#video.error?.message || 'the browser refused the footage')));
      const stop = () => {
        buffer.removeEventListener('updateend', onEnd);
        buffer.removeEventListener('error', onError);
      };
      buffer.addEventListener('updateend', onEnd);
      buffer.addEventListener('error', onError);
      try {
        act(buffer);
      } catch (error) {
        stop();
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
