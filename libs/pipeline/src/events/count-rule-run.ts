import type { Rule } from '@argus/contracts';
import type { EventChange } from './event-change.js';
import { OpenEvent, type EndReason } from './open-event.js';
import type { CountPolicy } from './policies/count-policy.js';
import type { RunContext } from './run-context.js';

/** One counting rule on one camera: at most one event is open, and it is about no single object. */
export class CountRuleRun {
  #open: OpenEvent | null = null;
  #quietUntilUs = -Infinity;

  constructor(
    public rule: Rule,
    readonly zone: string | null,
    private readonly policy: CountPolicy,
  ) {}

  update(context: RunContext): EventChange[] {
    const { at, camera, detector, newId, inSchedule } = context;
    for (const trackId of context.gone.keys()) this.policy.forget(trackId);
    const counted = context.present.filter(({ object, bestScore }) => bestScore >= this.rule.minScore && (this.rule.labels.length === 0 || this.rule.labels.includes(object.label)));
    const looks = counted.map(({ object, anchor, travelled }) => ({ object, anchor, travelled, elapsedUs: at.elapsedUs, wasThere: false }));
    const verdict = this.policy.judge(looks, at.elapsedUs);
    if (this.#open) {
      if (verdict.trigger) this.#open.recount(verdict.count, verdict.trigger);
      return verdict.holds && inSchedule ? [] : this.#end('condition-over', at.wallMs, at.elapsedUs);
    }
    if (!verdict.trigger || !inSchedule || at.elapsedUs < this.#quietUntilUs) return [];
    const open = new OpenEvent({ id: newId(), camera, rule: this.rule, detail: verdict.trigger, zone: this.zone, at, detector, object: null, count: verdict.count });
    this.#open = open;
    return [open.openCount(), open.confirm('not-required', at.wallMs)];
  }

  tick(): EventChange[] {
    return [];
  }

  end(reason: EndReason, wallMs: number): EventChange[] {
    return this.#end(reason, wallMs, -Infinity);
  }

  find(eventId: string): OpenEvent | null {
    return this.#open?.event.id === eventId ? this.#open : null;
  }

  rename(cameraName: string): void {
    this.#open?.rename(cameraName, this.rule.name);
  }

  #end(reason: EndReason, wallMs: number, elapsedUs: number): EventChange[] {
    const open = this.#open;
    this.#open = null;
    this.#quietUntilUs = elapsedUs + this.rule.cooldownSeconds * 1e6;
    return open ? open.end(reason, wallMs, wallMs, 'not-required') : [];
  }
}
