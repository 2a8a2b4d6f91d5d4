import type { RuleCondition, TrackId } from '@argus/contracts';
import { type Area, AreaMemory } from '../area.js';
import type { Look, ObjectPolicy, Verdict } from './policy.js';

type AttributeCondition = Extract<RuleCondition, { kind: 'attribute' }>;

/** The second stage may change its mind for this long without ending the event. */
const DOUBT_US = 1_000_000;

/** The second stage says something of an object, for a while. */
export class AttributePolicy implements ObjectPolicy {
  readonly nature = 'state';
  readonly #memory: AreaMemory;
  readonly #tracks = new Map<TrackId, { sinceUs: number; lastUs: number }>();

  constructor(
    private readonly condition: AttributeCondition,
    area: Area,
  ) {
    this.#memory = new AreaMemory(area);
  }

  judge(look: Look): Verdict {
    const { trackId, attributes } = look.object;
    const { attribute, values, minScore, holdSeconds } = this.condition;
    const inside = this.#memory.look(trackId, look.anchor).now === 'in';
    const said = attributes[attribute];
    const matches = inside && said !== undefined && values.includes(said.label) && said.score >= minScore;
    let run = this.#tracks.get(trackId);
    if (run && !matches && (!inside || look.elapsedUs - run.lastUs >= DOUBT_US)) {
      this.#tracks.delete(trackId);
      run = undefined;
    }
    if (!run && matches) this.#tracks.set(trackId, (run = { sinceUs: look.elapsedUs, lastUs: look.elapsedUs }));
    if (!run) return { trigger: null, holds: false };
    if (matches) run.lastUs = look.elapsedUs;
    const long = look.elapsedUs - run.sinceUs >= holdSeconds * 1e6;
    return { trigger: matches && long && said ? `${attribute}=${said.label}` : null, holds: true };
  }

  forget(trackId: TrackId): void {
    this.#memory.forget(trackId);
    this.#tracks.delete(trackId);
  }
}
