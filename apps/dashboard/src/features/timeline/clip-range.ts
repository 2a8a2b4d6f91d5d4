import type { EventView } from '@argus/contracts';
import { BEFORE_EVENT_MS } from './footage-spans.js';
import type { TimeView } from './time-view.js';

/** An event without an end is shown for so long, and none for longer than this. */
const OPEN_MS = 15_000;
const LONGEST_MS = 60_000;
const AFTER_MS = 3000;

/** The seconds that show an event. */
export function clipRange(event: Pick<EventView, 'startedAt' | 'endedAt'>): TimeView {
  const startMs = Date.parse(event.startedAt);
  const endMs = event.endedAt ? Date.parse(event.endedAt) + AFTER_MS : startMs + OPEN_MS;
  return { fromMs: startMs - BEFORE_EVENT_MS, toMs: Math.min(endMs, startMs + LONGEST_MS) };
}
