import type { MediaPacket, MediaSource } from '@argus/media';
import type { SourceReport, StreamMoment } from '../messages.js';
import { ArrivalClock } from './arrival-clock.js';
import type { CameraRecorder } from './camera-recorder.js';
import { LiveView, type LiveViewOptions } from './live-view.js';
import { PacketGroup } from './packet-group.js';
import { PictureTimes } from './picture-times.js';
import { StreamReader, type StreamSession } from './stream-reader.js';

export interface MainStreamOptions extends Omit<LiveViewOptions, 'of' | 'group'> {
  readonly cameraId: LiveViewOptions['of']['cameraId'];
  readonly url: string;
  readonly fileRoots: readonly string[];
  /** Its sound may be recorded. */
  readonly sound: boolean;
  /** What it records goes there; while it is ordered to, the stream is open. */
  readonly recorder: CameraRecorder;
  readonly watched: boolean;
  readonly report: (report: SourceReport) => void;
}

/**
 * The large stream of a camera that has another one for analysis: open while it is recorded or watched, and never decoded here, unless masks have to be
 * put into what viewers see.
 */
export class MainStream {
  readonly #group = new PacketGroup();
  readonly #view: LiveView;
  readonly #clock = new ArrivalClock();
  #watched: boolean;
  #reader: StreamReader | null = null;
  #session: MainSession | null = null;
  #connections = 0;

  constructor(private readonly options: MainStreamOptions) {
    this.#watched = options.watched;
    this.#view = new LiveView({ ...options, of: { cameraId: options.cameraId, stream: 'main' }, group: this.#group });
    this.#view.watch(options.watched);
    this.decide();
  }

  watch(on: boolean): void {
    this.#watched = on;
    this.#view.watch(on);
    this.decide();
  }

  mask: LiveView['mask'] = (masks) => this.#view.mask(masks);

  /** Opens it or lets it go, after what is wanted has changed. */
  decide(): void {
    const isWanted = this.#watched || this.options.recorder.isOrdered;
    if (isWanted && !this.#reader) this.#open();
    else if (!isWanted && this.#reader) {
      this.stop();
      this.options.report({ state: 'closed' });
    }
  }

  stop(): void {
    this.#reader?.stop();
    this.#session?.close();
    this.#reader = this.#session = null;
  }

  checkStall(nowMs: number): void {
    this.#reader?.checkStall(nowMs);
  }

  /** What this stream showed at that monotonic time of arrival; null: it is not open. */
  momentAt(atMs: number): StreamMoment | null {
    const connection = this.#session?.connection;
    const ptsUs = this.#clock.ptsUs(atMs);
    return connection === undefined || ptsUs === null ? null : { connection, ptsUs: this.#session?.times.nearest(ptsUs) ?? ptsUs };
  }

  #open(): void {
    const { url, fileRoots, sound, report } = this.options;
    const reader = new StreamReader({
      url,
      fileRoots,
      sound,
      report: (told) => {
        if (this.#reader === reader) report(told);
      },
      connected: (source) => {
        this.#connections += 1;
        const { recorder } = this.options;
        this.#session = new MainSession({ source, connection: this.#connections, group: this.#group, clock: this.#clock, view: this.#view, recorder, online: () => reader.tellOnline(source.stream, source.codecString) });
        return this.#session;
      },
    });
    this.#reader = reader;
    void reader.run();
  }
}

interface MainSessionOptions {
  readonly source: MediaSource;
  readonly connection: number;
  readonly group: PacketGroup;
  readonly clock: ArrivalClock;
  readonly view: LiveView;
  readonly recorder: CameraRecorder;
  readonly online: () => void;
}

/** One connection of it. */
class MainSession implements StreamSession {
  readonly connection: number;
  readonly times = new PictureTimes();
  #jumps: number;
  #isOnline = false;
  #isOver = false;

  constructor(private readonly options: MainSessionOptions) {
    const { source, connection, clock, view, recorder } = options;
    this.connection = connection;
    this.#jumps = source.jumps;
    clock.restart();
    recorder.connected(source, connection);
    view.connected(source);
  }

  take(packet: MediaPacket, arrivedMs: number): null {
    const { view, recorder } = this.options;
    if (this.#isOver) packet.free();
    if (this.#isOver) return null;
    this.#time(packet.ptsUs);
    if (packet.key && !this.#isOnline) {
      this.#isOnline = true;
      this.options.online();
    }
    view.show(packet);
    recorder.take(packet, arrivedMs);
    this.#hold(packet, arrivedMs);
    return null;
  }

  async finish(): Promise<void> {}

  /** Also before its reader knows: another one may follow at once. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { recorder, view, group, clock } = this.options;
    recorder.disconnected();
    view.disconnected();
    group.clear();
    clock.restart();
  }

  #time(ptsUs: number): void {
    const { source, clock } = this.options;
    if (source.jumps !== this.#jumps) clock.restart();
    this.#jumps = source.jumps;
    clock.arrived(ptsUs, performance.now());
    this.times.add(ptsUs);
  }

  /** The running group, for viewers who come later. */
  #hold(packet: MediaPacket, arrivedMs: number): void {
    const { group } = this.options;
    if (packet.key || !group.hasRoomFor(packet)) group.clear();
    if (packet.key || group.isOpen) group.add({ packet, arrivedMs, cause: 'not-due', isCounted: true, isPassedOver: false });
    else packet.free();
  }
}
