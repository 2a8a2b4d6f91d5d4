import type { CameraId, CameraStream, RecordingSegment } from '@argus/contracts';
import { Backoff, type Clock, type Logger } from '@argus/kernel';
import type { SegmentMedia } from '@argus/media';
import { ringPath } from '../ring/pixel-ring.js';
import { CrashLedger } from './crash-ledger.js';
import { CAMERAS_PER_CHILD, IngestProcess, type ChildExit } from './ingest-process.js';
import type { FromChild, IngestCounters, JpegOrder, MaskOrder, OfferedFrame, RecordOrder, SamplingSettings, ShownStream, SourceRef, SourceReport, WatchedStreams } from './messages.js';

/** What the runtimes of the cameras hear from their sources. */
export interface FleetListener {
  frame(process: IngestProcess, frame: OfferedFrame): void;
  report(cameraId: CameraId, stream: CameraStream, report: SourceReport): void;
  counters(cameraId: CameraId, counters: IngestCounters): void;
  packet(cameraId: CameraId, stream: CameraStream, key: boolean, data: Uint8Array): void;
  /** What viewers of a masked camera get. */
  shown(cameraId: CameraId, stream: CameraStream, shown: ShownStream): void;
  /** `media`: where on its connection it was; null: nobody knows any more. */
  segment(segment: RecordingSegment, run: number, media: SegmentMedia | null): void;
  /** The child with this camera's source is gone; a new one is on its way. */
  childLost(cameraId: CameraId, message: string): void;
  /** A child with these cameras ended without finishing their files. */
  filesLeft(cameraIds: readonly CameraId[]): void;
}

export interface FleetOptions {
  readonly children: number;
  readonly fileRoots: readonly string[];
  /** Decode on devices of this machine, where they prove themselves. */
  readonly hardware: boolean;
  readonly ringDirectory: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly listener: FleetListener;
}

/** What a source is to do; all but the URLs may change while it runs. */
export interface SourceOrder {
  readonly url: string;
  /** The large stream, where `url` is another one for analysis. */
  readonly mainUrl: string | null;
  sampling: SamplingSettings;
  watched: WatchedStreams;
  /** null: nothing is kept. */
  record: RecordOrder | null;
  /** Its sound may be recorded: it is read from the connection on. */
  sound: boolean;
  masks: MaskOrder;
}

interface Source extends SourceOrder {
  readonly cameraId: CameraId;
  run: number;
  home: Home;
  eventOpen: boolean;
}

/** A place for a child: it outlives the children that live in it one after the other. */
interface Home {
  readonly quarantine: boolean;
  readonly sources: Map<CameraId, Source>;
  readonly backoff: Backoff;
  process: IngestProcess | null;
  startedMs: number;
  restarts: number;
  respawn: NodeJS.Timeout | null;
}

const CALM_MS = 60_000;
const CRASH_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'];

/** Spreads cameras over ingest children and replaces a dead or wedged child alone, with its cameras and nobody else's. */
export class IngestFleet {
  readonly #homes: Home[] = [];
  readonly #sources = new Map<CameraId, Source>();
  readonly #crashes = new CrashLedger();
  #runs = 0;
  #serial = 0;
  #stopped = false;

  constructor(private readonly options: FleetOptions) {}

  start(cameraId: CameraId, order: SourceOrder): void {
    const eventOpen = this.#sources.get(cameraId)?.eventOpen ?? false;
    this.stop(cameraId);
    this.#crashes.forget(cameraId);
    const home = this.#homeWithRoom();
    const source: Source = { ...order, cameraId, run: 0, home, eventOpen };
    this.#sources.set(cameraId, source);
    this.#moveInto(home, source);
  }

  stop(cameraId: CameraId): void {
    const source = this.#sources.get(cameraId);
    if (!source) return;
    this.#sources.delete(cameraId);
    source.home.sources.delete(cameraId);
    source.home.process?.send({ type: 'stop', cameraId, run: source.run });
    this.#closeIfEmpty(source.home);
  }

  /** Rates, gate and detector input of a running source. */
  sample(cameraId: CameraId, sampling: SamplingSettings): void {
    const source = this.#sources.get(cameraId);
    if (!source) return;
    source.sampling = sampling;
    source.home.process?.send({ type: 'sample', cameraId, run: source.run, sampling });
  }

  watch(cameraId: CameraId, watched: WatchedStreams): void {
    const source = this.#sources.get(cameraId);
    if (!source || JSON.stringify(source.watched) === JSON.stringify(watched)) return;
    source.watched = watched;
    source.home.process?.send({ type: 'watch', cameraId, run: source.run, watched });
  }

  /** Other masks: packets that are under way with others are dropped from here on. */
  mask(cameraId: CameraId, masks: MaskOrder): void {
    const source = this.#sources.get(cameraId);
    if (!source || source.masks.version === masks.version) return;
    source.masks = masks;
    source.home.process?.send({ type: 'mask', cameraId, run: source.run, masks });
  }

  /** Begins or ends to keep what comes. The connection is not touched, unless sound is wanted that it was opened without. */
  record(cameraId: CameraId, order: RecordOrder | null): void {
    const source = this.#sources.get(cameraId);
    if (source && order?.sound && !source.sound) return this.start(cameraId, { ...source, record: order, sound: true });
    if (!source || JSON.stringify(source.record) === JSON.stringify(order)) return;
    source.record = order;
    source.home.process?.send({ type: 'record', cameraId, run: source.run, order });
  }

  /** Whether an event of this camera lasts: its recorder may wait for one. */
  event(cameraId: CameraId, isOpen: boolean): void {
    const source = this.#sources.get(cameraId);
    if (!source) return;
    source.eventOpen = isOpen;
    source.home.process?.send({ type: 'event', cameraId, run: source.run, isOpen });
  }

  /** Newest picture of a running camera; null when there is none. */
  async jpeg(cameraId: CameraId, order: JpegOrder): Promise<Uint8Array | null> {
    const source = this.#sources.get(cameraId);
    return (await source?.home.process?.jpeg({ cameraId, run: source.run }, order)) ?? null;
  }

  /** The children that live now. */
  get processes(): { readonly pid: number; readonly cameras: number; readonly restarts: number; readonly beat: IngestProcess['beat'] }[] {
    return this.#homes.flatMap(({ process: child, sources, restarts }) => (child?.pid === undefined ? [] : [{ pid: child.pid, cameras: sources.size, restarts, beat: child.beat }]));
  }

  async close(): Promise<void> {
    this.#stopped = true;
    for (const home of this.#homes) if (home.respawn) clearTimeout(home.respawn);
    await Promise.all(this.#homes.map((home) => home.process?.stop()));
  }

  /** A new home while there are fewer than wanted, else the emptiest; another one when all are full. */
  #homeWithRoom(): Home {
    const shared = this.#homes.filter((home) => !home.quarantine);
    const emptiest = shared.reduce<Home | null>((best, home) => (best && best.sources.size <= home.sources.size ? best : home), null);
    if (emptiest && emptiest.sources.size === 0) return emptiest;
    if (!emptiest || shared.length < this.options.children || emptiest.sources.size >= CAMERAS_PER_CHILD) return this.#build(false);
    return emptiest;
  }

  #build(quarantine: boolean): Home {
    const home: Home = { quarantine, sources: new Map(), backoff: new Backoff({ firstMs: 100, maxMs: 15_000 }), process: null, startedMs: 0, restarts: 0, respawn: null };
    this.#homes.push(home);
    return home;
  }

  #moveInto(home: Home, source: Source): void {
    source.home = home;
    home.sources.set(source.cameraId, source);
    if (home.process) this.#begin(home.process, source);
    else if (!home.respawn) this.#spawn(home);
  }

  #spawn(home: Home): void {
    home.respawn = null;
    if (this.#stopped || home.sources.size === 0) return;
    this.#serial += 1;
    home.startedMs = this.options.clock.monotonicMs();
    const child: IngestProcess = new IngestProcess({
      ringPath: ringPath(this.options.ringDirectory, process.pid, this.#serial),
      log: this.options.log,
      onMessage: (message) => this.#received(child, message),
      onExit: (exit) => this.#exited(home, exit),
    });
    home.process = child;
    for (const source of home.sources.values()) this.#begin(child, source);
  }

  #begin(child: IngestProcess, source: Source): void {
    this.#runs += 1;
    source.run = this.#runs;
    const { cameraId, run, url, mainUrl, sampling, watched, record, sound, eventOpen, masks } = source;
    child.send({ type: 'start', cameraId, run, url, mainUrl, sampling, watched, record, sound, eventOpen, masks, fileRoots: this.options.fileRoots, hardware: this.options.hardware });
  }

  #received(child: IngestProcess, message: FromChild): void {
    const { listener } = this.options;
    switch (message.type) {
      case 'beat':
        for (const entry of message.counters) if (this.#isCurrent(entry)) listener.counters(entry.cameraId, entry.counters);
        return;
      case 'frame':
        if (this.#isCurrent(message.frame)) return listener.frame(child, message.frame);
        child.free(message.frame.slot);
        return;
      case 'report':
        if (!this.#isCurrent(message)) return;
        if (message.report.state === 'wedged') child.recycle(message.run);
        return listener.report(message.cameraId, message.stream, message.report);
      case 'packet':
        if (message.masks === this.#sources.get(message.cameraId)?.masks.version) listener.packet(message.cameraId, message.stream, message.key, message.data);
        return;
      case 'shown':
        if (message.shown.masks === this.#sources.get(message.cameraId)?.masks.version) listener.shown(message.cameraId, message.stream, message.shown);
        return;
      case 'segment':
        return listener.segment(message.segment, message.run, message.media);
      default:
        return;
    }
  }

  #exited(home: Home, exit: ChildExit): void {
    home.process = null;
    if (this.#stopped) return;
    home.restarts += 1;
    const now = this.options.clock.monotonicMs();
    const isCrash = exit.wedged || CRASH_SIGNALS.includes(exit.signal) || (exit.code !== null && exit.code !== 0);
    const all = [...home.sources.values()];
    const blamed = all.filter((source) => source.run === exit.blamedRun);
    if (isCrash) this.#crashes.record((blamed.length > 0 ? blamed : all).map((source) => source.cameraId), now);
    const how = exit.wedged ? 'stopped answering' : `ended unexpectedly (${exit.signal ?? `exit code ${exit.code}`})`;
    if (all.length > 0) this.options.log.error('an ingest child is gone, its cameras are started again', { how, cameras: all.length, blamed: blamed.map((source) => source.cameraId) });
    for (const source of all) this.options.listener.childLost(source.cameraId, `the process that decodes this camera ${how}; it is started again`);
    const recording = all.filter((source) => source.record !== null).map((source) => source.cameraId);
    if (recording.length > 0) this.options.listener.filesLeft(recording);
    if (now - home.startedMs > CALM_MS) home.backoff.reset();
    this.#quarantineSuspects(home, now);
    if (home.sources.size > 0) home.respawn = setTimeout(() => this.#spawn(home), home.backoff.nextMs());
  }

  /** A camera that kills children goes on in a child of its own, where it can only hurt itself. */
  #quarantineSuspects(home: Home, nowMs: number): void {
    if (home.quarantine) return;
    for (const source of home.sources.values()) {
      if (home.sources.size === 1 || !this.#crashes.isSuspect(source.cameraId, nowMs)) continue;
      this.options.log.warn('a camera was at hand when children died and now has a child of its own', { cameraId: source.cameraId });
      home.sources.delete(source.cameraId);
      this.#moveInto(this.#build(true), source);
    }
  }

  #closeIfEmpty(home: Home): void {
    if (home.sources.size > 0) return;
    this.#homes.splice(this.#homes.indexOf(home), 1);
    if (home.respawn) clearTimeout(home.respawn);
    void home.process?.stop();
  }

  #isCurrent(ref: SourceRef): boolean {
    return this.#sources.get(ref.cameraId)?.run === ref.run;
  }
}
