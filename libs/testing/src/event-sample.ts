import { Event, type CameraId, type EventId, type RuleId, type TrackId } from '@argus/contracts';
import { newId } from '@argus/kernel';

/** A valid event, revision 1 and confirmed unless told otherwise. */
export function sampleEvent(parts: Partial<Event> = {}): Event {
  const startedAt = parts.startedAt ?? new Date().toISOString();
  return Event.parse({
    id: newId<EventId>(),
    revision: 1,
    state: 'confirmed',
    kind: 'zone',
    cameraId: newId<CameraId>(),
    cameraName: 'Yard',
    ruleId: newId<RuleId>(),
    ruleName: 'Somebody in the yard',
    trackId: newId<TrackId>(),
    label: 'person',
    score: 0.9,
    count: null,
    detail: 'enter',
    zone: 'yard',
    startedAt,
    confirmedAt: startedAt,
    confirmation: 'not-required',
    endedAt: null,
    endReason: null,
    ptsUs: 1_000_000,
    box: { x: 0.1, y: 0.2, width: 0.1, height: 0.3 },
    attributes: {},
    path: [{ x: 0.15, y: 0.5, ptsUs: 1_000_000 }],
    models: { detector: { id: 'nanodet-g-416', version: '1.0.0' }, classifiers: [] },
    snapshotKey: null,
    thumbnailKey: null,
    ...parts,
  });
}

/** The same event ended, as its next revision. */
export function endedEvent(event: Event, parts: Partial<Event> = {}): Event {
  return Event.parse({ ...event, revision: event.revision + 1, state: 'ended', endedAt: new Date().toISOString(), endReason: 'left', ...parts });
}
