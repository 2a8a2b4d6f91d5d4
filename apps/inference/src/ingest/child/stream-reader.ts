import { setTimeout as sleep } from 'node:timers/promises';
import type { OfflineReason, StreamInfo } from '@argus/contracts';
import { Backoff, messageOf, redactCredentials } from '@argus/kernel';
import { openSource, SourceError, type MediaPacket, type MediaSource } from '@argus/media';
import type { SourceReport } from '../messages.js';

const CONNECT_TIMEOUT_MS = 5000;
/** Short on purpose: a blocked read is left to time out by itself, interrupting it has crashed the native library. */
const READ_TIMEOUT_MS = 3000;
/** Before the read time-out, so that a camera that hangs is told from one that is gone. */
const STALLED_AFTER_MS = 2000;
/** A playlist hands out whole segments, of 6 to 10 s mostly. */
const PLAYLIST_STALLED_AFTER_MS = 15_000;
/** Longer than any time-out of libs/media: whoever is silent for so long has lost his time-outs too. */
const WEDGED_AFTER_MS = 60_000;
/** A connection that lasted so long was a good one: the next retry is quick again. */
const GOOD_CONNECTION_MS = 5000;

/** What becomes of the packets of one connection. */
export interface StreamSession {
  /** Takes the packet over. It came at `arrivedMs` (wall time) after a wait of `waitedMs`. A promise: it is at work on it, and the camera is not waited for. */
  take(packet: MediaPacket, arrivedMs: number, waitedMs: number): Promise<void> | null;
  /** The stream came to its end. */
  finish(): Promise<void>;
  /** The connection is over, however that came about. */
  close(): void;
}

export interface StreamReaderOptions {
  readonly url: string;
  readonly fileRoots: readonly string[];
  /** Its sound is read, too. */
  readonly sound: boolean;
  readonly report: (report: SourceReport) => void;
  /** `connection`: counted from 1. */
  readonly connected: (source: MediaSource, connection: number) => StreamSession;
}

interface Failure {
  readonly reason: OfflineReason;
  readonly message: string;
  /** A file that was played to its end: trying again would repeat its events. */
  readonly final: boolean;
}

/** Keeps one stream open: connects, reads, and connects again for ever until it is stopped. */
export class StreamReader {
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 10_000 });
  readonly #stalledAfterMs: number;
  #online: { readonly stream: StreamInfo; readonly codecString: string } | null = null;
  #stalled = false;
  /** Packets since the stall was told. */
  #sinceStall = 0;
  #onlineSinceMs = 0;
  #opened = 0;
  /** Waits are measured by monotonic time: a clock that is set must not pass for a camera that is silent. */
  #waitingSinceMs = performance.now();
  #lastPacketMs: number | null = null;

  constructor(private readonly options: StreamReaderOptions) {
    this.#stalledAfterMs = /\.m3u8(\?|$)/i.test(options.url) ? PLAYLIST_STALLED_AFTER_MS : STALLED_AFTER_MS;
  }

  /** Wall time. */
  get lastPacketMs(): number | null {
    return this.#lastPacketMs;
  }

  /** What comes now; null: nothing that is known to be of use. */
  get online(): StreamInfo | null {
    return this.#online?.stream ?? null;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async run(): Promise<void> {
    while (!this.isStopped) {
      this.options.report({ state: 'attempt' });
      const failure = await this.#connection();
      if (this.isStopped) break;
      this.options.report({ state: 'offline', reason: failure.reason, message: failure.message });
      if (failure.final) break;
      if (this.#onlineSinceMs > 0 && performance.now() - this.#onlineSinceMs > GOOD_CONNECTION_MS) this.#backoff.reset();
      this.#onlineSinceMs = 0;
      await sleep(this.#backoff.nextMs(), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Returns at once; a read that is under way ends by its own time-out. */
  stop(): void {
    this.#stop.abort();
  }

  /** The stream is of use, and this is what it is. */
  tellOnline(stream: StreamInfo, codecString: string): void {
    if (this.#online === null) this.#onlineSinceMs = performance.now();
    this.#online = { stream, codecString };
    this.#stalled = false;
    this.options.report({ state: 'online', stream, codecString });
  }

  /** Called twice a second, with monotonic time: tells a silent camera from a working one by the age of its last packet. */
  checkStall(nowMs: number): void {
    const silentMs = nowMs - this.#waitingSinceMs;
    if (this.#online && !this.#stalled && silentMs > Math.max(this.#stalledAfterMs, 3000 / (this.#online.stream.fps ?? 25))) {
      this.#stalled = true;
      this.#sinceStall = 0;
      this.options.report({ state: 'stalled', message: `no data from the camera for ${Math.round(silentMs / 1000)} s although the connection is open` });
    }
    if (this.#waitingSinceMs > 0 && silentMs > WEDGED_AFTER_MS) this.options.report({ state: 'wedged' });
  }

  async #connection(): Promise<Failure> {
    this.#waitingSinceMs = performance.now();
    let source: MediaSource | null = null;
    try {
      source = await openSource(this.options.url, { connectTimeoutMs: CONNECT_TIMEOUT_MS, readTimeoutMs: READ_TIMEOUT_MS, fileRoots: this.options.fileRoots, sound: this.options.sound });
      await this.#read(source);
      const isFile = this.options.url.startsWith('file:');
      return { reason: 'ended', message: isFile ? 'the file was played to its end' : 'the camera closed the stream', final: isFile };
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#online = null;
      this.#stalled = false;
      // Between connections nothing is waited for, so nothing can be wedged.
      this.#waitingSinceMs = Number.MAX_SAFE_INTEGER;
      await source?.close();
    }
  }

  async #read(source: MediaSource): Promise<void> {
    // It may have been stopped while the camera was dialled.
    if (this.isStopped) return;
    this.#opened += 1;
    const session = this.options.connected(source, this.#opened);
    try {
      for (;;) {
        const askedMs = performance.now();
        const packet = await source.next();
        if (this.isStopped) return packet?.free();
        if (packet === null) return await session.finish();
        await this.#process(packet, session, performance.now() - askedMs);
      }
    } finally {
      session.close();
    }
  }

  async #process(packet: MediaPacket, session: StreamSession, waitedMs: number): Promise<void> {
    const arrivedMs = (this.#lastPacketMs = Date.now());
    this.#sinceStall += 1;
    // Not with the first: the reader keeps the newest back until the next one comes, and gives it up at a time-out.
    if (this.#stalled && this.#online && this.#sinceStall > 1) this.tellOnline(this.#online.stream, this.#online.codecString);
    const working = session.take(packet, arrivedMs, waitedMs);
    if (working !== null) {
      // While we are at work nobody waits for the camera.
      this.#waitingSinceMs = Number.MAX_SAFE_INTEGER;
      await working;
    }
    this.#waitingSinceMs = performance.now();
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof SourceError) return { reason: error.reason, message: redactCredentials(error.message), final: false };
  return { reason: 'unknown', message: redactCredentials(messageOf(error)), final: false };
}
