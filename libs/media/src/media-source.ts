import type { StreamInfo } from '@argus/contracts';

/** One encoded picture. Valid until `free`; freeing twice is harmless. */
export interface MediaPacket {
  /** Media time, microseconds; never goes back within one source (streams with B-frames: after reordering). */
  readonly ptsUs: number;
  /** A decoder can start here. */
  readonly key: boolean;
  readonly byteLength: number;
  /** No other picture refers to it, so it can be left out. Read from the data when asked. */
  readonly disposable: boolean;
  /** H.264/H.265 in Annex B with parameter sets before each key frame, or one whole JPEG. A copy: it outlives the packet. */
  toAnnexB(): Uint8Array;
  /** The same picture once more, to be freed for itself; no copy. */
  share(): MediaPacket;
  free(): void;
}

/** One connection to one camera (or clip). Not for two readers at once. */
export interface MediaSource {
  readonly stream: StreamInfo;
  /** For WebCodecs, e.g. `avc1.64001f` or `hvc1.1.6.L93.B0`; `mjpeg` for motion JPEG. */
  readonly codecString: string;
  /** Packets come when they come; false: a clip read as fast as it can be. */
  readonly live: boolean;
  /** B-frames: packets do not come in the order of their times. */
  readonly reorders: boolean;
  /** Why the sound of the stream is left out, in words; null: it is not, there is none, or nobody asked for it. */
  readonly foreignSound?: string | null;
  /** How often so far media time went on although the stream's own time jumped. Read after `next`: the packet that it gave is the first behind the jump. */
  readonly jumps: number;
  /** The next packet of the video stream; null: the stream ended. Throws SourceError when the connection broke. */
  next(): Promise<MediaPacket | null>;
  /** Never throws. A read that is under way is left to its own time-out and cleaned up behind. */
  close(): Promise<void>;
}

export interface SourceOptions {
  /** The whole of opening, up to a decoded picture; 20 s when data comes and only the key frame is awaited. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** One blocking socket operation. Default 3 s; above it a stalled camera holds its thread needlessly long. */
  readonly readTimeoutMs?: number;
  /** Sound is read beside the pictures, for whoever records them: it goes along with the packets. */
  readonly sound?: boolean;
  /** Folders from which `file://` may read; none: `file://` is refused. */
  readonly fileRoots?: readonly string[];
  readonly signal?: AbortSignal;
}
