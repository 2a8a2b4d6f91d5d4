import type { Camera, Event, EventId, Route, SizePixels, TrackId } from '@argus/contracts';
import type { Moment } from './open-event.js';
import type { Subject } from './subject.js';

/** What every rule of a camera shares in one update. */
export interface RunContext {
  readonly camera: Camera;
  readonly routes: readonly Route[];
  readonly detector: Event['models']['detector'];
  readonly newId: () => EventId;
  readonly frame: SizePixels;
  readonly at: Moment;
  /** Objects of this update. */
  readonly present: readonly Subject[];
  /** Tracks that are gone for good since the last update. */
  readonly gone: ReadonlyMap<TrackId, Subject>;
  /** Whether the rule's schedule is open now. */
  readonly inSchedule: boolean;
}
