import { Lanes } from './lanes.js';
import type { Recording, RecordedFrame } from './recording.js';
import { STAGES, type Stage, type StageSpan } from './stage-span.js';

/** An event of the Trace Event Format. Times are microseconds since the recording began. */
interface TraceEvent {
  readonly ph: 'X' | 'M' | 'C' | 'i' | 's' | 't' | 'f';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly [field: string]: unknown;
}

interface Slice {
  readonly stage: Stage;
  readonly startUs: number;
  readonly endUs: number;
  readonly tid: number;
}

const PID = 1;
const TIDS_PER_STAGE = 100;
/** Viewers leave out slices that take no time. */
const SHORTEST_US = 0.001;
/** Stages in which a picture waits for its turn. */
const WAITING: ReadonlySet<Stage> = new Set(['queue', 'batch']);

/**
 * A recording as JSON that Perfetto opens: a track for each stage (and more where pictures are in it side by side), arrows that follow
 * one picture from stage to stage, and how many pictures wait.
 */
export function traceJson(recording: Recording, title: string, seconds: number): string {
  const lanes = new Lanes();
  const slices: Slice[] = [];
  const runs = new Map<string, Slice>();
  const events: TraceEvent[] = [];
  const usOf = (ms: number): number => Math.round((ms - recording.startedMs) * 1e6) / 1000;
  const inOrder = recording.frames.flatMap((frame, index) => frame.spans.map((span) => ({ frame, index, span }))).sort((a, b) => a.span.startMs - b.span.startMs);
  const paths = new Map<number, Slice[]>();
  for (const { frame, index, span } of inOrder) {
    const run = runKey(span);
    const known = run === null ? undefined : runs.get(run);
    const slice = known ?? place(span, lanes, usOf);
    if (!known) {
      slices.push(slice);
      events.push(sliceEvent(slice, frame, span));
    }
    if (run !== null) runs.set(run, slice);
    // Two cut-outs of one picture may share a run.
    const path = paths.get(index) ?? [];
    if (!path.includes(slice)) paths.set(index, [...path, slice]);
  }
  for (const [index, path] of paths) events.push(...arrows(index + 1, path));
  events.push(...drops(recording.frames, usOf), ...waitingCounts(slices));
  events.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
  const otherData = { subject: title, seconds, pictures: recording.frames.length, picturesNotKept: recording.lost };
  return JSON.stringify({ displayTimeUnit: 'ms', traceEvents: [...names(title, lanes), ...events], otherData });
}

/** Pictures of one batch share its run. */
const runKey = ({ stage, args }: StageSpan): string | null => (args?.['run'] === undefined ? null : `${stage} of run ${args['run']} of ${args['model']}`);

function place({ stage, startMs, endMs }: StageSpan, lanes: Lanes, usOf: (ms: number) => number): Slice {
  const startUs = usOf(startMs);
  const endUs = Math.max(startUs + SHORTEST_US, usOf(endMs));
  return { stage, startUs, endUs, tid: (STAGES.indexOf(stage) + 1) * TIDS_PER_STAGE + lanes.take(stage, startUs, endUs) };
}

function sliceEvent({ stage, startUs, endUs, tid }: Slice, { timeline }: RecordedFrame, { args = {} }: StageSpan): TraceEvent {
  const { frame, ptsUs, cameraId } = timeline.frame;
  return { ph: 'X', name: stage, cat: 'stage', pid: PID, tid, ts: startUs, dur: Math.round((endUs - startUs) * 1000) / 1000, args: { camera: cameraId, frame, ptsUs, ...args } };
}

/** From each stage of a picture to the next. */
function arrows(id: number, path: readonly Slice[]): TraceEvent[] {
  if (path.length < 2) return [];
  return path.map(({ startUs, tid }, index) => ({ ph: index === 0 ? 's' : index === path.length - 1 ? 'f' : 't', name: 'picture', cat: 'picture', id, bp: 'e', pid: PID, tid, ts: startUs }) as const);
}

/** A picture that came to nothing: said where it waited last. */
function drops(frames: readonly RecordedFrame[], usOf: (ms: number) => number): TraceEvent[] {
  const tid = (STAGES.indexOf('queue') + 1) * TIDS_PER_STAGE;
  return frames.flatMap(({ timeline: { dropped, frame }, spans }) => {
    const last = spans.at(-1);
    return dropped === null || !last ? [] : [{ ph: 'i', s: 't', name: `dropped: ${dropped}`, cat: 'drop', pid: PID, tid, ts: usOf(last.endMs), args: { camera: frame.cameraId, frame: frame.frame } }] as const;
  });
}

/** How many pictures were in each stage of waiting, after each change. */
function waitingCounts(slices: readonly Slice[]): TraceEvent[] {
  const steps = slices.filter(({ stage }) => WAITING.has(stage)).flatMap(({ stage, startUs, endUs }) => [{ stage, ts: startUs, by: 1 }, { stage, ts: endUs, by: -1 }]);
  const counts = new Map<Stage, number>();
  return steps
    .sort((a, b) => a.ts - b.ts || a.by - b.by)
    .map(({ stage, ts, by }) => {
      const waiting = (counts.get(stage) ?? 0) + by;
      counts.set(stage, waiting);
      return { ph: 'C', name: `waiting in ${stage}`, pid: PID, tid: 0, ts, args: { pictures: waiting } };
    });
}

function names(title: string, lanes: Lanes): TraceEvent[] {
  const tracks = STAGES.flatMap((stage, index) =>
    Array.from({ length: lanes.count(stage) }, (_, lane) => {
      const tid = (index + 1) * TIDS_PER_STAGE + lane;
      return [
        { ph: 'M', name: 'thread_name', pid: PID, tid, args: { name: lane === 0 ? stage : `${stage} ${lane + 1}` } },
        { ph: 'M', name: 'thread_sort_index', pid: PID, tid, args: { sort_index: tid } },
      ] as const;
    }).flat(),
  );
  return [{ ph: 'M', name: 'process_name', pid: PID, tid: 0, args: { name: `Argus: ${title}` } }, ...tracks];
}
