import { z } from 'zod';
import { CameraId, ModelId, PipelineId } from '../ids.js';
import { PRIORITIES } from '../live/camera.js';
import { DeviceId } from '../live/tuning.js';

/** One compute device, tried on this machine. */
export const ComputeDevice = z.object({
  id: DeviceId,
  kind: z.enum(['cpu', 'gpu']),
  provider: z.string(),
  /** What people call it, e.g. the processor's name. */
  name: z.string(),
  memoryBytes: z.number().nullable(),
  health: z.enum(['ok', 'lost', 'missing', 'reserved']),
  /** Why it is not used, or what became of it; null when all is well. */
  problem: z.string().nullable(),
});
export type ComputeDevice = z.infer<typeof ComputeDevice>;

/** One model on one device since the start; rates and percentiles over the last few seconds. */
export const ModelRunStats = z.object({
  model: ModelId,
  version: z.string(),
  device: DeviceId,
  provider: z.string(),
  /** Sessions that are open now and threads of each. */
  replicas: z.number().int(),
  threads: z.number().int(),
  /** Pictures in one run at most, and on average. */
  batch: z.number().int(),
  batchMean: z.number().nullable(),
  runs: z.number().int(),
  pictures: z.number().int(),
  picturesPerSecond: z.number(),
  /** Share of the time in which its sessions computed, 0..1. */
  busy: z.number(),
  /** From a picture's request to the begin of its run, and the run itself. */
  queueMsP50: z.number().nullable(),
  queueMsP95: z.number().nullable(),
  computeMsP50: z.number().nullable(),
  computeMsP95: z.number().nullable(),
  /** Sessions replaced because they hung or died. */
  replaced: z.number().int(),
  lastSuccessAt: z.iso.datetime().nullable(),
});
export type ModelRunStats = z.infer<typeof ModelRunStats>;

/** What the machine can bear, and what is left out because it cannot. */
export const LoadStats = z.object({
  /** Share of all cores in use by the engine and its children, 0..1. */
  cpu: z.number(),
  /** none: everybody gets what they want; rate: analysis is slowed by class; decode: pictures are left undecoded as well. */
  shedding: z.enum(['none', 'rate', 'decode']),
  /** Share of the wanted rate that each class gets now, 0..1. */
  granted: z.record(z.enum(PRIORITIES), z.number()),
  /** Of the engine's event loop: 99th percentile over the last whole minute, milliseconds. */
  loopDelayMsP99: z.number().nullable(),
  children: z.array(
    z.object({
      pid: z.number().int(),
      kind: z.enum(['ingest', 'model']),
      /** Whose session it is; null: it decodes. */
      model: ModelId.nullable(),
      cameras: z.number().int(),
      /** Cores in use. */
      cpu: z.number(),
      residentBytes: z.number(),
      loopDelayMsP99: z.number().nullable(),
      /** Of its place: so many processes came before it. */
      restarts: z.number().int(),
    }),
  ),
});
export type LoadStats = z.infer<typeof LoadStats>;

/** How a candidate compares with the detector in use, over the frames that both saw. */
export const RolloutStats = z.object({
  pipelineId: PipelineId,
  candidate: ModelId,
  candidateVersion: z.string(),
  frames: z.number().int(),
  /** Detections that both have (same label, IoU 0.5 or more), and those that only one has. */
  both: z.number().int(),
  onlyCurrent: z.number().int(),
  onlyCandidate: z.number().int(),
  /** 2 * both / (2 * both + onlyCurrent + onlyCandidate); null before the first detection. */
  agreement: z.number().nullable(),
  computeMsP50: z.number().nullable(),
  canaryCameraIds: z.array(CameraId),
});
export type RolloutStats = z.infer<typeof RolloutStats>;

/** What computes, how well, and for whom. */
export const ComputeStats = z.object({
  devices: z.array(ComputeDevice),
  runs: z.array(ModelRunStats),
  /** null while the engine is not connected. */
  load: LoadStats.nullable(),
  rollouts: z.array(RolloutStats),
});
export type ComputeStats = z.infer<typeof ComputeStats>;
