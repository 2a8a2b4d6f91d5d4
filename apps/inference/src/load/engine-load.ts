import { TuningProfile, type CameraId, type LoadStats, type ModelId } from '@argus/contracts';
import { CounterRate, type Clock } from '@argus/kernel';
import type { CameraRuntime, Grant } from '../camera/camera-runtime.js';
import type { ModelPool } from '../models/model-pool.js';
import { LoadGovernor, type CameraLoad } from './load-governor.js';
import { LoadMeter, type ChildUsage } from './load-meter.js';
import { targetFpsAt } from './target-fps.js';

/** Counters come once a second: over three of them a beat more or less does not matter. */
const OFFERED_SPAN_MS = 3000;
const UNKNOWN: LoadStats = { cpu: 0, shedding: 'none', granted: { critical: 1, normal: 1, low: 1 }, loopDelayMsP99: null, children: [] };

/** What the machine can bear: measures once a second and grants each camera its part. */
export class EngineLoad {
  readonly #governor = new LoadGovernor();
  readonly #meter: LoadMeter;
  readonly #offered = new Map<CameraId, CounterRate>();
  readonly #grants = new Map<CameraId, Grant>();
  #tuning: TuningProfile = TuningProfile.parse({});
  #stats: LoadStats = UNKNOWN;

  constructor(
    cores: number,
    private readonly clock: Clock,
  ) {
    this.#meter = new LoadMeter(cores, clock);
  }

  get stats(): LoadStats {
    return this.#stats;
  }

  /** Something is left out: luxuries like trials have to wait. */
  get isTight(): boolean {
    return this.#governor.shedding !== 'none';
  }

  tune(tuning: TuningProfile): void {
    this.#tuning = tuning;
  }

  /** Looks at the last second; gives the cameras whose grant has changed. */
  look(cameras: ReadonlyMap<CameraId, CameraRuntime>, models: ModelPool, children: readonly ChildUsage[]): ReadonlyMap<CameraId, Grant> {
    const loads = [...cameras.values()].flatMap((camera) => this.#loadOf(camera) ?? []);
    const capacities = new Map<ModelId, number | null>(loads.map(({ detector }) => [detector, models.find(detector)?.lane.capacity ?? null]));
    this.#governor.decide(loads, capacities);
    this.#stats = { ...this.#meter.read(children), shedding: this.#governor.shedding, granted: this.#governor.granted };
    for (const id of this.#offered.keys()) if (!cameras.has(id)) this.#forget(id);
    const changed = new Map<CameraId, Grant>();
    for (const { cameraId, wishedFps } of loads) {
      const granted = this.#governor.grantOf(cameraId);
      const grant = { ...granted, fps: Math.min(granted.fps, wishedFps) };
      const before = this.#grants.get(cameraId);
      if (before?.fps === grant.fps && before.decodeShare === grant.decodeShare) continue;
      this.#grants.set(cameraId, grant);
      changed.set(cameraId, grant);
    }
    return changed;
  }

  close(): void {
    this.#meter.close();
  }

  #loadOf(camera: CameraRuntime): CameraLoad | null {
    const detector = camera.detector;
    if (detector === null) return null;
    const { camera: settings } = camera.plan;
    const wishedFps = Math.min(camera.wishedFps, targetFpsAt(this.#tuning, settings.priority, this.clock.nowMs()));
    return { cameraId: settings.id, detector, priority: settings.priority, weight: settings.weight, cost: camera.cost, wishedFps, offeredFps: this.#offeredFps(camera) };
  }

  #offeredFps({ plan, counters }: CameraRuntime): number {
    const { id } = plan.camera;
    const rate = this.#offered.get(id) ?? new CounterRate(OFFERED_SPAN_MS);
    this.#offered.set(id, rate);
    rate.read(counters.view.offered, this.clock.monotonicMs());
    return rate.perSecond;
  }

  #forget(id: CameraId): void {
    this.#offered.delete(id);
    this.#grants.delete(id);
  }
}
