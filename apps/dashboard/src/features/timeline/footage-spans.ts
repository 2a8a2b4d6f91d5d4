import type { CameraTimeline } from '@argus/contracts';
import type { TimeView } from './time-view.js';

/** What is known of one camera's footage: its spans, in order, within what was asked for. */
export interface KnownFootage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: readonly TimeView[];
}

/** Time without footage; null: it goes on beyond what is known. */
export interface Gap {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** Between two files of one connection there may be a moment that no file has. */
const SLACK_MS = 50;

export function knownFootage(timeline: Pick<CameraTimeline, 'spans'>, asked: TimeView, nowMs: number): KnownFootage {
  const spans = timeline.spans.map(({ startAt, endAt }) => ({ fromMs: Date.parse(startAt), toMs: Date.parse(endAt) }));
  return { fromMs: asked.fromMs, toMs: Math.min(asked.toMs, nowMs), spans };
}

/** The gap in which `ms` lies; null where there is footage, and where nothing is known. */
export function gapAt(known: KnownFootage, ms: number): Gap | null {
  if (ms < known.fromMs || ms > known.toMs) return null;
  const next = known.spans.findIndex((span) => span.toMs + SLACK_MS > ms);
  const span = known.spans[next];
  if (span && span.fromMs - SLACK_MS <= ms) return null;
  const before = next === -1 ? known.spans.at(-1) : known.spans[next - 1];
  return { fromMs: before?.toMs ?? null, toMs: span?.fromMs ?? null };
}

/** Where footage without a gap ends that `ms` lies in; null where nothing is known of it. */
export const spanEnd = (known: KnownFootage, ms: number): number | null => known.spans.find((span) => span.fromMs - SLACK_MS <= ms && span.toMs + SLACK_MS > ms)?.toMs ?? null;

type Spans = readonly { readonly spans: readonly { readonly startAt: string }[] }[];
type Marks = readonly { readonly events: readonly { readonly startAt: string }[] }[];

/** An event is jumped to a little before it begins: two jumps in a row must not find the same one. */
export const BEFORE_EVENT_MS = 3000;
const SAME_MS = 500;

/** Where to jump to for the nearest event before or after `ms`; null: there is none. */
export function eventJump(cameras: Marks, ms: number, direction: 1 | -1): number | null {
  const places = cameras.flatMap(({ events }) => events.map(({ startAt }) => Date.parse(startAt) - BEFORE_EVENT_MS));
  return nearest(places, ms, direction);
}

/** Where the next footage begins, or the one before. */
export const footageJump = (cameras: Spans, ms: number, direction: 1 | -1): number | null => nearest(cameras.flatMap(({ spans }) => spans.map(({ startAt }) => Date.parse(startAt))), ms, direction);

function nearest(places: readonly number[], ms: number, direction: 1 | -1): number | null {
  const there = places.filter((place) => (place - ms) * direction > SAME_MS);
  if (there.length === 0) return null;
  return direction === 1 ? Math.min(...there) : Math.max(...there);
}
