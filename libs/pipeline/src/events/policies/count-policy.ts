import type { RuleCondition, TrackId } from '@argus/contracts';
import { type Area, AreaMemory } from '../area.js';
import type { Look } from './policy.js';

type CountCondition = Extract<RuleCondition, { kind: 'count' }>;

export interface CountVerdict {
  /** `over` or `under` when it has been so for `holdSeconds`; else null. */
  readonly trigger: CountCondition['comparison'] | null;
  /** False once it has not been so for `holdSeconds`. */
  readonly holds: boolean;
  readonly count: number;
}

/**
 * More or fewer objects than a threshold. Predicted objects keep a count steady, but they do not start anything: `over` begins
 * with observed ones, `under` counts predicted ones as present.
 */
export class CountPolicy {
  readonly #memory: AreaMemory;
  #sinceUs: number | null = null;
  #lastUs = 0;

  constructor(
    private readonly condition: CountCondition,
    area: Area,
  ) {
    this.#memory = new AreaMemory(area);
  }

  judge(looks: readonly Look[], elapsedUs: number): CountVerdict {
    const { comparison, threshold, holdSeconds } = this.condition;
    const inside = looks.filter(({ object, anchor }) => this.#memory.look(object.trackId, anchor).now === 'in');
    const observed = inside.filter(({ object }) => object.observed).length;
    const passes = (count: number) => (comparison === 'over' ? count > threshold : count < threshold);
    const now = passes(inside.length);
    const certain = passes(comparison === 'over' ? observed : inside.length);
    if (this.#sinceUs === null && certain) this.#sinceUs = elapsedUs;
    if (now) this.#lastUs = elapsedUs;
    else if (this.#sinceUs !== null && !this.#isRunning(elapsedUs)) this.#sinceUs = null;
    const long = this.#sinceUs !== null && elapsedUs - this.#sinceUs >= holdSeconds * 1e6;
    return { trigger: certain && long ? comparison : null, holds: this.#sinceUs !== null, count: inside.length };
  }

  forget(trackId: TrackId): void {
    this.#memory.forget(trackId);
  }

  /** Before it has held long enough any break starts over; afterwards the end must hold as long as the beginning. */
  #isRunning(elapsedUs: number): boolean {
    const holdUs = this.condition.holdSeconds * 1e6;
    const reached = this.#lastUs - (this.#sinceUs ?? elapsedUs) >= holdUs;
    return reached && elapsedUs - this.#lastUs < holdUs;
  }
}
