import type { CameraId, RecorderState, RecordingSegment } from '@argus/contracts';
import type { MediaPacket, MediaSource, SegmentMedia, SegmentWriter, SegmentWriterOptions } from '@argus/media';
import { MotionMarks } from './motion-marks.js';
import { makeDayFolder, recordedSegment, type SegmentOrigin } from './recorded-segment.js';
import { storageProblem } from './storage-problem.js';
import { WallTime } from './wall-time.js';

/** What writes the files of one connection: SegmentWriter. */
export type FootageWriter = Pick<SegmentWriter, 'append' | 'startAnew' | 'close' | 'counts'>;

export interface CameraRecorderOptions {
  readonly cameraId: CameraId;
  /** The recordings folder; null: nothing is kept now. */
  readonly into: string | null;
  readonly write: (options: SegmentWriterOptions) => FootageWriter;
  /** A file is finished. `media`: where on its connection it was. */
  readonly segment: (segment: RecordingSegment, media: SegmentMedia) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

/**
 * Keeps one camera's packets as they come. Sees each packet before the decoder takes it over, never waits, and never fails: what the storage
 * does not take is counted, and tried again by itself.
 */
export class CameraRecorder {
  readonly #wall = new WallTime();
  readonly #closing = new Map<FootageWriter, Promise<void>>();
  #into: string | null;
  #source: MediaSource | null = null;
  #jumps = 0;
  #connection = 0;
  #open: { readonly writer: FootageWriter; readonly motion: MotionMarks } | null = null;
  #problem: { readonly words: string; readonly atBytes: number } | null = null;
  /** Of writers that are closed. */
  #done = { bytes: 0, lostPackets: 0 };

  constructor(private readonly options: CameraRecorderOptions) {
    this.#into = options.into;
  }

  /** `waiting` also while there is no picture to be kept: whether the camera delivers is told by its own state. */
  get state(): RecorderState {
    const { bytes, lostPackets } = this.#counts();
    // Not before something is on disk again: a file that could be opened may still not be written.
    const problem = this.#problem?.atBytes === bytes ? this.#problem.words : null;
    return { state: problem !== null ? 'failed' : this.#open ? 'recording' : 'waiting', problem, bytes, lostPackets };
  }

  /** Begins at the next key frame, ends at once. */
  record(into: string | null): void {
    if (into === this.#into) return;
    this.#into = into;
    this.#close();
    this.#problem = null;
  }

  connected(source: MediaSource, connection: number): void {
    // A clip that is read as fast as it can be has no wall time.
    this.#source = source.live ? source : null;
    this.#jumps = source.jumps;
    this.#connection = connection;
    this.#wall.restart();
  }

  disconnected(): void {
    this.#close();
    this.#source = null;
  }

  /** It still belongs to the caller. */
  take(packet: MediaPacket, arrivedMs: number): void {
    const source = this.#source;
    if (!source) return;
    if (this.#isApart(source, packet, arrivedMs)) this.#open?.writer.startAnew();
    if (this.#into === null || (!this.#open && !packet.key)) return;
    this.#open ??= this.#begin(source, this.#into);
    this.#open.writer.append(packet);
  }

  /** A picture in which something moved. */
  moved(ptsUs: number, share: number): void {
    this.#open?.motion.moved(ptsUs, share);
  }

  /** Resolves when all that was recorded is finished and told. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing.values());
  }

  /** The camera's clock or this machine's was set, or the camera stood still: from here on the same media time is another wall time. */
  #isApart(source: MediaSource, { ptsUs }: MediaPacket, arrivedMs: number): boolean {
    const hasJumped = source.jumps !== this.#jumps;
    this.#jumps = source.jumps;
    if (hasJumped) this.#wall.restart();
    return this.#wall.arrived(ptsUs, arrivedMs) || hasJumped;
  }

  #begin(source: MediaSource, root: string): { readonly writer: FootageWriter; readonly motion: MotionMarks } {
    const { cameraId, write, segment, trouble } = this.options;
    const origin: SegmentOrigin = { root, cameraId, connection: this.#connection };
    const motion = new MotionMarks();
    const writer: FootageWriter = write({
      source,
      folder: (startMs) => makeDayFolder(root, cameraId, startMs),
      connection: String(origin.connection),
      wallMs: (ptsUs) => this.#wall.begin(ptsUs),
      onSegment: (described, media) => segment(recordedSegment(origin, described, motion.take(media)), media),
      onFailure: (error) => {
        trouble('footage cannot be written', error);
        // What an ended recording could not finish is no trouble of the one that runs.
        if (this.#open?.writer === writer) this.#problem = { words: storageProblem(error), atBytes: this.#counts().bytes };
      },
      onResume: () => (this.#problem = null),
    });
    return { writer, motion };
  }

  #close(): void {
    const writer = this.#open?.writer;
    this.#open = null;
    if (!writer) return;
    const closing = writer.close().finally(() => {
      this.#closing.delete(writer);
      this.#done = { bytes: this.#done.bytes + writer.counts.writtenBytes, lostPackets: this.#done.lostPackets + writer.counts.lostPackets };
    });
    this.#closing.set(writer, closing);
  }

  #counts(): { readonly bytes: number; readonly lostPackets: number } {
    const writers = [...this.#closing.keys(), ...(this.#open ? [this.#open.writer] : [])];
    return writers.reduce(({ bytes, lostPackets }, { counts }) => ({ bytes: bytes + counts.writtenBytes, lostPackets: lostPackets + counts.lostPackets }), this.#done);
  }
}
