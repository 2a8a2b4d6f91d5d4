import type { ModelRunStats, ModelId, ModelManifest } from '@argus/contracts';
import type { Clock, Logger } from '@argus/kernel';
import { openModelWorker } from '@argus/models';
import { SLOT_BYTES } from '../ring/pixel-ring.js';
import { ModelLane } from './model-lane.js';
import type { ModelRegistry } from './model-registry.js';

/** An open model and what its package says of itself. */
export interface PooledModel {
  readonly manifest: ModelManifest;
  readonly lane: ModelLane;
}

export interface ModelPoolOptions {
  readonly registry: ModelRegistry;
  /** Worker threads a detector gets; a second-stage model gets one. */
  readonly detectorWorkers: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The models in use, each with worker threads of its own. Every session runs on one core, so that cameras share the machine evenly. */
export class ModelPool {
  readonly #models = new Map<ModelId, PooledModel>();
  /** A detector has a free worker. */
  onFree: (id: ModelId) => void = () => {};

  constructor(private readonly options: ModelPoolOptions) {}

  /** Opens what is wanted and not open yet; gives the problems by model. */
  async open(wanted: ReadonlySet<ModelId>): Promise<Map<ModelId, string>> {
    const { registry } = this.options;
    if ([...wanted].some((id) => registry.find(id) === null)) await registry.scan();
    const problems = new Map<ModelId, string>();
    for (const id of wanted) {
      const problem = this.#open(id);
      if (problem) problems.set(id, problem);
    }
    return problems;
  }

  /** Closes what nobody wants any more; gives the closed ones. */
  closeOthers(wanted: ReadonlySet<ModelId>): PooledModel[] {
    const closed: PooledModel[] = [];
    for (const [id, model] of this.#models) {
      if (wanted.has(id)) continue;
      this.#models.delete(id);
      void model.lane.close();
      closed.push(model);
    }
    return closed;
  }

  find(id: ModelId): PooledModel | null {
    return this.#models.get(id) ?? null;
  }

  stats(): ModelRunStats[] {
    return [...this.#models.values()].map(({ lane }) => lane.stats());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#models.values()].map(({ lane }) => lane.close()));
    this.#models.clear();
  }

  #open(id: ModelId): string | null {
    if (this.#models.has(id)) return null;
    const known = this.options.registry.find(id);
    if (!known) return `there is no model package "${id}"; argus model list shows what there is`;
    if (!known.manifest) return known.summary.problem;
    const { manifest, path } = known;
    const { width, height } = manifest.input;
    if (width * height * 3 > SLOT_BYTES) return `model "${id}" wants ${width} x ${height} pixels; at most ${Math.floor(Math.sqrt(SLOT_BYTES / 3))} squared fit a slot of the pixel ring`;
    const { registry, clock, log, detectorWorkers } = this.options;
    const lane = new ModelLane({ modelId: id, version: manifest.version, workers: manifest.task === 'detect' ? detectorWorkers : 1, open: () => openModelWorker(path, { threads: 1 }), clock, log });
    lane.onFree = () => this.onFree(id);
    lane.onChange = () => registry.mark(id, lane.ready ? 'ready' : lane.problem ? 'refused' : 'unverified', lane.problem);
    this.#models.set(id, { manifest, lane });
    return null;
  }
}
