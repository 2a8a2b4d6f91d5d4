import { z } from 'zod';
import { PointNormalized } from '../geometry.js';
import { CameraId } from '../ids.js';
import { Camera, CameraState, CameraStats, CameraStream, OFFLINE_REASONS, StreamInfo } from '../live/camera.js';
import { Event } from '../live/event.js';
import { ModelSummary } from '../live/model-manifest.js';
import { Pipeline } from '../live/pipeline.js';
import { RecordingSegment } from '../live/recording-segment.js';
import { Rule } from '../live/rule.js';
import { Track } from '../live/track.js';
import { TuningProfile } from '../live/tuning.js';
import { Warning } from '../warning.js';
import { ComputeStats } from './engine-stats.js';
import { LiveMessage } from './live-stream.js';
import { ProfileSubject } from './profile.js';
import { EventTrace, FrameTrace } from './trace.js';

/**
 * The link between gateway and inference: one WebSocket that inference opens to the gateway's internal socket
 * and opens again whenever it breaks. JSON text frames, except video packets (binary, below).
 *
 * Binary frame, inference to gateway: 16 bytes camera id (the UUID's raw bytes), then a live packet as in live-stream.ts.
 *
 * Events survive both sides: inference writes each event revision to a journal on disk before it is sent, and removes it
 * when the gateway has said `ack`, which it does after the database transaction (event row + outbox rows) is committed.
 */
export const EngineConfig = z.object({
  /** Grows with every change; the engine applies the difference to what runs. */
  revision: z.number().int(),
  /** URLs with credentials: this link never leaves the machine. */
  cameras: z.array(Camera),
  pipelines: z.array(Pipeline),
  rules: z.array(Rule),
  tuning: TuningProfile.prefault({}),
  /** Absent: nobody collects traces, and none is made. `frames`: share of pictures that are traced although no event came of them. */
  tracing: z.object({ frames: z.number().min(0).max(1) }).optional(),
});
export type EngineConfig = z.infer<typeof EngineConfig>;

export const ProbeResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), stream: StreamInfo, jpegBase64: z.string(), elapsedMs: z.number() }),
  z.object({ ok: z.literal(false), reason: z.enum(OFFLINE_REASONS), message: z.string(), elapsedMs: z.number() }),
]);
export type ProbeResult = z.infer<typeof ProbeResult>;

/** Something in the configuration that the engine could not apply. `cameraId`: told only to who may see that camera. */
export const EngineProblem = Warning.extend({ cameraId: CameraId.nullable() });
export type EngineProblem = z.infer<typeof EngineProblem>;

export const GatewayToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('config'), config: EngineConfig }),
  /** Event revisions that are committed. */
  z.object({ type: z.literal('ack'), entries: z.array(z.string()) }),
  /** Cameras whose packets and overlays somebody watches; replaces the previous set. `main`: those whose main stream is watched, where they have one beside the other. */
  z.object({ type: z.literal('watch'), cameraIds: z.array(CameraId), main: z.array(CameraId).optional() }),
  /** Open a stream, take one picture, cover `masks` and those of all cameras with this address, close. */
  z.object({ type: z.literal('probe'), requestId: z.string(), url: z.string(), masks: z.array(z.array(PointNormalized)).default([]) }),
  /** Newest picture of a running camera as JPEG. */
  z.object({ type: z.literal('snapshot'), requestId: z.string(), cameraId: CameraId, maxWidth: z.number().int().positive() }),
  /** Record what becomes of each picture of one camera, or in all runs of one model, for some seconds. */
  z.object({ type: z.literal('profile'), requestId: z.string(), subject: ProfileSubject, seconds: z.number().min(1).max(60) }),
]);
export type GatewayToEngine = z.infer<typeof GatewayToEngine>;

export const EngineToGateway = z.discriminatedUnion('type', [
  /** First message of a connection. Open events of another `bootId` are over: the engine that followed them is gone. */
  z.object({ type: z.literal('hello'), bootId: z.uuid(), version: z.string(), pid: z.number().int() }),
  /** All journal entries of earlier boots have been sent; orphaned events may be ended now. */
  z.object({ type: z.literal('replayed'), bootId: z.uuid() }),
  /** One journal entry; `entry` is its name for `ack`. A trace that does not fit is left out: an event is worth more than how it came about. */
  z.object({ type: z.literal('event'), entry: z.string(), bootId: z.uuid(), event: Event, trace: EventTrace.optional().catch(undefined) }),
  /** Finished tracks; journalled and acknowledged like events. */
  z.object({ type: z.literal('tracks'), entry: z.string(), tracks: z.array(Track) }),
  /** A finished file of footage; journalled and acknowledged like events. */
  z.object({ type: z.literal('segment'), entry: z.string(), segment: RecordingSegment }),
  z.object({ type: z.literal('states'), states: z.array(CameraState) }),
  /** Once a second. `models` null: as they were told last on this connection. */
  z.object({ type: z.literal('stats'), cameras: z.array(CameraStats), compute: ComputeStats, models: z.array(ModelSummary).nullable() }),
  /** Stream description and overlays of watched cameras, passed on to viewers as they are. */
  z.object({ type: z.literal('live'), cameraId: CameraId, stream: CameraStream.default('analysis'), message: LiveMessage }),
  z.object({ type: z.literal('applied'), revision: z.number().int(), problems: z.array(EngineProblem) }),
  z.object({ type: z.literal('probed'), requestId: z.string(), result: ProbeResult }),
  /** Pictures that were chosen to be traced; at most once a second. */
  z.object({ type: z.literal('traces'), traces: z.array(FrameTrace) }),
  z.object({ type: z.literal('snapshot'), requestId: z.string(), jpegBase64: z.string().nullable() }),
  /** `trace`: Trace Event Format as JSON, opens in Perfetto; null: there is no such camera or model. */
  z.object({ type: z.literal('profiled'), requestId: z.string(), trace: z.string().nullable() }),
]);
export type EngineToGateway = z.infer<typeof EngineToGateway>;

/** The engine as operators see it. `connected` alone is no health: look at the ages of the last successes. */
export const EngineStatus = z.object({
  connected: z.boolean(),
  since: z.iso.datetime().nullable(),
  version: z.string().nullable(),
  configRevision: z.number().int().nullable(),
  problems: z.array(EngineProblem),
});
export type EngineStatus = z.infer<typeof EngineStatus>;
