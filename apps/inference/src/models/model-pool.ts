import { TuningProfile, type ComputeDevice, type EngineProblem, type ModelId, type ModelManifest, type ModelRunStats, type Warning } from '@argus/contracts';
import type { Clock, Logger } from '@argus/kernel';
import { openModelWorker } from '@argus/models';
import { SLOT_BYTES } from '../ring/pixel-ring.js';
import type { DeviceInventory } from './device-inventory.js';
import { mostSessions } from './memory-budget.js';
import { ModelLane } from './model-lane.js';
import type { ModelRegistry } from './model-registry.js';
import { placeModel, type Assignment } from './placement.js';
import type { PostWorker } from './session-post.js';

/** An open model and what its package says of itself. */
export interface PooledModel {
  readonly manifest: ModelManifest;
  readonly lane: ModelLane;
}

export interface ModelPoolOptions {
  readonly registry: ModelRegistry;
  readonly inventory: DeviceInventory;
  /** Sessions that a detector gets on the processor; a second-stage model gets one. */
  readonly detectorReplicas: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: a process with the package at this path. */
  readonly open?: (path: string, assignment: Assignment) => Promise<PostWorker>;
}

/** A model that nobody wants any more stays open for so long: whoever goes back to it goes back at once. */
const STANDBY_MS = 60_000;

/** The models in use, each with sessions on the devices where it is placed. */
export class ModelPool {
  readonly #models = new Map<ModelId, PooledModel>();
  readonly #leaving = new Map<ModelId, NodeJS.Timeout>();
  #tuning: TuningProfile = TuningProfile.parse({});
  /** A model has room for a picture. */
  onFree: (id: ModelId) => void = () => {};
  /** A model can be used, or can no more. */
  onReady: (id: ModelId) => void = () => {};

  constructor(private readonly options: ModelPoolOptions) {
    options.inventory.onChange = () => this.#placeAll();
  }

  /** Opens what is wanted and not open yet; gives what cannot be opened. */
  async open(wanted: ReadonlySet<ModelId>): Promise<EngineProblem[]> {
    const { registry } = this.options;
    if ([...wanted].some((id) => registry.find(id) === null)) await registry.scan();
    return [...wanted].flatMap((id) => {
      const problem = this.#open(id);
      return problem ? [{ ...problem, cameraId: null }] : [];
    });
  }

  /** Lets go of what nobody wants: it is closed after a while, unless it is wanted again. */
  release(wanted: ReadonlySet<ModelId>): void {
    for (const id of this.#models.keys()) {
      if (wanted.has(id) || this.#leaving.has(id)) continue;
      this.#leaving.set(id, setTimeout(() => this.#close(id), STANDBY_MS).unref());
    }
  }

  find(id: ModelId): PooledModel | null {
    return this.#models.get(id) ?? null;
  }

  /** Where models run, as pinned by the operator. */
  tune(tuning: TuningProfile): void {
    this.#tuning = tuning;
    this.#placeAll();
  }

  stats(): ModelRunStats[] {
    return [...this.#models.values()].flatMap(({ lane }) => lane.stats());
  }

  get devices(): ComputeDevice[] {
    return this.options.inventory.devices.map((device) => (device.health === 'ok' && this.#tuning.reserved.includes(device.id) ? { ...device, health: 'reserved' } : device));
  }

  get processes(): ModelLane['processes'] {
    return [...this.#models.values()].flatMap(({ lane }) => lane.processes);
  }

  async close(): Promise<void> {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    await Promise.all([...this.#models.values()].map(({ lane }) => lane.close()));
    this.#models.clear();
  }

  #open(id: ModelId): Warning | null {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    if (this.#models.has(id)) return null;
    const known = this.options.registry.find(id);
    if (!known) return { code: 'model-missing', text: `the model "${id}" is not installed; argus model list shows what there is`, values: { model: id } };
    if (!known.manifest) return refused(id, known.summary.problem);
    const { manifest, path } = known;
    const { width, height } = manifest.input;
    if (width * height * 3 > SLOT_BYTES) return tooLarge(id, `${width} x ${height}`);
    this.#models.set(id, { manifest, lane: this.#openLane(id, path, manifest) });
    return null;
  }

  #openLane(id: ModelId, path: string, manifest: ModelManifest): ModelLane {
    const { registry, inventory, clock, log, open = openProcess } = this.options;
    const lane = new ModelLane({
      model: manifest,
      assignments: this.#assignments(manifest),
      open: (assignment) => open(path, assignment),
      onDeviceTrouble: (device, reason) => inventory.lose(device, reason),
      clock,
      log,
    });
    lane.onFree = () => this.onFree(id);
    lane.onChange = () => {
      registry.mark(id, lane.ready ? 'ready' : lane.problem ? 'refused' : 'unverified', lane.problem);
      this.onReady(id);
    };
    return lane;
  }

  #close(id: ModelId): void {
    this.#leaving.delete(id);
    void this.#models.get(id)?.lane.close();
    this.#models.delete(id);
    this.onReady(id);
  }

  #placeAll(): void {
    for (const { manifest, lane } of this.#models.values()) lane.place(this.#assignments(manifest));
  }

  #assignments(manifest: ModelManifest): Assignment[] {
    const { inventory, detectorReplicas, registry } = this.options;
    const open = this.processes.map(({ model, device, usage }) => ({ model, device, residentBytes: usage?.residentBytes ?? null }));
    const fileBytes = registry.find(manifest.id)?.modelBytes ?? 0;
    const limits = { detectorReplicas, mostSessions: (device: ComputeDevice) => mostSessions(device, manifest.id, fileBytes, open) };
    return placeModel(manifest, inventory.devices, this.#tuning, limits);
  }
}

const openProcess = (path: string, { threads, provider, deviceIndex, batch }: Assignment): Promise<PostWorker> =>
  // On a processor a fuller run is no cheaper: the graph stays as it is.
  openModelWorker(path, { threads, provider, deviceIndex, batch: provider === 'cpu' ? 1 : batch });

function refused(model: ModelId, problem: string | null): Warning {
  const why = problem ?? 'no reason given';
  return { code: 'model-refused', text: `the model "${model}" was refused: ${why}`, values: { model, why } };
}

function tooLarge(model: ModelId, wanted: string): Warning {
  const side = String(Math.floor(Math.sqrt(SLOT_BYTES / 3)));
  return { code: 'model-too-large', text: `the model "${model}" wants ${wanted} pixels; at most ${side} x ${side} fit a slot of the pixel ring`, values: { model, wanted, most: `${side} x ${side}` } };
}
