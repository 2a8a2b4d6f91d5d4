import type { CameraId, CameraState, CameraStats, ComputeStats, EngineProblem, EngineStatus, ModelSummary } from '@argus/contracts';
import { isoTime, type Clock } from '@argus/kernel';
import { Subject } from 'rxjs';

const NOTHING: ComputeStats = { devices: [], runs: [], load: null, rollouts: [] };

/** What the engine last said, kept in memory for the system page and passed on to browsers as it comes. */
export class EngineState {
  readonly statusChanges = new Subject<EngineStatus>();
  readonly stateChanges = new Subject<CameraState>();
  readonly statsChanges = new Subject<{ cameras: readonly CameraStats[]; compute: ComputeStats }>();
  readonly modelChanges = new Subject<readonly ModelSummary[]>();
  #status: EngineStatus = { connected: false, since: null, version: null, configRevision: null, problems: [] };
  #compute = NOTHING;
  #models: readonly ModelSummary[] = [];
  readonly #states = new Map<CameraId, CameraState>();
  readonly #stats = new Map<CameraId, CameraStats>();

  constructor(private readonly clock: Clock) {}

  get status(): EngineStatus {
    return this.#status;
  }

  get compute(): ComputeStats {
    return this.#compute;
  }

  get models(): readonly ModelSummary[] {
    return this.#models;
  }

  statsOf(cameraId: CameraId): CameraStats | null {
    return this.#stats.get(cameraId) ?? null;
  }

  /** The engine's word, or while it has none yet: connecting when it runs, offline when it does not, disabled when switched off. */
  stateOf(camera: { id: CameraId; enabled: boolean }): CameraState {
    const known = this.#states.get(camera.id);
    if (known && this.#status.connected && (known.state === 'disabled') === !camera.enabled) return known;
    const nobody = { state: 'offline', reason: 'unknown', lastError: 'The inference process is not connected; it is restarted by itself.' } as const;
    const soon = { state: camera.enabled ? 'connecting' : 'disabled', reason: null, lastError: known?.lastError ?? null } as const;
    const since = this.#status.since ?? isoTime(this.clock.nowMs());
    return { cameraId: camera.id, since, lastErrorAt: known?.lastErrorAt ?? null, attempts: known?.attempts ?? 0, ...(camera.enabled && !this.#status.connected ? nobody : soon) };
  }

  connected(version: string): void {
    this.#setStatus({ connected: true, since: isoTime(this.clock.nowMs()), version, configRevision: null, problems: [] });
  }

  disconnected(): void {
    this.#stats.clear();
    this.#compute = NOTHING;
    this.#setStatus({ ...this.#status, connected: false, since: isoTime(this.clock.nowMs()) });
  }

  applied(configRevision: number, problems: readonly EngineProblem[]): void {
    this.#setStatus({ ...this.#status, configRevision, problems: [...problems] });
  }

  setStates(states: readonly CameraState[]): void {
    for (const state of states) {
      this.#states.set(state.cameraId, state);
      this.stateChanges.next(state);
    }
  }

  setStats(cameras: readonly CameraStats[], compute: ComputeStats, models: readonly ModelSummary[] | null): void {
    this.#stats.clear();
    for (const stats of cameras) this.#stats.set(stats.cameraId, stats);
    this.#compute = compute;
    if (models !== null && JSON.stringify(models) !== JSON.stringify(this.#models)) {
      this.#models = models;
      this.modelChanges.next(models);
    }
    this.statsChanges.next({ cameras, compute });
  }

  /** Cameras that are gone are forgotten. */
  keepOnly(cameraIds: ReadonlySet<CameraId>): void {
    for (const id of this.#states.keys()) if (!cameraIds.has(id)) this.#states.delete(id);
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    this.statusChanges.next(status);
  }
}
