import { PRIORITIES, TuningProfile, type ComputeDevice, type DeviceId, type ModelId, type ModelRunStats, type ModelTuning, type SavedTuning } from '@argus/contracts';

const CPU = 'cpu' as DeviceId;

type Device = Pick<ComputeDevice, 'id' | 'health'>;
/** Also what is lost or reserved is of this machine; what is missing never was. */
const presentIds = (devices: readonly Device[]): DeviceId[] => devices.filter((device) => device.health !== 'missing').map((device) => device.id);

export type Hour = TuningProfile['hours'][number];

/** What the form holds; what the server adds is left out. */
export function profileOf({ updatedAt: _updatedAt, warnings: _warnings, ...profile }: SavedTuning): TuningProfile {
  return profile;
}

/** Nothing is pinned: the engine chooses everything. */
export function isAutomatic({ models, reserved, targetFps, hours }: TuningProfile): boolean {
  return models.length === 0 && reserved.length === 0 && hours.length === 0 && PRIORITIES.every((priority) => targetFps[priority] === null);
}

export const automatic = (): TuningProfile => TuningProfile.parse({});

/** A new line starts from how the first model that has none runs now, so that pinning changes nothing until a number is changed. */
export function newModelTuning(models: readonly ModelTuning[], runs: readonly ModelRunStats[], known: readonly ModelId[]): ModelTuning {
  const isFree = (model: ModelId, device: DeviceId) => !models.some((line) => line.model === model && line.device === device);
  const run = runs.find((one) => isFree(one.model, one.device));
  if (run) return { model: run.model, device: run.device, replicas: Math.max(1, run.replicas), threads: Math.max(1, run.threads), batch: Math.max(1, run.batch), waitMs: 0 };
  return { model: known.find((model) => isFree(model, CPU)) ?? known[0] ?? ('' as ModelId), device: CPU, replicas: 1, threads: 1, batch: 1, waitMs: 0 };
}

/** A night: the first hours that people think of. */
export const newHour = (): Hour => ({ from: '22:00', to: '06:00', targetFps: { critical: null, normal: null, low: 1 } });

/** Devices that can be left to training: all but the processor, on which everything runs that has no other place. */
export const reservableDevices = (devices: readonly Device[], reserved: readonly DeviceId[]): DeviceId[] =>
  [...new Set([...presentIds(devices), ...reserved])].filter((id) => id !== CPU);

/** Devices to choose from: those of this machine, and those that are named although they are not here now. */
export function deviceChoices(devices: readonly Device[], { models, reserved }: Pick<TuningProfile, 'models' | 'reserved'>): DeviceId[] {
  return [...new Set([CPU, ...presentIds(devices), ...models.map((line) => line.device), ...reserved])];
}
