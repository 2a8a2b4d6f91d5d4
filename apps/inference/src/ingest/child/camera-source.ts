import { setTimeout as sleep } from 'node:timers/promises';
import type { OfflineReason, StreamInfo } from '@argus/contracts';
import { Backoff, messageOf, redactCredentials } from '@argus/kernel';
import { openSource, SourceError, VideoDecoder, type MediaPacket, type MediaSource, type VideoFrame } from '@argus/media';
import { StageClock } from '../../profile/stage-clock.js';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { IngestCounters, OfferedFrame, SamplingSettings, SourceRef, SourceReport } from '../messages.js';
import { FrameSampler } from './frame-sampler.js';
import { LiveTap, type PacketSink } from './live-tap.js';
import { PacketLedger } from './packet-ledger.js';

const CONNECT_TIMEOUT_MS = 5000;
/** Short on purpose: a blocked read is left to time out by itself, interrupting it has crashed the native library. */
const READ_TIMEOUT_MS = 3000;
/** Before the read time-out, so that a camera that hangs is told from one that is gone. */
const STALLED_AFTER_MS = 2000;
/** A playlist hands out whole segments, of 6 to 10 s mostly. */
const PLAYLIST_STALLED_AFTER_MS = 15_000;
/** Longer than any time-out of libs/media: whoever is silent for so long has lost his time-outs too. */
const WEDGED_AFTER_MS = 60_000;
/** Packets without one decodable picture for so long: the stream is damaged. The first key frame may take longer. */
const CORRUPT_AFTER_MS = 10_000;
const FIRST_PICTURE_WITHIN_MS = 20_000;
/** A connection that lasted so long was a good one: the next retry is quick again. */
const GOOD_CONNECTION_MS = 5000;

export interface CameraSourceOptions {
  readonly source: SourceRef;
  readonly url: string;
  readonly fileRoots: readonly string[];
  readonly sampling: SamplingSettings;
  readonly watched: boolean;
  readonly ring: PixelRing;
  /** Number written to the ring while native code works for this camera. */
  readonly blameNumber: number;
  readonly report: (report: SourceReport) => void;
  readonly offer: (frame: OfferedFrame) => void;
  readonly packet: PacketSink;
  readonly trouble: (what: string, error: unknown) => void;
}

interface Failure {
  readonly reason: OfflineReason;
  readonly message: string;
  /** A file that was played to its end: trying again would repeat its events. */
  readonly final: boolean;
}

/** One camera: connects, reads, decodes, samples, and connects again for ever until it is stopped. */
export class CameraSource {
  readonly sampler: FrameSampler;
  readonly #tap: LiveTap;
  readonly #ledger = new PacketLedger();
  readonly #stages = new StageClock();
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 10_000 });
  readonly #stalledAfterMs: number;
  #online: StreamInfo | null = null;
  #stalled = false;
  #onlineSinceMs = 0;
  #connections = 0;
  #waitingSinceMs = Date.now();
  #lastPacketMs: number | null = null;
  #lastFrameMs: number | null = null;
  #codecString = '';

  constructor(private readonly options: CameraSourceOptions) {
    this.#stalledAfterMs = /\.m3u8(\?|$)/i.test(options.url) ? PLAYLIST_STALLED_AFTER_MS : STALLED_AFTER_MS;
    this.sampler = new FrameSampler({ ...options, stages: this.#stages });
    this.#tap = new LiveTap(options.source.cameraId, options.packet);
    this.#tap.watch(options.watched);
  }

  get counters(): IngestCounters {
    const { received, decoded, skipped } = this.#ledger;
    return { received, decoded, skipped: { idle: 0, shed: 0, 'key-wait': 0, damaged: skipped }, decodeMode: 'all', decoder: null, ...this.sampler.counts, reconnects: Math.max(0, this.#connections - 1), lastPacketMs: this.#lastPacketMs, lastFrameMs: this.#lastFrameMs };
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.options.report({ state: 'attempt' });
      const failure = await this.#connection();
      if (this.#stop.signal.aborted) break;
      this.options.report({ state: 'offline', reason: failure.reason, message: failure.message });
      if (failure.final) break;
      if (this.#onlineSinceMs > 0 && Date.now() - this.#onlineSinceMs > GOOD_CONNECTION_MS) this.#backoff.reset();
      this.#onlineSinceMs = 0;
      await sleep(this.#backoff.nextMs(), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    this.#tap.clear();
    this.sampler.close();
  }

  /** Returns at once; a read that is under way ends by its own time-out. */
  stop(): void {
    this.#stop.abort();
  }

  watch(on: boolean): void {
    this.#tap.watch(on);
  }

  /** Called twice a second: tells a silent camera from a working one by the age of its last packet. */
  checkStall(nowMs: number): void {
    const silentMs = nowMs - this.#waitingSinceMs;
    if (this.#online && !this.#stalled && silentMs > Math.max(this.#stalledAfterMs, 3000 / (this.#online.fps ?? 25))) {
      this.#stalled = true;
      this.options.report({ state: 'stalled', message: `no data from the camera for ${Math.round(silentMs / 1000)} s although the connection is open` });
    }
    if (this.#waitingSinceMs > 0 && silentMs > WEDGED_AFTER_MS) this.options.report({ state: 'wedged' });
  }

  async #connection(): Promise<Failure> {
    this.#waitingSinceMs = Date.now();
    let source: MediaSource | null = null;
    try {
      source = await openSource(this.options.url, { connectTimeoutMs: CONNECT_TIMEOUT_MS, readTimeoutMs: READ_TIMEOUT_MS, fileRoots: this.options.fileRoots });
      await this.#read(source);
      const isFile = this.options.url.startsWith('file:');
      return { reason: 'ended', message: isFile ? 'the file was played to its end' : 'the camera closed the stream', final: isFile };
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#online = null;
      this.#stalled = false;
      this.#ledger.endOfConnection();
      this.#tap.clear();
      // Between connections nothing is waited for, so nothing can be wedged.
      this.#waitingSinceMs = Number.MAX_SAFE_INTEGER;
      await source?.close();
    }
  }

  async #read(source: MediaSource): Promise<void> {
    const decoder = new VideoDecoder(source);
    this.#codecString = source.codecString;
    this.sampler.restart();
    this.#lastFrameMs = null;
    const connectedMs = Date.now();
    try {
      for (;;) {
        const packet = await source.next();
        if (this.#stop.signal.aborted) packet?.free();
        if (packet === null || this.#stop.signal.aborted) break;
        this.#waitingSinceMs = this.#lastPacketMs = Date.now();
        this.#process(packet, decoder, source);
        this.#requirePictures(connectedMs);
      }
    } finally {
      decoder.close();
    }
  }

  #process(packet: MediaPacket, decoder: VideoDecoder, source: MediaSource): void {
    const arrivedMs = this.#lastPacketMs ?? Date.now();
    const { ring, blameNumber } = this.options;
    ring.blame(blameNumber);
    const decodeMs = this.#stages.begin();
    const frames = this.#decode(packet, decoder);
    this.#stages.end('decode', decodeMs, true);
    if (frames.length > 0) this.#seen(source);
    // Packets first: a viewer should have the picture before the boxes on it.
    this.#tap.take(packet);
    for (const frame of frames) this.sampler.sample(frame, arrivedMs);
    ring.blame(0);
  }

  #decode(packet: MediaPacket, decoder: VideoDecoder): VideoFrame[] {
    try {
      const frames = decoder.decode(packet);
      this.#ledger.add(frames.length, decoder.counts.skipped + decoder.counts.damaged);
      return frames;
    } catch {
      // Damage is a matter of counting here; a stream that is nothing but damage fails in requirePictures.
      this.#ledger.failed();
      return [];
    }
  }

  #seen(source: MediaSource): void {
    this.#lastFrameMs = Date.now();
    if (this.#online && !this.#stalled) return;
    if (!this.#online) {
      this.#connections += 1;
      this.#onlineSinceMs = this.#lastFrameMs;
    }
    this.#online = source.stream;
    this.#stalled = false;
    this.options.report({ state: 'online', stream: source.stream, codecString: this.#codecString });
  }

  #requirePictures(connectedMs: number): void {
    const now = this.#lastPacketMs ?? connectedMs;
    const silentMs = now - (this.#lastFrameMs ?? connectedMs);
    if (silentMs > (this.#lastFrameMs === null ? FIRST_PICTURE_WITHIN_MS : CORRUPT_AFTER_MS)) {
      throw new SourceError('corrupt', `data arrives but no picture could be decoded for ${Math.round(silentMs / 1000)} s: the stream is damaged or incomplete`);
    }
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof SourceError) return { reason: error.reason, message: redactCredentials(error.message), final: false };
  return { reason: 'unknown', message: redactCredentials(messageOf(error)), final: false };
}
