import { ApiError } from '@argus/api-client';
import { gapAt, spanEnd, type Gap, type KnownFootage } from '../footage-spans.js';
import { FootageBuffer, UnplayableError, type BufferedRange } from './footage-buffer.js';
import { openFilm } from './footage-film.js';
import type { PlaybackClock } from './playback-clock.js';

export type FootageStatus =
  /** `edge`: it ends here for now, and what comes next is being written. */
  | { readonly phase: 'loading' | 'shown' | 'edge' }
  | { readonly phase: 'gap'; readonly gap: Gap }
  | { readonly phase: 'failed'; readonly error: Error };

/** What is fetched at once, and how much is kept ready, in time as it is watched. */
const CHUNK_MS = 30_000;
const FAST_CHUNK_MS = 60_000;
const READY_MS = 12_000;
/** After a seek the first answer is short: the picture is wanted now. */
const FIRST_MS = 10_000;
const BACK_MS = 8_000;
/** Rows of the newest files come some seconds after them: asked again after this. */
const EMPTY_FOR_MS = 4000;
const RETRY_MS = 5000;
/** One camera whose disk is slow must not hold the others up for longer. */
const HOLDS_FOR_MS = 4000;
/** Farther off than this a player jumps; below it plays a little faster or slower. */
const JUMP_OFF_MS = 350;
const PAUSED_OFF_MS = 4;
const FAST = 4;
const EDGE_MS = 3000;
const EDGE_OLD_MS = 45_000;

/** What a player has to know of the page in this animation frame. */
interface Moment {
  readonly nowMs: number;
  /** It is dragged: any picture near by is better than none. */
  readonly scrubbing: boolean;
  /** The clock stands because a picture is missing somewhere. */
  readonly held: boolean;
}

interface Loading {
  readonly fromMs: number;
  readonly toMs: number;
  readonly abort: AbortController;
  reachedMs: number;
}

/** One camera's footage in a video element, which follows the clock of the page. Told once per animation frame. */
export class FootagePlayer {
  readonly #cameraId: string;
  readonly #video: HTMLVideoElement;
  readonly #onStatus: (status: FootageStatus) => void;
  #buffer: FootageBuffer;
  #known: KnownFootage = { fromMs: 0, toMs: 0, spans: [] };
  #loading: Loading | null = null;
  #empty: { fromMs: number; toMs: number; untilMs: number } | null = null;
  #status: FootageStatus = { phase: 'loading' };
  #shownMs: number | null = null;
  #waitingSinceMs: number | null = null;
  #retryAtMs = 0;
  #targetMs = 0;
  #jumps = -1;
  #closed = false;

  constructor(cameraId: string, video: HTMLVideoElement, onStatus: (status: FootageStatus) => void) {
    this.#cameraId = cameraId;
    this.#video = video;
    this.#onStatus = onStatus;
    video.muted = true;
    this.#buffer = new FootageBuffer(video);
    video.addEventListener('seeked', this.#onSeeked);
    this.#followFrames();
  }

  /** When the picture on screen was taken; null: none is shown. */
  get shownMs(): number | null {
    return this.#status.phase === 'gap' || this.#status.phase === 'failed' ? null : this.#shownMs;
  }

  get status(): FootageStatus {
    return this.#status;
  }

  set known(known: KnownFootage) {
    this.#known = known;
  }

  /** Where the neighbouring picture is; null: not buffered. */
  stepFrom(ms: number, steps: number): number | null {
    return this.#buffer.frames.step(ms, steps);
  }

  /** True: the clock has to wait for this camera. */
  isWaiting(nowMs: number): boolean {
    return this.#status.phase === 'edge' || (this.#waitingSinceMs !== null && nowMs - this.#waitingSinceMs < HOLDS_FOR_MS);
  }

  follow(clock: PlaybackClock, moment: Moment): void {
    const { nowMs } = moment;
    if (this.#closed || this.#isFailed(nowMs)) return;
    this.#targetMs = clock.positionMs;
    const gap = this.#gapAt(clock.positionMs, nowMs);
    if (gap) return isEdge(gap, clock.positionMs) ? this.#pauseAtEdge() : this.#rest(gap, clock, nowMs);
    const range = this.#buffer.rangeAt(clock.positionMs);
    if (range) this.#show(clock, Math.max(clock.positionMs, range.fromMs), moment);
    this.#load(clock, range, moment);
    // Backwards is a row of seeks: waiting for each would make it crawl.
    const ready = range !== null && (clock.rate < 0 || (this.#video.readyState >= 2 && !this.#video.seeking));
    if (ready) this.#waitingSinceMs = null;
    else this.#waitingSinceMs ??= nowMs;
    this.#tell({ phase: range ? 'shown' : 'loading' });
  }

  close(): void {
    this.#closed = true;
    this.#loading?.abort.abort();
    this.#video.removeEventListener('seeked', this.#onSeeked);
    this.#video.pause();
    this.#buffer.close();
  }

  #gapAt(ms: number, nowMs: number): Gap | null {
    const gap = gapAt(this.#known, ms);
    if (gap) return gap;
    const empty = this.#empty;
    if (empty && nowMs > empty.untilMs) this.#empty = null;
    return empty && ms >= empty.fromMs && ms < empty.toMs && !this.#buffer.rangeAt(ms) ? { fromMs: null, toMs: null } : null;
  }

  /** In a gap: nothing plays, but what comes behind it is made ready. */
  #rest(gap: Gap, clock: PlaybackClock, nowMs: number): void {
    if (!this.#video.paused) this.#video.pause();
    this.#waitingSinceMs = null;
    this.#jumps = -1;
    const soon = clock.playing && gap.toMs !== null && gap.toMs - clock.positionMs < READY_MS * Math.max(1, clock.rate);
    if (soon && gap.toMs !== null && !this.#loading && !this.#buffer.rangeAt(gap.toMs + 1)) this.#fetch(gap.toMs, gap.toMs + FIRST_MS, nowMs);
    this.#tell({ phase: 'gap', gap });
  }

  #pauseAtEdge(): void {
    if (!this.#video.paused) this.#video.pause();
    this.#waitingSinceMs = null;
    this.#tell({ phase: 'edge' });
  }

  #show(clock: PlaybackClock, targetMs: number, { scrubbing, held }: Moment): void {
    const video = this.#video;
    const jumped = this.#jumps !== clock.jumps;
    const offMs = video.currentTime * 1000 - targetMs;
    if (clock.playing && clock.rate > 0 && !scrubbing) {
      if (jumped || Math.abs(offMs) > JUMP_OFF_MS * Math.max(1, clock.rate)) this.#seek(targetMs, clock);
      this.#keepPace(clock.rate, offMs);
      if (held) video.pause();
      else if (video.paused) void video.play().catch(() => undefined);
      return;
    }
    if (!video.paused) video.pause();
    // One seek at a time: while it is dragged or runs backwards each shows a picture, and the last one is exact.
    if ((jumped || Math.abs(offMs) > PAUSED_OFF_MS) && !video.seeking) this.#seek(targetMs, clock);
  }

  #seek(ms: number, clock: PlaybackClock): void {
    if (this.#video.seeking && this.#jumps === clock.jumps) return;
    this.#jumps = clock.jumps;
    this.#video.currentTime = ms / 1000;
  }

  #keepPace(rate: number, offMs: number): void {
    const correction = Math.abs(offMs) < 30 ? 0 : Math.max(-0.08, Math.min(0.08, -offMs / 2000 / Math.max(1, rate)));
    const wanted = Math.min(16, Math.max(0.0625, rate * (1 + correction)));
    if (Math.abs(this.#video.playbackRate - wanted) > 0.01 * rate) this.#video.playbackRate = wanted;
  }

  #load(clock: PlaybackClock, range: BufferedRange | null, { nowMs, scrubbing }: Moment): void {
    const at = clock.positionMs;
    const loading = this.#loading;
    if (loading && !range && (at < loading.fromMs - BACK_MS || at > loading.toMs)) {
      loading.abort.abort();
      this.#loading = null;
    }
    if (this.#loading || nowMs < this.#retryAtMs) return;
    if (scrubbing) {
      // The key frame and what hangs on it; a range of one millisecond is one fragment.
      if (!range) this.#fetch(at, at + 1, nowMs);
      return;
    }
    if (!range) return this.#fetch(at, this.#cut(at, FIRST_MS), nowMs);
    if (clock.rate < 0) {
      if (range.fromMs > at - BACK_MS && gapAt(this.#known, range.fromMs - 100) === null) this.#fetch(range.fromMs - BACK_MS * Math.max(1, -clock.rate / 2), range.fromMs, nowMs);
      return;
    }
    const readyMs = READY_MS * Math.max(1, clock.rate);
    if (range.toMs - at < readyMs && gapAt(this.#known, range.toMs + 60) === null) {
      const from = range.toMs + 2;
      this.#fetch(from, this.#cut(from, clock.rate > FAST ? FAST_CHUNK_MS * 2 : clock.rate > 1 ? FAST_CHUNK_MS : CHUNK_MS), nowMs);
    }
  }

  /** A film closes up gaps, so where one is known to come the film ends before it. */
  #cut(fromMs: number, lengthMs: number): number {
    const end = spanEnd(this.#known, fromMs);
    return end !== null && end > fromMs + 100 ? Math.min(fromMs + lengthMs, end) : fromMs + lengthMs;
  }

  #fetch(fromMs: number, toMs: number, nowMs: number): void {
    if (this.#empty && fromMs >= this.#empty.fromMs && fromMs < this.#empty.toMs && nowMs < this.#empty.untilMs) return;
    const loading: Loading = { fromMs, toMs, abort: new AbortController(), reachedMs: fromMs };
    this.#loading = loading;
    void this.#run(loading);
  }

  async #run(loading: Loading): Promise<void> {
    const { fromMs, toMs, abort } = loading;
    try {
      const film = await openFilm(this.#cameraId, fromMs, toMs, abort.signal);
      if (film) await this.#buffer.append(film, () => this.#targetMs, (ms) => (loading.reachedMs = ms), abort.signal);
      if (!film || loading.reachedMs <= fromMs) this.#empty = { fromMs, toMs, untilMs: performance.now() + EMPTY_FOR_MS };
    } catch (error) {
      if (!abort.signal.aborted && !this.#closed) this.#fail(error);
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #fail(error: unknown): void {
    this.#retryAtMs = performance.now() + RETRY_MS;
    this.#waitingSinceMs = null;
    const known = error instanceof ApiError || error instanceof UnplayableError;
    // While there is something to show nobody is bothered: it is tried again before that ends.
    if (error instanceof ApiError && this.#buffer.rangeAt(this.#targetMs)) return;
    if (!known) this.#startAnew();
    this.#tell({ phase: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }

  /** Footage that a browser chokes on takes its buffer with it. */
  #startAnew(): void {
    this.#buffer.close();
    this.#buffer = new FootageBuffer(this.#video);
  }

  /** What a browser cannot play it cannot play later either; what the network did may be over. */
  #isFailed(nowMs: number): boolean {
    const status = this.#status;
    return status.phase === 'failed' && (nowMs < this.#retryAtMs || status.error instanceof UnplayableError);
  }

  #tell(status: FootageStatus): void {
    if (sameStatus(status, this.#status)) return;
    this.#status = status;
    this.#onStatus(status);
  }

  readonly #onSeeked = () => {
    if (this.#video.paused) this.#waitingSinceMs = null;
  };

  #followFrames(): void {
    this.#video.requestVideoFrameCallback((_now, frame) => {
      if (this.#closed) return;
      this.#shownMs = frame.mediaTime * 1000;
      this.#followFrames();
    });
  }
}

/** A file is known some ten seconds after it was begun; a camera that has been silent for longer has a gap. */
const isEdge = (gap: Gap, ms: number): boolean => gap.toMs === null && gap.fromMs !== null && ms - gap.fromMs < EDGE_MS && Date.now() - gap.fromMs < EDGE_OLD_MS;

function sameStatus(a: FootageStatus, b: FootageStatus): boolean {
  if (a.phase === 'gap' && b.phase === 'gap') return a.gap.fromMs === b.gap.fromMs && a.gap.toMs === b.gap.toMs;
  if (a.phase === 'failed' && b.phase === 'failed') return a.error === b.error;
  return a.phase === b.phase;
}
