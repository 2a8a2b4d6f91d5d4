import type { ComputeDevice, DeviceId, ModelManifest, ModelTuning, TuningProfile } from '@argus/contracts';
import type { Provider } from '@argus/models';

/** Sessions of one model on one device. */
export type Assignment = Omit<ModelTuning, 'model'> & { readonly provider: Provider; readonly deviceIndex: number };

export interface PlacementDefaults {
  /** Sessions that a detector gets on the processor. */
  readonly detectorReplicas: number;
}

/** One session computes while the other's answers are read and its next pictures are put together. */
const GPU_REPLICAS = 2;
const GPU_BATCH = { detect: 16, classify: 32 } as const;
const GPU_WAIT_MS = 4;
/** On a processor several pictures in one run cost as much as several runs; the second stage's crops save messages that way. */
const CPU_BATCH = { detect: 1, classify: 4 } as const;

/** Where a model runs: as the operator pinned it, else on every GPU that is well and not reserved, else on the processor. */
export function placeModel(manifest: Pick<ModelManifest, 'id' | 'task'>, devices: readonly ComputeDevice[], tuning: TuningProfile, defaults: PlacementDefaults): Assignment[] {
  const usable = new Map(devices.filter((device) => device.health === 'ok' && !tuning.reserved.includes(device.id)).map((device) => [device.id, device]));
  const pinned = tuning.models.filter((entry) => entry.model === manifest.id && usable.has(entry.device));
  if (pinned.length > 0) return pinned.map(({ device, replicas, threads, batch, waitMs }) => assignment(device, { replicas, threads, batch, waitMs }));
  const gpus = [...usable.values()].filter((device) => device.kind === 'gpu');
  // TensorRT and CUDA name the same cards: the first provider that works has them.
  const first = gpus[0]?.provider;
  if (first) return gpus.filter((device) => device.provider === first).map((device) => assignment(device.id, { replicas: GPU_REPLICAS, threads: 1, batch: GPU_BATCH[manifest.task], waitMs: GPU_WAIT_MS }));
  const replicas = manifest.task === 'detect' ? defaults.detectorReplicas : 1;
  return [assignment('cpu' as DeviceId, { replicas, threads: 1, batch: CPU_BATCH[manifest.task], waitMs: 0 })];
}

function assignment(device: DeviceId, values: Omit<ModelTuning, 'model' | 'device'>): Assignment {
  const [provider = 'cpu', index = '0'] = device.split(':');
  return { device, provider: provider as Provider, deviceIndex: Number(index), ...values };
}
