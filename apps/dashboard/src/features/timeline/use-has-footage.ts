import type { EventView } from '@argus/contracts';
import { useCall } from '../../app/calls.js';
import { clipRange } from './clip-range.js';

/** A file is known some seconds after its last picture. */
const FRESH_MS = 60_000;
const LOOK_AGAIN_MS = 5000;

/** True once it is known that there is footage of the event's beginning. */
export function useHasFootage(event: EventView, allowed: boolean): boolean {
  const startMs = Date.parse(event.startedAt);
  const { fromMs } = clipRange(event);
  const query = { camera: event.cameraId, from: new Date(fromMs).toISOString(), to: new Date(startMs + 1000).toISOString(), buckets: 1 };
  const timeline = useCall('getTimeline', { query }, { enabled: allowed, ...(Date.now() - startMs < FRESH_MS ? { refetchInterval: LOOK_AGAIN_MS } : {}) });
  return timeline.data?.cameras.some(({ spans }) => spans.some(({ startAt, endAt }) => Date.parse(startAt) <= startMs && Date.parse(endAt) > startMs)) ?? false;
}
