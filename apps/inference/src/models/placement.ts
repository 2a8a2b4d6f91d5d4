import type { ComputeDevice, DeviceId, ModelManifest, ModelTuning, TuningProfile } from '@argus/contracts';
import type { Provider } from '@argus/models';

/** Sessions of one model on one device. */
export type Assignment = Omit<ModelTuning, 'model'> & { readonly provider: Provider; readonly deviceIndex: number };

export interface PlacementLimits {
  /** Sessions that a detector gets on the processor. */
  readonly detectorReplicas: number;
  /** As many sessions of this model fit into the device's memory; default: any number. */
  readonly mostSessions?: (device: ComputeDevice) => number;
}

/** One session computes while the other's answers are read and its next pictures are put together. */
const GPU_REPLICAS = 2;
const GPU_BATCH = { detect: 16, classify: 32, embed: 32 } as const;
const GPU_WAIT_MS = 4;
/** On a processor several pictures in one run cost as much as several runs; the second stage's crops save messages that way. */
const CPU_BATCH = { detect: 1, classify: 4, embed: 1 } as const;

/** Where a model runs: as the operator pinned it (who then answers for the memory), else on every GPU that is well and not reserved, else on the processor. */
export function placeModel(manifest: Pick<ModelManifest, 'id' | 'task'>, devices: readonly ComputeDevice[], tuning: TuningProfile, { detectorReplicas, mostSessions = () => Infinity }: PlacementLimits): Assignment[] {
  const usable = new Map(devices.filter((device) => device.health === 'ok' && !tuning.reserved.includes(device.id)).map((device) => [device.id, device]));
  const pinned = tuning.models.filter((entry) => entry.model === manifest.id && usable.has(entry.device));
  if (pinned.length > 0) return pinned.map(({ device, replicas, threads, batch, waitMs }) => assignment(device, { replicas, threads, batch, waitMs }));
  const gpus = [...usable.values()].filter((device) => device.kind === 'gpu');
  // TensorRT and CUDA name the same cards: the first provider that works has them.
  const first = gpus[0]?.provider;
  if (first) return gpus.filter((device) => device.provider === first).map((device) => assignment(device.id, { replicas: Math.min(GPU_REPLICAS, mostSessions(device)), threads: 1, batch: GPU_BATCH[manifest.task], waitMs: GPU_WAIT_MS }));
  const processor = devices.find((device) => device.kind === 'cpu');
  const replicas = Math.min(manifest.task === 'detect' ? detectorReplicas : 1, processor ? mostSessions(processor) : Infinity);
  return [assignment('cpu' as DeviceId, { replicas, threads: 1, batch: CPU_BATCH[manifest.task], waitMs: 0 })];
}

function assignment(device: DeviceId, values: Omit<ModelTuning, 'model' | 'device'>): Assignment {
  const [provider = 'cpu', index = '0'] = device.split(':');
  return { device, provider: provider as Provider, deviceIndex: Number(index), ...values };
}
