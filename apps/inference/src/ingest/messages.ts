import type { BoxPixels, CameraId, CameraStats, CameraStream, ModelId, MotionGateSettings, OfflineReason, Placement, PointNormalized, ProbeResult, RecorderState, RecordingSegment, SkipCause, StreamInfo, WithheldReason } from '@argus/contracts';
import type { ProcessUsage } from '@argus/kernel';
import type { PixelTarget, SegmentMedia } from '@argus/media';
import type { StageSpan } from '../profile/stage-span.js';

/** How a running source is sampled; may change without touching the source. */
export interface SamplingSettings {
  readonly analysisFps: number;
  readonly gate: MotionGateSettings;
  /** Detector and its input; null: nothing is analysed (its model is not available). */
  readonly detector: { readonly id: ModelId; readonly input: PixelTarget } | null;
  /** How much of each group of pictures is decoded while something moves, 0..1; 0: its key frame. Lowered while the machine is overloaded. */
  readonly decodeShare: number;
  /** Nothing is dropped: the reader waits while main has not taken its frames. For files; a camera does not wait. */
  readonly waitForRoom: boolean;
  /** Its stages are to be timed, and told with each offered frame. */
  readonly timed: boolean;
}

/** What is to be covered in every picture of a camera that leaves; no areas: nothing. */
export interface MaskOrder {
  /** Grows with every change of any camera's masks. */
  readonly version: number;
  readonly areas: readonly (readonly PointNormalized[])[];
}

/** What viewers of a masked camera get, or why nothing. `masks`: the version that is in it. */
export type ShownStream = { readonly masks: number } & ({ readonly stream: StreamInfo; readonly codecString: string } | { readonly withheld: WithheldReason; readonly text: string });

/** What of a camera is kept, and where. */
export interface RecordOrder {
  /** The recordings folder. */
  readonly into: string;
  /** The sound, too, where there is any. */
  readonly sound: boolean;
  readonly trigger: 'always' | 'motion' | 'events';
  /** With a trigger: how much before and after it. */
  readonly preUs: number;
  readonly postUs: number;
}

/** Which of a camera's streams somebody watches. */
export type WatchedStreams = Readonly<Record<CameraStream, boolean>>;

/** Names one run of one camera's source. Answers that carry another run are late and are dropped. */
export interface SourceRef {
  readonly cameraId: CameraId;
  readonly run: number;
}

/** A native picture that a child holds for main. */
export interface FrameRef extends SourceRef {
  readonly frame: number;
}

/** A part of a held picture, to be cut and scaled. */
export interface CropOrder extends FrameRef {
  readonly box: BoxPixels;
  readonly target: PixelTarget;
}

/** Pixels in a slot. */
export interface Cut {
  readonly slot: number;
  readonly placement: Placement;
}

/** Main to ingest child. */
export type ToChild =
  | (SourceRef & { readonly type: 'start'; readonly url: string; readonly mainUrl: string | null; readonly sampling: SamplingSettings; readonly fileRoots: readonly string[]; readonly hardware: boolean; readonly watched: WatchedStreams; readonly record: RecordOrder | null; readonly sound: boolean; readonly eventOpen: boolean; readonly masks: MaskOrder })
  | (SourceRef & { readonly type: 'stop' })
  | (SourceRef & { readonly type: 'sample'; readonly sampling: SamplingSettings })
  | (SourceRef & { readonly type: 'watch'; readonly watched: WatchedStreams })
  | (SourceRef & { readonly type: 'mask'; readonly masks: MaskOrder })
  /** null: nothing of this camera is to be kept now. */
  | (SourceRef & { readonly type: 'record'; readonly order: RecordOrder | null })
  /** Whether an event of this camera lasts; told at each change, also of one that is over at once. */
  | (SourceRef & { readonly type: 'event'; readonly isOpen: boolean })
  /** Main is done with these: slots may be written again, native pictures may go. */
  | { readonly type: 'done'; readonly slots: readonly number[]; readonly frames: readonly FrameRef[] }
  | { readonly type: 'crops'; readonly request: number; readonly orders: readonly CropOrder[] }
  | (SourceRef & { readonly type: 'jpeg'; readonly request: number } & JpegOrder)
  /** Finish the files of all cameras, tell them, and exit. */
  | { readonly type: 'end' };

export interface JpegOrder {
  /** null: the newest. */
  readonly frame: number | null;
  readonly crop: BoxPixels | null;
  readonly maxWidth: number;
  readonly quality: number;
}

/** Counters of one source in one child, from the start of the child on. Times are wall milliseconds. */
export interface IngestCounters {
  readonly received: number;
  readonly decoded: number;
  readonly skipped: Readonly<Record<SkipCause, number>>;
  readonly paced: number;
  readonly still: number;
  readonly offered: number;
  readonly backpressure: number;
  readonly reconnects: number;
  readonly lastPacketMs: number | null;
  readonly lastFrameMs: number | null;
  readonly decodeMode: CameraStats['decodeMode'];
  readonly decoder: string | null;
  readonly recorder: RecorderState;
}

/** A media time of one connection of a stream; connections are counted from 1. */
export interface StreamMoment {
  readonly connection: number;
  readonly ptsUs: number;
}

/** A frame whose pixels lie in a slot, scaled for the detector. */
export interface OfferedFrame extends FrameRef {
  /** Whose input it was scaled to. */
  readonly detector: ModelId;
  readonly slot: number;
  /** Which of its source's connections it came on, counted from 1: media time begins again with each. */
  readonly connection: number;
  readonly ptsUs: number;
  readonly width: number;
  readonly height: number;
  readonly placement: Placement;
  /** Wall time at which its packet came. */
  readonly arrivedMs: number;
  /** The same moment on the main stream, where there is one beside this and it is open: as near as times of arrival tell. */
  readonly onMain?: StreamMoment | undefined;
  /** Decode, gate and scale, while `timed`. */
  readonly spans?: readonly StageSpan[] | undefined;
}

export type SourceReport =
  | { readonly state: 'attempt' }
  | { readonly state: 'online'; readonly stream: StreamInfo; readonly codecString: string }
  | { readonly state: 'stalled'; readonly message: string }
  | { readonly state: 'offline'; readonly reason: OfflineReason; readonly message: string }
  /** Nobody wants it any more: of a main stream only. */
  | { readonly state: 'closed' }
  /** It neither delivers nor fails; only a new child helps. */
  | { readonly state: 'wedged' };

/** Ingest child to main. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'beat'; readonly loopDelayMsP99: number | null; readonly usage: ProcessUsage; readonly counters: readonly (SourceRef & { readonly counters: IngestCounters })[] }
  | (SourceRef & { readonly type: 'report'; readonly stream: CameraStream; readonly report: SourceReport })
  | { readonly type: 'frame'; readonly frame: OfferedFrame }
  /** In the order of the orders; null: the frame is gone or no slot is free. */
  | { readonly type: 'cropped'; readonly request: number; readonly cuts: readonly (Cut | null)[] }
  | { readonly type: 'jpeg'; readonly request: number; readonly data: Uint8Array | null }
  /** A complete binary frame of the engine link: camera id, header, packet. `masks`: the version that is in it. */
  | { readonly type: 'packet'; readonly cameraId: CameraId; readonly stream: CameraStream; readonly key: boolean; readonly data: Uint8Array; readonly masks: number }
  | { readonly type: 'shown'; readonly cameraId: CameraId; readonly stream: CameraStream; readonly shown: ShownStream }
  /** A finished file of footage. From whatever run: it is on disk. `media`: where on its connection it was; null: nobody knows any more. */
  | { readonly type: 'segment'; readonly segment: RecordingSegment; readonly run: number; readonly media: SegmentMedia | null }
  /** The last one: what was told before has gone out. */
  | { readonly type: 'ended' }
  | { readonly type: 'probed'; readonly result: ProbeResult };

/** Main to a throw-away child that repairs what killed recorders left behind. */
export interface RepairOrder {
  /** The recordings folder. */
  readonly root: string;
  /** null: all whose folders are there. */
  readonly cameraIds: readonly CameraId[] | null;
  /** Wall time: what began later belongs to recorders that live. */
  readonly beforeMs: number;
}
