import type { Rule, TrackId } from '@argus/contracts';
import type { EventChange } from './event-change.js';
import { OpenEvent, type EndReason } from './open-event.js';
import type { Look, ObjectPolicy } from './policies/policy.js';
import type { RunContext } from './run-context.js';
import { confirmationOf, secondStageOf } from './second-stage.js';
import type { Subject } from './subject.js';

/** What just happened stays open this long, so that its path and picture show what came of it. */
const LINGER_US = 2_000_000;
/** Objects first seen this shortly after the rule began to look were there before. */
const WAS_THERE_US = 1_000_000;

/** One rule about single objects on one camera: turns what its policy says into events with schedule, cool-down and life. */
export class ObjectRuleRun {
  readonly #open = new Map<TrackId, OpenEvent>();
  readonly #quietUntilUs = new Map<TrackId, number>();
  #startedPtsUs: number | null = null;

  constructor(
    public rule: Rule,
    readonly zone: string | null,
    private readonly policy: ObjectPolicy,
  ) {}

  update(context: RunContext): EventChange[] {
    this.#startedPtsUs ??= context.at.ptsUs;
    const changes = [...context.gone].flatMap(([trackId, subject]) => this.#leave(trackId, subject, context));
    for (const subject of context.present) {
      const { label } = subject.object;
      if (this.rule.labels.length > 0 && !this.rule.labels.includes(label)) continue;
      changes.push(...this.#step(subject, context));
    }
    return changes;
  }

  /** Confirms what waited long enough, without a picture. */
  tick(context: RunContext): EventChange[] {
    return [...this.#open.values()].flatMap((open) => {
      const confirmation = open.confirmed ? null : confirmationOf('pending', (context.at.elapsedUs - open.openedUs) / 1e6, this.rule);
      return confirmation ? [open.confirm(confirmation, context.at.wallMs)] : [];
    });
  }

  end(reason: EndReason, wallMs: number): EventChange[] {
    const changes = [...this.#open.values()].flatMap((open) => open.end(reason, wallMs, wallMs, 'deadline'));
    this.#open.clear();
    return changes;
  }

  find(eventId: string): OpenEvent | null {
    return [...this.#open.values()].find(({ event }) => event.id === eventId) ?? null;
  }

  rename(cameraName: string): void {
    for (const open of this.#open.values()) open.rename(cameraName, this.rule.name);
  }

  #step(subject: Subject, context: RunContext): EventChange[] {
    const { object } = subject;
    const { elapsedUs, wallMs } = context.at;
    const verdict = this.policy.judge(this.#lookAt(subject, context));
    const triggers = verdict.trigger !== null && object.observed && subject.bestScore >= this.rule.minScore && context.inSchedule;
    const changes: EventChange[] = [];
    const open = this.#open.get(object.trackId);
    if (open) {
      changes.push(...this.#continue(open, subject, context));
      const over = this.policy.nature === 'state' ? !verdict.holds || !context.inSchedule : (open.confirmed && elapsedUs - open.openedUs >= LINGER_US) || (triggers && this.#isFree(object.trackId, elapsedUs));
      if (over) changes.push(...this.#end(open, object.trackId, 'condition-over', wallMs, context));
    }
    if (!triggers || this.#open.has(object.trackId) || !this.#isFree(object.trackId, elapsedUs)) return changes;
    return [...changes, ...this.#begin(subject, verdict.trigger ?? '', context)];
  }

  #begin(subject: Subject, detail: string, context: RunContext): EventChange[] {
    const { camera, detector, newId, at, frame } = context;
    const { object } = subject;
    const open = new OpenEvent({ id: newId(), camera, rule: this.rule, detail, zone: this.zone, at, detector, object, count: null });
    this.#open.set(object.trackId, open);
    if (this.policy.nature === 'moment') this.#quiet(object.trackId, at.elapsedUs);
    return [open.open(object, subject.path(), frame), ...this.#confirm(open, subject, context)];
  }

  #continue(open: OpenEvent, subject: Subject, context: RunContext): EventChange[] {
    const followed = open.follow(subject.object, subject.path(), context.frame, context.at.elapsedUs);
    return [...(followed ? [followed] : []), ...this.#confirm(open, subject, context)];
  }

  #confirm(open: OpenEvent, { object }: Subject, { routes, at }: RunContext): EventChange[] {
    if (open.confirmed) return [];
    const confirmation = confirmationOf(secondStageOf(object, this.rule, routes), (at.elapsedUs - open.openedUs) / 1e6, this.rule);
    return confirmation ? [open.confirm(confirmation, at.wallMs)] : [];
  }

  #leave(trackId: TrackId, subject: Subject, context: RunContext): EventChange[] {
    const open = this.#open.get(trackId);
    const reason = this.policy.nature === 'moment' ? 'condition-over' : 'left';
    const changes = open ? this.#end(open, trackId, reason, subject.last.wallMs, context) : [];
    this.policy.forget(trackId);
    this.#quietUntilUs.delete(trackId);
    return changes;
  }

  #end(open: OpenEvent, trackId: TrackId, reason: EndReason, endedMs: number, context: RunContext): EventChange[] {
    this.#open.delete(trackId);
    if (this.policy.nature === 'state') this.#quiet(trackId, context.at.elapsedUs);
    return open.end(reason, endedMs, context.at.wallMs, 'deadline');
  }

  #quiet(trackId: TrackId, elapsedUs: number): void {
    this.#quietUntilUs.set(trackId, elapsedUs + this.rule.cooldownSeconds * 1e6);
  }

  #isFree(trackId: TrackId, elapsedUs: number): boolean {
    return elapsedUs >= (this.#quietUntilUs.get(trackId) ?? -Infinity);
  }

  #lookAt({ object, anchor, travelled }: Subject, { at }: RunContext): Look {
    const wasThere = object.firstSeenUs <= (this.#startedPtsUs ?? at.ptsUs) + WAS_THERE_US;
    return { object, anchor, elapsedUs: at.elapsedUs, wasThere, travelled };
  }
}
