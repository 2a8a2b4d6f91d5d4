import { z } from 'zod';
import { CameraId, PipelineId } from '../ids.js';
import { PointNormalized } from '../geometry.js';
import { RecorderState, RecordingSettings } from './recording-settings.js';

/** URL schemes a camera source may have. `file` loops a clip and is for demos and tests. */
export const SOURCE_SCHEMES = ['rtsp', 'rtsps', 'rtmp', 'http', 'https', 'file'] as const;
export type SourceScheme = (typeof SOURCE_SCHEMES)[number];

/** A place drawn on one camera's picture. Rules name a zone, so one rule can serve every camera that has a zone of this name. */
export const Zone = z
  .object({
    name: z.string().trim().min(1).max(80).meta({ title: 'Name' }),
    kind: z.enum(['area', 'line']),
    /** area: 3 or more corners of a simple polygon; line: exactly two ends, a then b. */
    points: z.array(PointNormalized).min(2).max(64),
  })
  .refine((zone) => (zone.kind === 'line' ? zone.points.length === 2 : zone.points.length >= 3), {
    error: 'a line has exactly 2 points, an area at least 3',
    path: ['points'],
  });
export type Zone = z.infer<typeof Zone>;

export const MAX_PRIVACY_MASKS = 16;

/** A part of a camera's picture that nobody is to see: covered on the server wherever pictures leave. Detectors see it; recordings keep it. */
export const PrivacyMask = z.object({
  /** Given by whoever draws it; kept as it is, so that the audit can tell which one was changed. */
  id: z.string().min(1).max(60).optional(),
  name: z.string().trim().min(1).max(80).meta({ title: 'Name' }),
  enabled: z.boolean().default(true),
  polygon: z
    .array(PointNormalized)
    .min(3)
    .max(64)
    .refine((polygon) => isWide(polygon.map(({ x }) => x)) && isWide(polygon.map(({ y }) => y)), 'expected a polygon with an inside: these points lie on one line, or all in one place'),
});
export type PrivacyMask = z.infer<typeof PrivacyMask>;

/** Narrower than a pixel of any camera: whoever draws that has covered nothing, and is to know. */
const isWide = (places: readonly number[]): boolean => Math.max(...places) - Math.min(...places) > 0.0001;

/** Classes of cameras for a machine that cannot serve all: what is critical keeps its rate longest. */
export const PRIORITIES = ['critical', 'normal', 'low'] as const;
export const Priority = z.enum(PRIORITIES);
export type Priority = z.infer<typeof Priority>;

/** `analysis`: what is looked at, the camera's only stream where it has no second; `main`: the large one beside it, opened when somebody wants it. */
export const CAMERA_STREAMS = ['main', 'analysis'] as const;
export const CameraStream = z.enum(CAMERA_STREAMS);
export type CameraStream = z.infer<typeof CameraStream>;

/** A camera as a person configures it. */
export const CameraSettings = z.object({
  name: z.string().trim().min(1).max(120).meta({ title: 'Name' }),
  /** Source URL. When read back, the password is replaced by `***`; sending `***` keeps the stored one. */
  url: z.string().trim().min(1).max(2048).meta({ title: 'Stream URL' }),
  /** A smaller stream of the same camera that is analysed in the place of the main one, which is then opened for recordings and large views only; null: there is one stream for all. Secrets as in `url`. */
  analysisUrl: z.string().trim().min(1).max(2048).nullable().default(null).meta({ title: 'Stream URL for analysis' }),
  enabled: z.boolean().default(true),
  tags: z.array(z.string().trim().min(1).max(60)).max(32).default([]),
  /** IANA zone of the site; schedules of rules and shown times use it. */
  timeZone: z.string().min(1).max(60).default('UTC'),
  pipelineId: PipelineId.nullable().default(null).meta({ description: 'null: the default pipeline' }),
  /** Labels looked for on this camera; null: every label of the detector. Keeps a general detector from naming furniture. */
  labels: z.array(z.string().min(1).max(60)).max(200).nullable().default(null),
  /** Analysed pictures per second at most; null: the pipeline's. */
  analysisFps: z.number().min(0.1).max(60).nullable().default(null),
  /** Who is served first when the machine cannot serve all: a class, and a share within it. */
  priority: Priority.default('normal').meta({ title: 'Priority' }),
  weight: z.number().min(0.1).max(10).default(1).meta({ title: 'Weight', description: 'Share of the analysis among cameras of the same priority' }),
  recording: RecordingSettings.prefault({}),
  zones: z
    .array(Zone)
    .max(64)
    .default([])
    .refine((zones) => new Set(zones.map((zone) => zone.name)).size === zones.length, 'zone names must be unique on a camera'),
  privacyMasks: z
    .array(PrivacyMask)
    .max(MAX_PRIVACY_MASKS)
    .default([])
    .refine((masks) => new Set(masks.map((mask) => mask.name)).size === masks.length, 'names of privacy masks must be unique on a camera'),
});
export type CameraSettings = z.infer<typeof CameraSettings>;

export const Camera = CameraSettings.extend({
  id: CameraId,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Camera = z.infer<typeof Camera>;

/** Whether a camera has a large stream beside the one that is analysed. */
export const hasMainStream = ({ url, analysisUrl }: Pick<CameraSettings, 'url' | 'analysisUrl'>): boolean => analysisUrl !== null && analysisUrl !== url;

/** The polygons that are to be covered now. */
export const maskedAreas = ({ privacyMasks }: Pick<CameraSettings, 'privacyMasks'>): PointNormalized[][] => privacyMasks.filter((mask) => mask.enabled).map((mask) => mask.polygon);

/** Why a camera is offline; the operator's text is chosen by it. */
export const OFFLINE_REASONS = [
  'unreachable',
  'refused',
  'unauthorized',
  'not-found',
  'timeout',
  'unsupported',
  'corrupt',
  'ended',
  'decoder-crashed',
  'forbidden-url',
  'unknown',
] as const;
export type OfflineReason = (typeof OFFLINE_REASONS)[number];

export const CameraState = z.object({
  cameraId: CameraId,
  state: z.enum(['connecting', 'online', 'stalled', 'offline', 'disabled']),
  reason: z.enum(OFFLINE_REASONS).nullable(),
  /** When this state began. */
  since: z.iso.datetime(),
  /** The last failure in words a person understands, credentials removed; kept while online so that a flapping camera is seen. */
  lastError: z.string().nullable(),
  lastErrorAt: z.iso.datetime().nullable(),
  /** Connection attempts since the camera was last online. */
  attempts: z.number().int().nonnegative(),
});
export type CameraState = z.infer<typeof CameraState>;

export const STREAM_CODECS = ['h264', 'hevc', 'mjpeg'] as const;
export type StreamCodec = (typeof STREAM_CODECS)[number];

/** What the stream turned out to be once connected, and is now: a camera may change the size of its pictures in mid-stream. */
export const StreamInfo = z.object({
  codec: z.enum(STREAM_CODECS),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Nominal frames per second as the stream says; null when it does not. */
  fps: z.number().nullable(),
});
export type StreamInfo = z.infer<typeof StreamInfo>;

/** The main stream of a camera that has another one for analysis. `closed`: nobody wants it now. */
export const MainStreamState = z.object({
  state: z.enum(['closed', 'connecting', 'online', 'stalled', 'offline']),
  /** null before its first connection. */
  stream: StreamInfo.nullable(),
  /** Why it is not online, in words a person understands; null while it is, or nobody wants it. */
  problem: z.string().nullable(),
});
export type MainStreamState = z.infer<typeof MainStreamState>;

/**
 * Why an offered frame was not analysed. Every drop has exactly one cause. `overwritten`: a newer one came; `stale`: it waited longer
 * than the pipeline's budget; `late`: its result came after the budget; `backpressure`: no memory slot was free.
 */
export const DROP_CAUSES = ['overwritten', 'stale', 'late', 'backpressure', 'failed', 'stopped'] as const;
export type DropCause = (typeof DROP_CAUSES)[number];

/**
 * Why a packet was not decoded. `not-due`: no picture that is analysed needs it; `idle`: nothing moves, key frames suffice; `shed`: the
 * machine is overloaded; `key-wait`: the pictures it refers to are missing; `damaged`: the decoder refused it.
 */
export const SKIP_CAUSES = ['not-due', 'idle', 'shed', 'key-wait', 'damaged'] as const;
export type SkipCause = (typeof SKIP_CAUSES)[number];

/**
 * Counters of one camera since its source was started.
 * received = decoded + sum(skipped); decoded = paced + still + offered; offered = analysed + sum(dropped) + in flight.
 */
export const CameraStats = z.object({
  cameraId: CameraId,
  stream: StreamInfo.nullable(),
  received: z.number().int(),
  decoded: z.number().int(),
  skipped: z.record(z.enum(SKIP_CAUSES), z.number().int()),
  /** Decoded, but not due at the analysis rate that the camera has now. */
  paced: z.number().int(),
  /** Decoded and due, but the motion gate saw nothing move: the gate's savings. */
  still: z.number().int(),
  offered: z.number().int(),
  analysed: z.number().int(),
  dropped: z.record(z.enum(DROP_CAUSES), z.number().int()),
  reconnects: z.number().int(),
  /** Wall time of the last packet, the last decoded frame and the last successful inference. */
  lastPacketAt: z.iso.datetime().nullable(),
  lastFrameAt: z.iso.datetime().nullable(),
  lastInferenceAt: z.iso.datetime().nullable(),
  /** Rates over the last few seconds: count over span. `targetFps`: wanted, lowered while the machine is overloaded. */
  receivedFps: z.number(),
  analysedFps: z.number(),
  targetFps: z.number(),
  /** all: every packet is decoded; part: the beginning of each group of pictures, or an even share where all are key frames (overload); key: key frames only (nothing moves). */
  decodeMode: z.enum(['all', 'part', 'key']),
  /** What decodes, e.g. `h264 (software)` or `h264 (vaapi)`; null before the first picture. */
  decoder: z.string().nullable(),
  /** Packet arrival to tracks known, milliseconds, over the last few seconds. */
  latencyMsP50: z.number().nullable(),
  latencyMsP95: z.number().nullable(),
  /** null: it has one stream for all. */
  main: MainStreamState.nullable(),
  /** null: nothing of this camera is to be kept. */
  recorder: RecorderState.nullable(),
});
export type CameraStats = z.infer<typeof CameraStats>;
