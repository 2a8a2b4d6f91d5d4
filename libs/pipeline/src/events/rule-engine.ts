import type { Camera, Event, EventId, Route, Rule, SizePixels, TrackId, TrackedObject } from '@argus/contracts';
import { isTimeZone } from '@argus/kernel';
import { CountRuleRun } from './count-rule-run.js';
import type { EventChange } from './event-change.js';
import { ObjectRuleRun } from './object-rule-run.js';
import type { EndReason, Moment, OpenEvent } from './open-event.js';
import { CountPolicy } from './policies/count-policy.js';
import { policyOf } from './policies/policy-of.js';
import type { RunContext } from './run-context.js';
import { isScheduleOpen } from './schedule.js';
import { Subject } from './subject.js';

export interface RuleEngineOptions {
  readonly camera: Camera;
  /** All rules; those that do not concern the camera are left out here. */
  readonly rules: readonly Rule[];
  readonly newId: () => EventId;
  readonly detector: Event['models']['detector'];
  /** Second-stage routes of the camera's pipeline: an event waits for the attributes that its object can get. */
  readonly routes?: readonly Route[];
}

/** One analysed picture. `ptsUs` is media time, `wallMs` wall time; neither is derived from the other. */
export interface RuleFrame extends SizePixels {
  readonly ptsUs: number;
  readonly wallMs: number;
  readonly objects: readonly TrackedObject[];
}

type Run = ObjectRuleRun | CountRuleRun;

/** A track that is not in the updates for this long is gone. Longer than the tracker's patience, which may bring it back. */
const GONE_US = 4_000_000;

/** All rules of one camera: tracked objects in, changes of events out. Durations are media time; schedules and stamps are wall time. */
export class RuleEngine {
  #camera: Camera;
  #routes: readonly Route[];
  #detector: Event['models']['detector'];
  readonly #newId: () => EventId;
  #runs = new Map<Rule['id'], { run: Run; signature: string }>();
  readonly #subjects = new Map<TrackId, Subject>();
  #lastPtsUs: number | null = null;
  #elapsedUs = 0;

  constructor(options: RuleEngineOptions) {
    this.#camera = options.camera;
    this.#routes = options.routes ?? [];
    this.#detector = options.detector;
    this.#newId = options.newId;
    this.#adopt(options.rules);
  }

  /** Judges one analysed picture. */
  update(frame: RuleFrame): EventChange[] {
    const at = this.#advance(frame);
    const present = frame.objects.map((object) => this.#see(object, frame, at));
    const gone = this.#takeGone(at);
    return this.#each((run) => run.update(this.#context(run, frame, at, present, gone)));
  }

  /** Lets deadlines pass while no picture is analysed (the scene is still). */
  tick(frame: Omit<RuleFrame, 'objects'>): EventChange[] {
    const at = this.#advance(frame);
    return this.#each((run) => run.tick(this.#context(run, frame, at, [], new Map())));
  }

  /**
   * Takes over an edited camera, edited rules, or another pipeline. Rules that mean the same as before keep their events and memory
   * (a new name is taken over); the events of changed and removed ones end as `rule-changed`.
   */
  configure(camera: Camera, rules: readonly Rule[], change: { readonly wallMs: number; readonly routes?: readonly Route[]; readonly detector?: Event['models']['detector'] }): EventChange[] {
    this.#camera = camera;
    this.#routes = change.routes ?? this.#routes;
    this.#detector = change.detector ?? this.#detector;
    return this.#adopt(rules).flatMap((run) => run.end('rule-changed', change.wallMs));
  }

  /** Ends all open events, e.g. `camera-lost`, and forgets all tracks. */
  end(reason: EndReason, wallMs: number): EventChange[] {
    this.#subjects.clear();
    const changes = this.#each((run) => run.end(reason, wallMs));
    const rules = [...this.#runs.values()].map(({ run }) => run.rule);
    this.#runs.clear();
    this.#adopt(rules);
    return changes;
  }

  /** Puts stored pictures on an open event: its later revisions name them. False when it has ended. */
  attachPictures(eventId: EventId, snapshotKey: string, thumbnailKey: string | null): boolean {
    const open = this.#find(eventId);
    open?.attachPictures(snapshotKey, thumbnailKey);
    return open !== null;
  }

  /** Rules that watch this camera now (enabled, meant for it, and their zone exists). */
  get activeRules(): readonly Rule[] {
    return [...this.#runs.values()].map(({ run }) => run.rule);
  }

  /** Returns the runs that are no more. */
  #adopt(rules: readonly Rule[]): Run[] {
    const before = this.#runs;
    this.#runs = new Map();
    for (const rule of rules) {
      if (!rule.enabled || (rule.cameraIds && !rule.cameraIds.includes(this.#camera.id))) continue;
      const signature = signatureOf(rule, this.#camera);
      const known = before.get(rule.id);
      if (known?.signature === signature) {
        known.run.rule = rule;
        known.run.rename(this.#camera.name);
        this.#runs.set(rule.id, known);
        before.delete(rule.id);
        continue;
      }
      const run = runOf(rule, this.#camera);
      if (run) this.#runs.set(rule.id, { run, signature });
    }
    return [...before.values()].map(({ run }) => run);
  }

  #advance(frame: { readonly ptsUs: number; readonly wallMs: number }): Moment {
    // A stream that starts over may run backwards; durations must not.
    this.#elapsedUs += this.#lastPtsUs === null ? 0 : Math.max(0, frame.ptsUs - this.#lastPtsUs);
    this.#lastPtsUs = frame.ptsUs;
    return { wallMs: frame.wallMs, ptsUs: frame.ptsUs, elapsedUs: this.#elapsedUs };
  }

  #see(object: TrackedObject, frame: SizePixels, at: Moment): Subject {
    const subject = this.#subjects.get(object.trackId) ?? new Subject(object, frame, at);
    subject.see(object, frame, at);
    this.#subjects.set(object.trackId, subject);
    return subject;
  }

  #takeGone(at: Moment): Map<TrackId, Subject> {
    const gone = new Map<TrackId, Subject>();
    for (const [trackId, subject] of this.#subjects) {
      if (subject.last === at) continue;
      subject.absences += 1;
      // Two absences: a still scene may be looked at less often than the patience lasts.
      if (subject.absences >= 2 && at.elapsedUs - subject.last.elapsedUs >= GONE_US) gone.set(trackId, subject);
    }
    for (const trackId of gone.keys()) this.#subjects.delete(trackId);
    return gone;
  }

  #context(run: Run, frame: SizePixels, at: Moment, present: readonly Subject[], gone: ReadonlyMap<TrackId, Subject>): RunContext {
    const { schedule } = run.rule;
    const timeZone = isTimeZone(this.#camera.timeZone) ? this.#camera.timeZone : 'UTC';
    const inSchedule = schedule === null || isScheduleOpen(schedule, at.wallMs, timeZone);
    return { camera: this.#camera, routes: this.#routes, detector: this.#detector, newId: this.#newId, frame, at, present, gone, inSchedule };
  }

  #each(step: (run: Run) => EventChange[]): EventChange[] {
    return [...this.#runs.values()].flatMap(({ run }) => step(run));
  }

  #find(eventId: EventId): OpenEvent | null {
    for (const { run } of this.#runs.values()) {
      const open = run.find(eventId);
      if (open) return open;
    }
    return null;
  }
}

function runOf(rule: Rule, camera: Camera): Run | null {
  const policy = policyOf(rule, camera);
  if (!policy) return null;
  return policy instanceof CountPolicy ? new CountRuleRun(rule, rule.condition.zone, policy) : new ObjectRuleRun(rule, rule.condition.zone, policy);
}

/** What a rule means on a camera. Two rules with the same signature see the same things; names, cool-down and deadlines may differ. */
function signatureOf(rule: Rule, camera: Camera): string {
  const { condition, labels, minScore, hysteresis } = rule;
  const zone = camera.zones.find(({ name }) => name === condition.zone) ?? null;
  return JSON.stringify([condition, labels, minScore, hysteresis, zone]);
}
