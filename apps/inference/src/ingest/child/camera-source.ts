import type { CameraStream, RecordingSegment, SizePixels } from '@argus/contracts';
import { SegmentWriter, SourceError, type MediaSource, type SegmentMedia } from '@argus/media';
import { StageClock } from '../../profile/stage-clock.js';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { IngestCounters, MaskOrder, OfferedFrame, RecordOrder, SamplingSettings, ShownStream, SourceRef, SourceReport, WatchedStreams } from '../messages.js';
import { ArrivalClock } from './arrival-clock.js';
import { CameraRecorder } from './camera-recorder.js';
import { DecodePolicy } from './decode-policy.js';
import type { DecodeTurns } from './decode-turns.js';
import { FrameSampler } from './frame-sampler.js';
import { GroupDecoder } from './group-decoder.js';
import { LagWatch } from './lag-watch.js';
import { LiveView } from './live-view.js';
import { MainStream } from './main-stream.js';
import { PacketGroup } from './packet-group.js';
import { PacketLedger } from './packet-ledger.js';
import { StreamReader, type StreamSession } from './stream-reader.js';

/** Packets without one decodable picture for so long: the stream is damaged. The first key frame may take longer. */
const CORRUPT_AFTER_MS = 10_000;
const FIRST_PICTURE_WITHIN_MS = 20_000;

export interface CameraSourceOptions {
  readonly source: SourceRef;
  readonly url: string;
  /** The large stream, where `url` is another one for analysis. */
  readonly mainUrl: string | null;
  readonly fileRoots: readonly string[];
  /** Decode on a device of this machine, where one proves itself. */
  readonly hardware: boolean;
  readonly sampling: SamplingSettings;
  readonly watched: WatchedStreams;
  /** null: nothing is kept. */
  readonly record: RecordOrder | null;
  /** Its sound may be recorded. */
  readonly sound: boolean;
  /** An event of this camera lasts already. */
  readonly eventOpen: boolean;
  readonly masks: MaskOrder;
  readonly ring: PixelRing;
  readonly turns: DecodeTurns;
  /** Number written to the ring while native code works for this camera. */
  readonly blameNumber: number;
  readonly report: (stream: CameraStream, report: SourceReport) => void;
  readonly offer: (frame: OfferedFrame) => void;
  /** `masks`: the version that is in the packet. False: it could not be taken, the reader is behind. */
  readonly packet: (stream: CameraStream, key: boolean, data: Uint8Array, masks: number) => boolean;
  /** What viewers get of a masked camera from now on. */
  readonly shown: (stream: CameraStream, shown: ShownStream) => void;
  readonly segment: (segment: RecordingSegment, media: SegmentMedia) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

/** One camera: what comes of the stream that is analysed, and of the large one beside it where there is one. Recorded is the larger. */
export class CameraSource {
  readonly sampler: FrameSampler;
  readonly #recorder: CameraRecorder;
  readonly #reader: StreamReader;
  readonly #main: MainStream | null;
  readonly #group = new PacketGroup();
  readonly #view: LiveView;
  readonly #clock = new ArrivalClock();
  readonly #lag = new LagWatch();
  readonly #ledger = new PacketLedger();
  readonly #stages = new StageClock();
  #sampling: SamplingSettings;
  #policy: DecodePolicy | null = null;
  /** Connections that delivered a picture. */
  #connections = 0;
  #lastFrameMs: number | null = null;
  #decoder: string | null = null;
  /** Since when the decoder was given packets and made no picture of them. */
  #unansweredSinceMs: number | null = null;

  constructor(private readonly options: CameraSourceOptions) {
    const { source, url, mainUrl, fileRoots, watched, report } = options;
    const { cameraId } = source;
    this.#sampling = options.sampling;
    this.#reader = new StreamReader({ url, fileRoots, sound: options.sound && mainUrl === null, report: (told) => report('analysis', told), connected: (opened, connection) => this.#connected(opened, connection) });
    this.#recorder = new CameraRecorder({
      cameraId,
      order: options.record,
      eventOpen: options.eventOpen,
      // Nobody looks for motion: then nobody can say that nothing moved.
      isBlind: () => !this.sampler.isWanted || (mainUrl !== null && this.#reader.online === null),
      write: (writing) => new SegmentWriter(writing),
      segment: options.segment,
      trouble: options.trouble,
    });
    this.sampler = new FrameSampler({ ...options, stages: this.#stages, marksMotion: () => this.#recorder.isOrdered, moved: (ptsUs, share) => this.#moved(ptsUs, share), offer: (frame) => options.offer({ ...frame, onMain: this.#onMain(frame.ptsUs) ?? undefined }) });
    this.#view = new LiveView({ ...options, ...this.#shownAs('analysis'), of: { cameraId, stream: 'analysis' }, group: this.#group });
    this.#view.watch(watched.analysis);
    this.#main = mainUrl === null ? null : new MainStream({ ...options, ...this.#shownAs('main'), cameraId, url: mainUrl, recorder: this.#recorder, watched: watched.main, report: (told) => report('main', told) });
  }

  get counters(): IngestCounters {
    const { received, decoded, skipped } = this.#ledger;
    const decodeMode = this.#policy?.mode ?? 'all';
    return { received, decoded, skipped: { ...skipped }, decodeMode, decoder: this.#decoder, recorder: this.#recorder.state, ...this.sampler.counts, reconnects: Math.max(0, this.#connections - 1), lastPacketMs: this.#reader.lastPacketMs, lastFrameMs: this.#lastFrameMs };
  }

  async run(): Promise<void> {
    await this.#reader.run();
    this.sampler.close();
  }

  /** Returns at once; a read that is under way ends by its own time-out. */
  stop(): void {
    this.#reader.stop();
    this.#main?.stop();
    this.#recorder.disconnected();
    this.#view.watch(false);
    this.sampler.letGo();
  }

  /** Resolves when all that was recorded is finished and told. */
  settled(): Promise<void> {
    return this.#recorder.settled();
  }

  configure(sampling: SamplingSettings): void {
    this.#sampling = sampling;
    this.sampler.configure(sampling);
    this.#policy?.configure(sampling.gate, sampling.waitForRoom);
  }

  watch({ analysis, main }: WatchedStreams): void {
    this.#view.watch(analysis);
    this.#main?.watch(main);
  }

  mask(masks: MaskOrder): void {
    this.sampler.mask(masks.areas);
    this.#view.mask(masks);
    this.#main?.mask(masks);
  }

  record(order: RecordOrder | null): void {
    this.#recorder.record(order);
    this.#main?.decide();
  }

  /** An event of this camera began, or the last one ended. */
  event(isOpen: boolean): void {
    this.#recorder.event(isOpen);
  }

  /** Called twice a second, with monotonic time. */
  checkStall(nowMs: number): void {
    this.#reader.checkStall(nowMs);
    this.#main?.checkStall(nowMs);
  }

  #connected(source: MediaSource, connection: number): StreamSession {
    this.sampler.restart(connection);
    this.#clock.restart();
    if (!this.#main) this.#recorder.connected(source, connection);
    this.#lag.restart();
    this.#lastFrameMs = this.#unansweredSinceMs = null;
    const policy = (this.#policy = new DecodePolicy(this.#sampling.gate, source.reorders, this.#sampling.waitForRoom));
    const { hardware, turns, ring, blameNumber } = this.options;
    const decoder = new GroupDecoder({ source, hardware, group: this.#group, policy, sampler: this.sampler, ledger: this.#ledger, stages: this.#stages, turns, ring, blameNumber, isStopped: () => this.#reader.isStopped, onPicture: (newest) => this.#seen(source, newest) });
    this.#view.connected(source);
    const intervalMs = 1000 / (source.stream.fps ?? 25);
    const connectedMs = performance.now();
    let { jumps } = source;
    return {
      take: (packet, arrivedMs, waitedMs) => {
        if (source.jumps !== jumps) this.#clock.restart();
        jumps = source.jumps;
        const nowMs = performance.now();
        this.#clock.arrived(packet.ptsUs, nowMs);
        if (source.live) this.#lag.read(packet.ptsUs, nowMs, waitedMs, intervalMs);
        policy.share = Math.min(this.#sampling.decodeShare, this.#lag.share);
        // Packets first: a viewer should have the picture before the boxes on it.
        this.#view.show(packet);
        if (!this.#main) this.#recorder.take(packet, arrivedMs);
        const decoding = decoder.take(packet, arrivedMs);
        const look = (): void => {
          this.#decoder = decoder.name ?? this.#decoder;
          this.#requirePictures(connectedMs, nowMs, decoder.unanswered);
        };
        if (decoding !== null) return decoding.then(look);
        look();
        return null;
      },
      finish: () => decoder.finish(),
      close: () => {
        if (!this.#main) this.#recorder.disconnected();
        this.#view.disconnected();
        decoder.close();
      },
    };
  }

  #seen(source: MediaSource, newest: SizePixels | null): void {
    this.#lastFrameMs = Date.now();
    const { online } = this.#reader;
    if (online) {
      // A camera may go on in another size without a new connection. Viewers that are told begin anew, with the key frame.
      if (newest === null || (newest.width === online.width && newest.height === online.height)) return;
      this.#reader.tellOnline({ ...online, width: newest.width, height: newest.height }, source.codecString);
      return this.#view.repeat();
    }
    this.#connections += 1;
    this.#reader.tellOnline(source.stream, source.codecString);
  }

  #requirePictures(connectedMs: number, nowMs: number, unanswered: number): void {
    if (unanswered === 0) this.#unansweredSinceMs = null;
    else this.#unansweredSinceMs ??= nowMs;
    const isFirst = this.#lastFrameMs === null;
    const silentMs = nowMs - ((isFirst ? connectedMs : this.#unansweredSinceMs) ?? nowMs);
    if (silentMs > (isFirst ? FIRST_PICTURE_WITHIN_MS : CORRUPT_AFTER_MS)) {
      throw new SourceError('corrupt', `data arrives but no picture could be decoded for ${Math.round(silentMs / 1000)} s: the stream is damaged or incomplete`);
    }
  }

  #moved(ptsUs: number, share: number): void {
    if (!this.#main) return this.#recorder.moved(ptsUs, share);
    const moment = this.#onMain(ptsUs);
    if (moment) this.#recorder.moved(moment.ptsUs, share);
  }

  #onMain(ptsUs: number): ReturnType<MainStream['momentAt']> {
    const atMs = this.#main && this.#clock.arrivalMs(ptsUs);
    return atMs === null ? null : (this.#main?.momentAt(atMs) ?? null);
  }

  #shownAs(stream: CameraStream): Pick<ConstructorParameters<typeof LiveView>[0], 'packet' | 'shown'> {
    const { packet, shown } = this.options;
    return { packet: (key, data, masks) => packet(stream, key, data, masks), shown: (told) => shown(stream, told) };
  }
}
