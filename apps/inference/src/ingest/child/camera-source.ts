import { setTimeout as sleep } from 'node:timers/promises';
import type { OfflineReason, RecordingSegment, SizePixels, StreamInfo } from '@argus/contracts';
import { Backoff, messageOf, redactCredentials } from '@argus/kernel';
import { openSource, SegmentWriter, SourceError, type MediaPacket, type MediaSource, type SegmentMedia } from '@argus/media';
import { StageClock } from '../../profile/stage-clock.js';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { IngestCounters, MaskOrder, OfferedFrame, RecordOrder, SamplingSettings, SourceRef, SourceReport } from '../messages.js';
import { CameraRecorder } from './camera-recorder.js';
import { DecodePolicy } from './decode-policy.js';
import type { DecodeTurns } from './decode-turns.js';
import { FrameSampler } from './frame-sampler.js';
import { GroupDecoder } from './group-decoder.js';
import { LagWatch } from './lag-watch.js';
import { LiveView, type LiveViewOptions } from './live-view.js';
import { PacketGroup } from './packet-group.js';
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
  /** Decode on a device of this machine, where one proves itself. */
  readonly hardware: boolean;
  readonly sampling: SamplingSettings;
  readonly watched: boolean;
  /** null: nothing is kept. */
  readonly record: RecordOrder | null;
  /** An event of this camera lasts already. */
  readonly eventOpen: boolean;
  readonly masks: MaskOrder;
  readonly ring: PixelRing;
  readonly turns: DecodeTurns;
  /** Number written to the ring while native code works for this camera. */
  readonly blameNumber: number;
  readonly report: (report: SourceReport) => void;
  readonly offer: (frame: OfferedFrame) => void;
  readonly packet: LiveViewOptions['packet'];
  readonly shown: LiveViewOptions['shown'];
  readonly segment: (segment: RecordingSegment, media: SegmentMedia) => void;
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
  readonly recorder: CameraRecorder;
  readonly #group = new PacketGroup();
  readonly #view: LiveView;
  readonly #lag = new LagWatch();
  readonly #ledger = new PacketLedger();
  readonly #stages = new StageClock();
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 10_000 });
  readonly #stalledAfterMs: number;
  #sampling: SamplingSettings;
  #policy: DecodePolicy | null = null;
  #online: StreamInfo | null = null;
  #stalled = false;
  /** Packets since the stall was told. */
  #sinceStall = 0;
  #onlineSinceMs = 0;
  /** Connections that delivered a picture. */
  #connections = 0;
  /** Connections, counted from 1. */
  #opened = 0;
  /** Waits are measured by monotonic time: a clock that is set must not pass for a camera that is silent. */
  #waitingSinceMs = performance.now();
  #lastPacketMs: number | null = null;
  #lastFrameMs: number | null = null;
  #codecString = '';
  #decoder: string | null = null;
  /** Since when the decoder was given packets and made no picture of them. */
  #unansweredSinceMs: number | null = null;

  constructor(private readonly options: CameraSourceOptions) {
    this.#stalledAfterMs = /\.m3u8(\?|$)/i.test(options.url) ? PLAYLIST_STALLED_AFTER_MS : STALLED_AFTER_MS;
    this.#sampling = options.sampling;
    this.recorder = new CameraRecorder({
      cameraId: options.source.cameraId,
      order: options.record,
      eventOpen: options.eventOpen,
      // Nobody looks for motion: then nobody can say that nothing moved.
      isBlind: () => !this.sampler.isWanted,
      write: (writing) => new SegmentWriter(writing),
      segment: options.segment,
      trouble: options.trouble,
    });
    this.sampler = new FrameSampler({ ...options, stages: this.#stages, marksMotion: () => this.recorder.isOrdered, moved: (ptsUs, share) => this.recorder.moved(ptsUs, share) });
    this.#view = new LiveView({ ...options, cameraId: options.source.cameraId, group: this.#group });
    this.#view.watch(options.watched);
  }

  get counters(): IngestCounters {
    const { received, decoded, skipped } = this.#ledger;
    const decodeMode = this.#policy?.mode ?? 'all';
    return { received, decoded, skipped: { ...skipped }, decodeMode, decoder: this.#decoder, recorder: this.recorder.state, ...this.sampler.counts, reconnects: Math.max(0, this.#connections - 1), lastPacketMs: this.#lastPacketMs, lastFrameMs: this.#lastFrameMs };
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.options.report({ state: 'attempt' });
      const failure = await this.#connection();
      if (this.#stop.signal.aborted) break;
      this.options.report({ state: 'offline', reason: failure.reason, message: failure.message });
      if (failure.final) break;
      if (this.#onlineSinceMs > 0 && performance.now() - this.#onlineSinceMs > GOOD_CONNECTION_MS) this.#backoff.reset();
      this.#onlineSinceMs = 0;
      await sleep(this.#backoff.nextMs(), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    this.sampler.close();
  }

  /** Returns at once; a read that is under way ends by its own time-out. */
  stop(): void {
    this.#stop.abort();
    this.recorder.disconnected();
    this.#view.watch(false);
    this.sampler.letGo();
  }

  configure(sampling: SamplingSettings): void {
    this.#sampling = sampling;
    this.sampler.configure(sampling);
    this.#policy?.configure(sampling.gate, sampling.waitForRoom);
  }

  watch(on: boolean): void {
    this.#view.watch(on);
  }

  mask(masks: MaskOrder): void {
    this.sampler.mask(masks.areas);
    this.#view.mask(masks);
  }

  /** Called twice a second, with monotonic time: tells a silent camera from a working one by the age of its last packet. */
  checkStall(nowMs: number): void {
    const silentMs = nowMs - this.#waitingSinceMs;
    if (this.#online && !this.#stalled && silentMs > Math.max(this.#stalledAfterMs, 3000 / (this.#online.fps ?? 25))) {
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
      source = await openSource(this.options.url, { connectTimeoutMs: CONNECT_TIMEOUT_MS, readTimeoutMs: READ_TIMEOUT_MS, fileRoots: this.options.fileRoots });
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
    this.#opened += 1;
    this.sampler.restart(this.#opened);
    this.recorder.connected(source, this.#opened);
    this.#lag.restart();
    this.#lastFrameMs = this.#unansweredSinceMs = null;
    const policy = (this.#policy = new DecodePolicy(this.#sampling.gate, source.reorders, this.#sampling.waitForRoom));
    const { hardware, turns, ring, blameNumber } = this.options;
    const decoder = new GroupDecoder({ source, hardware, group: this.#group, policy, sampler: this.sampler, ledger: this.#ledger, stages: this.#stages, turns, ring, blameNumber, isStopped: () => this.#stop.signal.aborted, onPicture: (newest) => this.#seen(source, newest) });
    this.#view.connected(source);
    const intervalMs = 1000 / (source.stream.fps ?? 25);
    const connectedMs = performance.now();
    try {
      for (;;) {
        const askedMs = performance.now();
        const packet = await source.next();
        const arrivedMs = performance.now();
        if (this.#stop.signal.aborted) packet?.free();
        if (this.#stop.signal.aborted) break;
        if (packet === null) {
          await decoder.finish();
          break;
        }
        if (source.live) this.#lag.read(packet.ptsUs, arrivedMs, arrivedMs - askedMs, intervalMs);
        policy.share = Math.min(this.#sampling.decodeShare, this.#lag.share);
        await this.#process(packet, decoder);
        this.#decoder = decoder.name ?? this.#decoder;
        this.#requirePictures(connectedMs, arrivedMs, decoder.unanswered);
      }
    } finally {
      this.recorder.disconnected();
      this.#view.disconnected();
      decoder.close();
    }
  }

  async #process(packet: MediaPacket, decoder: GroupDecoder): Promise<void> {
    this.#lastPacketMs = Date.now();
    this.#sinceStall += 1;
    // Not with the first: the reader keeps the newest back until the next one comes, and gives it up at a time-out.
    if (this.#stalled && this.#online && this.#sinceStall > 1) this.#tellOnline(this.#online);
    // Packets first: a viewer should have the picture before the boxes on it.
    this.#view.show(packet);
    this.recorder.take(packet, this.#lastPacketMs);
    const decoding = decoder.take(packet, this.#lastPacketMs);
    if (decoding !== null) {
      // While we are at work nobody waits for the camera.
      this.#waitingSinceMs = Number.MAX_SAFE_INTEGER;
      await decoding;
    }
    this.#waitingSinceMs = performance.now();
  }

  #seen(source: MediaSource, newest: SizePixels | null): void {
    this.#lastFrameMs = Date.now();
    if (this.#online) return this.#fit(this.#online, newest);
    this.#connections += 1;
    this.#onlineSinceMs = performance.now();
    this.#codecString = source.codecString;
    this.#tellOnline(source.stream);
  }

  /** A camera may go on in another size without a new connection. Viewers that are told begin anew, with the key frame. */
  #fit(online: StreamInfo, newest: SizePixels | null): void {
    if (newest === null || (newest.width === online.width && newest.height === online.height)) return;
    this.#tellOnline({ ...online, width: newest.width, height: newest.height });
    this.#view.repeat();
  }

  #tellOnline(stream: StreamInfo): void {
    this.#online = stream;
    this.#stalled = false;
    this.options.report({ state: 'online', stream, codecString: this.#codecString });
  }

  #requirePictures(connectedMs: number, now: number, unanswered: number): void {
    if (unanswered === 0) this.#unansweredSinceMs = null;
    else this.#unansweredSinceMs ??= now;
    const isFirst = this.#lastFrameMs === null;
    const silentMs = now - ((isFirst ? connectedMs : this.#unansweredSinceMs) ?? now);
    if (silentMs > (isFirst ? FIRST_PICTURE_WITHIN_MS : CORRUPT_AFTER_MS)) {
      throw new SourceError('corrupt', `data arrives but no picture could be decoded for ${Math.round(silentMs / 1000)} s: the stream is damaged or incomplete`);
    }
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof SourceError) return { reason: error.reason, message: redactCredentials(error.message), final: false };
  return { reason: 'unknown', message: redactCredentials(messageOf(error)), final: false };
}
