import type { RuleCondition, TrackId } from '@argus/contracts';
import { type Area, AreaMemory } from '../area.js';
import type { Look, ObjectPolicy, Verdict } from './policy.js';

type ZoneCondition = Extract<RuleCondition, { kind: 'zone' }>;

/** Who appears inside must walk this far (widths of its box) to count as entered: a lamp mistaken for a person never does. */
const APPEARED_TRAVEL = 0.5;

/** Entering, leaving or being inside an area. */
export class ZonePolicy implements ObjectPolicy {
  readonly nature: 'moment' | 'state';
  readonly #memory: AreaMemory;
  readonly #insideSinceUs = new Map<TrackId, number>();
  /** Objects inside that have not entered: first seen inside. */
  readonly #unexplained = new Set<TrackId>();

  constructor(
    private readonly condition: ZoneCondition,
    area: Area,
  ) {
    this.nature = condition.trigger === 'exit' ? 'moment' : 'state';
    this.#memory = new AreaMemory(area);
  }

  judge(look: Look): Verdict {
    const { trackId } = look.object;
    const { before, now } = this.#memory.look(trackId, look.anchor);
    const inside = now === 'in';
    if (!inside) {
      this.#insideSinceUs.delete(trackId);
      this.#unexplained.delete(trackId);
    } else if (!this.#insideSinceUs.has(trackId)) {
      this.#insideSinceUs.set(trackId, look.elapsedUs);
      if (before === null) this.#unexplained.add(trackId);
    }
    return { trigger: this.#trigger(look, before, inside), holds: inside };
  }

  forget(trackId: TrackId): void {
    this.#memory.forget(trackId);
    this.#insideSinceUs.delete(trackId);
    this.#unexplained.delete(trackId);
  }

  #trigger(look: Look, before: 'in' | 'out' | null, inside: boolean): string | null {
    const { trigger, holdSeconds } = this.condition;
    if (trigger === 'exit') return before === 'in' && !inside ? 'exit' : null;
    if (!inside) return null;
    if (trigger === 'inside') return look.elapsedUs - (this.#insideSinceUs.get(look.object.trackId) ?? look.elapsedUs) >= holdSeconds * 1e6 ? 'inside' : null;
    return this.#entered(look, before) ? 'enter' : null;
  }

  #entered(look: Look, before: 'in' | 'out' | null): boolean {
    if (before === 'out') return true;
    const appeared = this.#unexplained.has(look.object.trackId) && !look.wasThere && look.travelled >= APPEARED_TRAVEL;
    if (appeared) this.#unexplained.delete(look.object.trackId);
    return appeared;
  }
}
