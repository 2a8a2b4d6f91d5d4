import type { CameraId, RecorderState, RecordingSegment } from '@argus/contracts';
import type { MediaPacket, MediaSource } from '@argus/media';
import { MotionMarks } from './motion-marks.js';
import { storageProblem } from './storage-problem.js';
import { WallTime } from './wall-time.js';

/** A segment ends at the first key frame from here on: some ten seconds, although key frames of a two-second camera come a little early. */
const SEGMENT_US = 9_500_000;
/** A disk that failed is tried again after this, at a key frame. Media time: no clock that is set can make it longer. */
const RETRY_US = 3_000_000;

/** A file that is being written, as libs/media makes it. */
export interface SegmentFile {
  /** Bytes on disk so far. */
  readonly bytes: number;
  /** Copies what it needs and never waits. False: the storage is behind, the packet is left out. */
  write(packet: MediaPacket): boolean;
  /** Never throws twice: what was written is a whole file afterwards, or `null` when there is nothing in it. */
  finish(motionOf: (durationMs: number) => number[]): Promise<RecordingSegment | null>;
}

export interface SegmentPlace {
  readonly root: string;
  readonly cameraId: CameraId;
  readonly startMs: number;
  readonly connection: number;
}

export type OpenSegment = (source: MediaSource, place: SegmentPlace, onFailure: (error: unknown) => void) => SegmentFile;

export interface CameraRecorderOptions {
  readonly cameraId: CameraId;
  /** The recordings folder; null: nothing is kept now. */
  readonly into: string | null;
  readonly open: OpenSegment;
  /** A file is finished. */
  readonly segment: (segment: RecordingSegment) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

/**
 * Keeps one camera's packets as they come, in files that begin and end at key frames. Sees each packet before the decoder takes it over,
 * never waits, and never fails: what the storage does not take is counted, and tried again by itself.
 */
export class CameraRecorder {
  readonly #wall = new WallTime();
  readonly #finishing = new Set<Promise<void>>();
  #into: string | null;
  #source: MediaSource | null = null;
  #connection = 0;
  #open: { readonly file: SegmentFile; readonly startUs: number; readonly motion: MotionMarks } | null = null;
  #problem: string | null = null;
  #nowUs = 0;
  #retryAtUs = 0;
  #bytes = 0;
  #lostPackets = 0;

  constructor(private readonly options: CameraRecorderOptions) {
    this.#into = options.into;
  }

  /** `waiting` also while there is no picture to be kept: whether the camera delivers is told by its own state. */
  get state(): RecorderState {
    const state = this.#problem !== null ? 'failed' : this.#open ? 'recording' : 'waiting';
    return { state, problem: this.#problem, bytes: this.#bytes + (this.#open?.file.bytes ?? 0), lostPackets: this.#lostPackets };
  }

  /** Begins at the next key frame, ends at once. */
  record(into: string | null): void {
    if (into === this.#into) return;
    this.#into = into;
    this.#finish();
    this.#problem = null;
    this.#retryAtUs = 0;
  }

  connected(source: MediaSource): void {
    this.#source = source;
    this.#connection += 1;
    this.#retryAtUs = 0;
    this.#wall.restart();
    // A clip that is read as fast as it can be has no wall time.
    if (!source.live) this.#source = null;
  }

  disconnected(): void {
    this.#finish();
    this.#source = null;
  }

  /** It still belongs to the caller. */
  take(packet: MediaPacket, arrivedMs: number): void {
    if (!this.#source) return;
    this.#nowUs = packet.ptsUs;
    this.#wall.arrived(packet.ptsUs, arrivedMs);
    if (this.#into === null) return;
    if (packet.key && this.#isDue()) this.#begin(this.#source, this.#into);
    if (this.#open) this.#write(this.#open.file, packet);
    else if (this.#problem !== null) this.#lostPackets += 1;
  }

  /** A picture in which something moved. */
  moved(ptsUs: number, share: number): void {
    this.#open?.motion.moved(ptsUs, share);
  }

  /** Resolves when all that was recorded is finished and told. */
  async settled(): Promise<void> {
    await Promise.all(this.#finishing);
  }

  #isDue(): boolean {
    return this.#open ? this.#nowUs - this.#open.startUs >= SEGMENT_US : this.#nowUs >= this.#retryAtUs;
  }

  #begin(source: MediaSource, root: string): void {
    this.#finish();
    const place = { root, cameraId: this.options.cameraId, startMs: this.#wall.begin(this.#nowUs), connection: this.#connection };
    try {
      const file: SegmentFile = this.options.open(source, place, (error) => this.#failed(file, error));
      this.#open = { file, startUs: this.#nowUs, motion: new MotionMarks(this.#nowUs) };
    } catch (error) {
      this.#failed(null, error);
    }
  }

  #write(file: SegmentFile, packet: MediaPacket): void {
    if (!file.write(packet)) this.#lostPackets += 1;
    // Not before something is on disk again: a file that could be opened may still not be written.
    if (this.#problem !== null && file.bytes > 0) this.#problem = null;
  }

  /** The storage does not take it: what is on disk is kept, the rest is lost until it is tried again. */
  #failed(file: SegmentFile | null, error: unknown): void {
    this.options.trouble('footage cannot be written', error);
    if (file !== (this.#open?.file ?? null)) return;
    this.#problem = storageProblem(error);
    this.#retryAtUs = this.#nowUs + RETRY_US;
    this.#finish();
  }

  #finish(): void {
    if (!this.#open) return;
    const { file, motion } = this.#open;
    this.#open = null;
    const counted = file.bytes;
    this.#bytes += counted;
    const finishing = file
      .finish((durationMs) => motion.of(durationMs))
      .then((segment) => void (segment && this.options.segment(segment)))
      .catch((error: unknown) => this.options.trouble('a file of footage could not be finished', error))
      .finally(() => {
        this.#bytes += file.bytes - counted;
        this.#finishing.delete(finishing);
      });
    this.#finishing.add(finishing);
  }
}
