import type { RuleCondition, TrackId } from '@argus/contracts';
import { type Area, AreaMemory } from '../area.js';
import type { Look, ObjectPolicy, Verdict } from './policy.js';

type DwellCondition = Extract<RuleCondition, { kind: 'dwell' }>;

/** Staying in an area for long; with `stationary` only standing still counts. */
export class DwellPolicy implements ObjectPolicy {
  readonly nature = 'state';
  readonly #memory: AreaMemory;
  readonly #sinceUs = new Map<TrackId, number>();

  constructor(
    private readonly condition: DwellCondition,
    area: Area,
  ) {
    this.#memory = new AreaMemory(area);
  }

  judge(look: Look): Verdict {
    const { trackId, stationarySeconds } = look.object;
    const inside = this.#memory.look(trackId, look.anchor).now === 'in';
    if (!inside) this.#sinceUs.delete(trackId);
    else if (!this.#sinceUs.has(trackId)) this.#sinceUs.set(trackId, look.elapsedUs);
    const stayed = inside ? (look.elapsedUs - (this.#sinceUs.get(trackId) ?? look.elapsedUs)) / 1e6 : 0;
    const counted = this.condition.stationary ? Math.min(stayed, stationarySeconds) : stayed;
    const holds = inside && (!this.condition.stationary || stationarySeconds > 0);
    return { trigger: holds && counted >= this.condition.seconds ? 'dwell' : null, holds };
  }

  forget(trackId: TrackId): void {
    this.#memory.forget(trackId);
    this.#sinceUs.delete(trackId);
  }
}
