import type { ComputeDevice, DeviceId } from '@argus/contracts';
import type { Logger } from '@argus/kernel';

export interface DeviceInventoryOptions {
  readonly probe: () => Promise<readonly ComputeDevice[]>;
  readonly log: Logger;
}

/** A lost device is tried again after this. */
const LOOK_AGAIN_MS = 60_000;
const PROCESSOR: ComputeDevice = { id: 'cpu' as DeviceId, kind: 'cpu', provider: 'cpu', name: 'processor', memoryBytes: null, health: 'ok', problem: null };

/** What there is to compute on, and what became of it. Until the first look is over there is the processor. */
export class DeviceInventory {
  #devices: readonly ComputeDevice[] = [PROCESSOR];
  /** Another set of usable devices. */
  onChange: () => void = () => {};

  constructor(private readonly options: DeviceInventoryOptions) {}

  get devices(): readonly ComputeDevice[] {
    return this.#devices;
  }

  /** Tries every device; what was lost and answers again is used again. */
  async look(): Promise<void> {
    const before = usableOf(this.#devices);
    const found = await this.options.probe();
    this.#devices = found;
    const now = usableOf(found);
    if (now !== before) this.options.log.info('compute devices', { usable: now, left: found.filter((device) => device.problem !== null).map(({ id, problem }) => `${id}: ${problem}`) });
    if (now !== before) this.onChange();
  }

  /** Sessions on it do not work. The processor cannot be lost: there is nothing behind it. */
  lose(id: DeviceId, reason: string): void {
    const device = this.#devices.find((candidate) => candidate.id === id);
    if (!device || device.kind === 'cpu' || device.health !== 'ok') return;
    this.options.log.error('a compute device is lost, its models move to others', { device: id, reason });
    this.#devices = this.#devices.map((candidate) => (candidate.id === id ? { ...candidate, health: 'lost', problem: reason } : candidate));
    setTimeout(() => void this.look(), LOOK_AGAIN_MS).unref();
    this.onChange();
  }
}

const usableOf = (devices: readonly ComputeDevice[]): string => devices.filter((device) => device.health === 'ok').map((device) => device.id).join(', ');
