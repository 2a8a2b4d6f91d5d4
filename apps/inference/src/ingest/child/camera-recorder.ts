import type { CameraId, RecorderState, RecordingSegment } from '@argus/contracts';
import type { MediaPacket, MediaSource, SegmentMedia, SegmentWriter, SegmentWriterOptions } from '@argus/media';
import type { RecordOrder } from '../messages.js';
import { MotionMarks } from './motion-marks.js';
import { PreRoll } from './pre-roll.js';
import { makeDayFolder, recordedSegment, type SegmentOrigin } from './recorded-segment.js';
import { storageProblem } from './storage-problem.js';
import { WallTime } from './wall-time.js';

/** What writes the files of one connection: SegmentWriter. */
export type FootageWriter = Pick<SegmentWriter, 'append' | 'startAnew' | 'close' | 'counts'>;

export interface CameraRecorderOptions {
  readonly cameraId: CameraId;
  /** null: nothing is kept now. */
  readonly order: RecordOrder | null;
  /** An event of this camera lasts already. */
  readonly eventOpen: boolean;
  /** Motion is not looked for. */
  readonly isBlind: () => boolean;
  readonly write: (options: SegmentWriterOptions) => FootageWriter;
  /** A file is finished. `media`: where on its connection it was. */
  readonly segment: (segment: RecordingSegment, media: SegmentMedia) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

/** While nothing is written, times are made sure of as often as segments would begin. */
const TIMED_EVERY_US = 10_000_000;

/**
 * Keeps one camera's packets as they come, all or those around what happens. Sees each packet before the decoder takes it over, never waits, and never
 * fails: what the storage does not take is counted, and tried again by itself.
 */
export class CameraRecorder {
  readonly #wall = new WallTime();
  readonly #closing = new Map<FootageWriter, Promise<void>>();
  readonly #before = new PreRoll();
  #order: RecordOrder | null;
  #eventOpen: boolean;
  #motion = new MotionMarks();
  #source: MediaSource | null = null;
  #jumps = 0;
  #connection = 0;
  #foreignSound: string | null = null;
  #writer: FootageWriter | null = null;
  #nowUs = 0;
  #timedUs = 0;
  /** Media time up to which what happened is to be kept. */
  #untilUs = -Infinity;
  #problem: { readonly words: string; readonly atBytes: number } | null = null;
  /** Of writers that are closed. */
  #done = { bytes: 0, lostPackets: 0 };

  constructor(private readonly options: CameraRecorderOptions) {
    this.#order = options.order;
    this.#eventOpen = options.eventOpen;
  }

  get isOrdered(): boolean {
    return this.#order !== null;
  }

  /** `waiting` also while there is no picture to be kept: whether the camera delivers is told by its own state. */
  get state(): RecorderState {
    const { bytes, lostPackets } = this.#counts();
    // Not before something is on disk again: a file that could be opened may still not be written.
    const problem = this.#problem?.atBytes === bytes ? this.#problem.words : null;
    return { state: problem !== null ? 'failed' : this.#writer ? 'recording' : 'waiting', problem, bytes, lostPackets };
  }

  /** Begins at the next key frame, ends at once. */
  record(order: RecordOrder | null): void {
    // A file has sound from its beginning to its end, or none: also what is held was taken by another order.
    const isElsewhere = order?.into !== this.#order?.into || order?.sound !== this.#order?.sound;
    this.#order = order;
    if (!isElsewhere) return;
    this.#close();
    this.#before.clear();
    this.#problem = null;
  }

  /** An event of this camera began, or the last one ended. */
  event(isOpen: boolean): void {
    if (isOpen || this.#eventOpen) this.#happened('events', this.#nowUs);
    this.#eventOpen = isOpen;
  }

  connected(source: MediaSource, connection: number): void {
    // A clip that is read as fast as it can be has no wall time.
    this.#source = source.live ? source : null;
    this.#jumps = source.jumps;
    this.#connection = connection;
    this.#tellForeignSound(source.foreignSound ?? null);
    this.#wall.restart();
    this.#motion = new MotionMarks();
    this.#untilUs = -Infinity;
    this.#nowUs = this.#timedUs = 0;
  }

  disconnected(): void {
    this.#close();
    this.#before.clear();
    this.#source = null;
  }

  /** It still belongs to the caller. */
  take(packet: MediaPacket, arrivedMs: number): void {
    const source = this.#source;
    if (!source) return;
    this.#nowUs = packet.ptsUs;
    if (this.#isApart(source, packet, arrivedMs)) {
      this.#writer?.startAnew();
      // Their time of day is another one.
      this.#before.clear();
    }
    const order = this.#order;
    const isWanted = order !== null && this.#isWanted(order);
    // Not before a key frame: so the next file can begin where this one ends.
    if (packet.key && !isWanted) this.#close();
    if (!this.#writer && isWanted && (packet.key || !this.#before.isEmpty)) this.#begin(source, order);
    if (this.#writer) return this.#writer.append(packet);
    this.#keepTime(packet);
    if (order !== null && order.trigger !== 'always') this.#before.add(packet, order.preUs);
  }

  /** A picture in which something moved. */
  moved(ptsUs: number, share: number): void {
    if (this.#order === null) return;
    this.#motion.moved(ptsUs, share);
    this.#happened('motion', ptsUs);
  }

  /** Resolves when all that was recorded is finished and told. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing.values());
  }

  /** Once, whatever the number of connections. */
  #tellForeignSound(words: string | null): void {
    if (words !== null && words !== this.#foreignSound) this.options.trouble('sound is left out', new Error(words));
    this.#foreignSound = words ?? this.#foreignSound;
  }

  /** The camera's clock or this machine's was set, or the camera stood still: from here on the same media time is another wall time. */
  #isApart(source: MediaSource, { ptsUs }: MediaPacket, arrivedMs: number): boolean {
    const hasJumped = source.jumps !== this.#jumps;
    this.#jumps = source.jumps;
    if (hasJumped) this.#wall.restart();
    return this.#wall.arrived(ptsUs, arrivedMs) || hasJumped;
  }

  #isWanted({ trigger }: RecordOrder): boolean {
    if (trigger === 'always' || this.#nowUs <= this.#untilUs) return true;
    return trigger === 'motion' ? this.options.isBlind() : this.#eventOpen;
  }

  #happened(trigger: RecordOrder['trigger'], ptsUs: number): void {
    if (this.#order?.trigger === trigger) this.#untilUs = Math.max(this.#untilUs, ptsUs + this.#order.postUs);
  }

  #keepTime({ ptsUs }: MediaPacket): void {
    if (ptsUs - this.#timedUs < TIMED_EVERY_US) return;
    this.#timedUs = ptsUs;
    this.#wall.begin(ptsUs);
  }

  #begin(source: MediaSource, { into: root, sound }: RecordOrder): void {
    const { cameraId, write, segment, trouble } = this.options;
    const origin: SegmentOrigin = { root, cameraId, connection: this.#connection };
    const motion = this.#motion;
    const writer: FootageWriter = write({
      source,
      sound,
      folder: (startMs) => makeDayFolder(root, cameraId, startMs),
      connection: String(origin.connection),
      wallMs: (ptsUs) => this.#wall.begin(ptsUs),
      onSegment: (described, media) => segment(recordedSegment(origin, described, motion.take(media)), media),
      onFailure: (error) => {
        trouble('footage cannot be written', error);
        // What an ended recording could not finish is no trouble of the one that runs.
        if (this.#writer === writer) this.#problem = { words: storageProblem(error), atBytes: this.#counts().bytes };
      },
      onDeaf: (error) => trouble('sound cannot be recorded', error),
      onResume: () => (this.#problem = null),
    });
    this.#writer = writer;
    for (const held of this.#before.take()) {
      writer.append(held);
      held.free();
    }
  }

  #close(): void {
    const writer = this.#writer;
    this.#writer = null;
    if (!writer) return;
    const closing = writer.close().finally(() => {
      this.#closing.delete(writer);
      this.#done = { bytes: this.#done.bytes + writer.counts.writtenBytes, lostPackets: this.#done.lostPackets + writer.counts.lostPackets };
    });
    this.#closing.set(writer, closing);
  }

  #counts(): { readonly bytes: number; readonly lostPackets: number } {
    const writers = [...this.#closing.keys(), ...(this.#writer ? [this.#writer] : [])];
    return writers.reduce(({ bytes, lostPackets }, { counts }) => ({ bytes: bytes + counts.writtenBytes, lostPackets: lostPackets + counts.lostPackets }), this.#done);
  }
}
