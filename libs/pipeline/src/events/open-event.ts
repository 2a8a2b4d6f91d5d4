import type { Camera, Event, PathPoint, Rule, SizePixels, TrackedObject } from '@argus/contracts';
import { normalizeBox } from '@argus/geometry';
import { isoTime } from '@argus/kernel';
import type { EventChange } from './event-change.js';
import { PictureChoice } from './picture-choice.js';

export type EndReason = NonNullable<Event['endReason']>;
export type Confirmation = NonNullable<Event['confirmation']>;
type Models = Event['models'];

/** Both clocks of an update: wall time for people, media time that has passed for durations. */
export interface Moment {
  readonly wallMs: number;
  readonly ptsUs: number;
  readonly elapsedUs: number;
}

export interface Opening {
  readonly id: Event['id'];
  readonly camera: Camera;
  readonly rule: Rule;
  readonly detail: string;
  readonly zone: string | null;
  readonly at: Moment;
  readonly detector: Models['detector'];
  readonly object: TrackedObject | null;
  readonly count: number | null;
}

/** An event that has not ended: grows revision by revision and knows its best picture. */
export class OpenEvent {
  readonly openedUs: number;
  readonly rule: Rule['id'];
  readonly #pictures = new PictureChoice();
  #event: Event;

  constructor({ id, camera, rule, detail, zone, at, detector, object, count }: Opening) {
    this.openedUs = at.elapsedUs;
    this.rule = rule.id;
    this.#event = {
      id,
      revision: 1,
      state: 'provisional',
      kind: rule.condition.kind,
      cameraId: camera.id,
      cameraName: camera.name,
      ruleId: rule.id,
      ruleName: rule.name,
      trackId: object?.trackId ?? null,
      label: object?.label ?? (rule.labels.length === 1 ? (rule.labels[0] ?? null) : null),
      score: object?.score ?? 1,
      count,
      detail,
      zone,
      startedAt: isoTime(at.wallMs),
      confirmedAt: null,
      confirmation: null,
      endedAt: null,
      endReason: null,
      ptsUs: Math.round(at.ptsUs),
      box: null,
      attributes: {},
      path: [],
      models: { detector, classifiers: [] },
      snapshotKey: null,
      thumbnailKey: null,
    };
  }

  get event(): Event {
    return this.#event;
  }

  get confirmed(): boolean {
    return this.#event.state !== 'provisional';
  }

  /** The first revision, with the picture of the trigger. */
  open(object: TrackedObject, path: PathPoint[], frame: SizePixels): EventChange {
    this.#track(object, path);
    return { ...this.#look(object, frame, this.openedUs), revised: true };
  }

  /** The first revision of a count: its picture is the whole scene. */
  openCount(): EventChange {
    return { event: this.#event, revised: true, picture: { box: null } };
  }

  /** Follows the object; a change comes back when this picture is the better one. */
  follow(object: TrackedObject, path: PathPoint[], frame: SizePixels, elapsedUs: number): EventChange | null {
    this.#track(object, path);
    const change = this.#look(object, frame, elapsedUs);
    return change.picture ? change : null;
  }

  /** Keeps the most extreme count. */
  recount(count: number, comparison: 'over' | 'under'): void {
    const known = this.#event.count ?? count;
    this.#event = { ...this.#event, count: comparison === 'over' ? Math.max(known, count) : Math.min(known, count) };
  }

  rename(cameraName: string, ruleName: string): void {
    this.#event = { ...this.#event, cameraName, ruleName };
  }

  attachPictures(snapshotKey: string, thumbnailKey: string | null): void {
    this.#event = { ...this.#event, snapshotKey, thumbnailKey };
  }

  confirm(confirmation: Confirmation, wallMs: number): EventChange {
    return this.#revise({ state: 'confirmed', confirmation, confirmedAt: isoTime(wallMs) });
  }

  /** Ends it; one that was not confirmed yet is confirmed first, so that consumers of confirmed events miss nothing. */
  end(endReason: EndReason, endedMs: number, wallMs: number, otherwise: Confirmation): EventChange[] {
    const changes = this.confirmed ? [] : [this.confirm(otherwise, wallMs)];
    return [...changes, this.#revise({ state: 'ended', endReason, endedAt: isoTime(Math.max(endedMs, Date.parse(this.#event.startedAt))) })];
  }

  #revise(news: Partial<Event>): EventChange {
    this.#event = { ...this.#event, ...news, revision: this.#event.revision + 1 };
    return { event: this.#event, revised: true, picture: null };
  }

  #track(object: TrackedObject, path: PathPoint[]): void {
    const versions = Object.values(object.attributes).map(({ model }) => model);
    const classifiers = versions.filter((model, index) => versions.findIndex((other) => other.id === model.id && other.version === model.version) === index);
    const score = Math.max(this.#event.score, object.score);
    this.#event = { ...this.#event, label: object.label, score, path, attributes: { ...object.attributes }, models: { ...this.#event.models, classifiers } };
  }

  #look(object: TrackedObject, frame: SizePixels, elapsedUs: number): EventChange {
    const better = this.#pictures.isBetter(object, frame, elapsedUs);
    if (better) this.#event = { ...this.#event, box: normalizeBox(object.box, frame) };
    return { event: this.#event, revised: false, picture: better ? { box: object.box } : null };
  }
}
