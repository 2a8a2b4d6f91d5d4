import type { Event, EventTrace, FrameTrace, TraceSpan } from '@argus/contracts';
import { machineMs, newSpanId, newTraceId, rootSpanIdOf, spanIdOf, traceIdOf, traceparentOf } from '@argus/kernel';
import type { FrameTimeline } from './frame-timeline.js';
import type { StageSpan } from './stage-span.js';

/** A picture that was chosen to be traced: the picture, and its stages below it. */
export function frameTraceOf(timeline: FrameTimeline): FrameTrace {
  const { spans } = timeline;
  const toWall = wallClock(Date.now(), machineMs());
  const root = { spanId: newSpanId(), parentId: null };
  return { traceId: newTraceId(), spans: [frameSpan(timeline, root, toWall, lastEnd(spans)), ...spans.slice(0, MOST_STAGES).map((span) => stageSpan(span, newSpanId(), root.spanId, toWall))] };
}

/**
 * How the engine came to one revision of an event, told when the revision is given to the journal. `changedMs`: when the rules made it,
 * machine milliseconds. Of the picture those stages are told that were over by then. The first revision holds the trace's first span.
 * `timeline` null: no picture made it, or the trace shows that picture already.
 */
export function eventTraceOf({ id, revision, state, cameraId, kind }: Pick<Event, 'id' | 'revision' | 'state' | 'cameraId' | 'kind'>, timeline: FrameTimeline | null, changedMs: number): EventTrace {
  const wallMs = Date.now();
  // Both clocks are read here: whole milliseconds of this moment are then never before what led to it.
  const toWall = wallClock(wallMs, machineMs());
  const idOf = (name: string): string => spanIdOf(id, revision, name);
  const isFirst = revision === 1;
  const top = { spanId: isFirst ? rootSpanIdOf(id) : idOf('top'), parentId: isFirst ? null : rootSpanIdOf(id) };
  const attributes = { 'argus.event.id': id, 'argus.event.revision': revision, 'argus.event.kind': kind, 'argus.camera.id': cameraId };
  const event = timeline ? { spanId: idOf('event'), parentId: top.spanId } : top;
  const stages = (timeline?.spans ?? []).filter((span) => span.endMs <= changedMs).slice(0, MOST_STAGES);
  const spans: TraceSpan[] = [
    ...(timeline ? [frameSpan(timeline, top, toWall, changedMs)] : []),
    ...stages.map((span, index) => stageSpan(span, idOf(`${span.stage} ${index}`), top.spanId, toWall)),
    { ...event, name: `event ${state}`, startMs: toWall(changedMs), endMs: wallMs, attributes },
  ];
  return { traceparent: traceparentOf(traceIdOf(id), event.spanId), journalledMs: wallMs, spans };
}

/** The wire takes 32 spans: these, the picture and the event. A picture in tiles has more runs. */
const MOST_STAGES = 30;

const wallClock = (wallMs: number, atMachineMs: number) => (ms: number): number => wallMs - (atMachineMs - ms);
const lastEnd = (spans: readonly StageSpan[]): number => spans.reduce((last, span) => Math.max(last, span.endMs), -Infinity);

function frameSpan({ frame, spans }: FrameTimeline, ids: { spanId: string; parentId: string | null }, toWall: (ms: number) => number, endMs: number): TraceSpan {
  const startMs = spans.reduce((first, span) => Math.min(first, span.startMs), endMs);
  return { ...ids, name: 'frame', startMs: toWall(startMs), endMs: toWall(endMs), attributes: { 'argus.camera.id': frame.cameraId, 'argus.frame.number': frame.frame, 'argus.frame.pts_us': frame.ptsUs } };
}

function stageSpan({ stage, startMs, endMs, args = {} }: StageSpan, spanId: string, parentId: string, toWall: (ms: number) => number): TraceSpan {
  return { spanId, parentId, name: stage, startMs: toWall(startMs), endMs: toWall(endMs), attributes: Object.fromEntries(Object.entries(args).map(([key, value]) => [`argus.${key}`, value])) };
}
