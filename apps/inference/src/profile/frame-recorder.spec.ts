import { EventTrace, FrameTrace, type CameraId, type EventId } from '@argus/contracts';
import { machineMs, newId, parseTraceparent, rootSpanIdOf, traceIdOf } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../fixtures/read-trace.js';
import { FrameRecorder } from './frame-recorder.js';
import { FrameTimeline } from './frame-timeline.js';
import { eventTraceOf, frameTraceOf } from './frame-trace.js';
import { StageClock } from './stage-clock.js';

const cameraId = newId<CameraId>();
const frame = { cameraId, frame: 1, ptsUs: 0 };
const event = { id: newId<EventId>(), revision: 1, state: 'confirmed' as const, cameraId, kind: 'zone' as const };

describe('FrameRecorder', () => {
  it('follows nothing while nobody wants to know', () => {
    const recorder = new FrameRecorder({ onChange: () => undefined });
    expect([recorder.begin(frame, undefined), recorder.tracing, recorder.timesIngest(cameraId)]).toEqual([null, false, false]);
  });

  it('records one camera for its time, and has only that one timed', async () => {
    let changes = 0;
    const recorder = new FrameRecorder({ onChange: () => (changes += 1) });
    const recording = recorder.record({ kind: 'camera', cameraId }, 0.05, 'camera "Gate"');
    expect([recorder.timesIngest(cameraId), recorder.timesIngest(newId<CameraId>())]).toEqual([true, false]);
    const now = machineMs();
    const timeline = recorder.begin(frame, [{ stage: 'decode', startMs: now - 2, endMs: now - 1 }])!;
    timeline.span('queue', now, now + 1);
    recorder.finish(timeline);
    expect(recorder.begin({ ...frame, cameraId: newId<CameraId>() }, [])).toBeNull();
    const { slices } = readTrace(await recording);
    expect(slices.map(({ name }) => name)).toEqual(['decode', 'queue']);
    expect([changes, recorder.timesIngest(cameraId), recorder.begin(frame, [])]).toEqual([2, false, null]);
  });

  it('traces its share of pictures, bounded', () => {
    const recorder = new FrameRecorder({ onChange: () => undefined, random: () => 0.3 });
    const finish = () => {
      const timeline = recorder.begin(frame, [])!;
      timeline.span('inference', 5, 9, { model: 'm' });
      recorder.finish(timeline);
    };
    recorder.trace({ frames: 0.2 });
    finish();
    expect(recorder.takeTraces()).toEqual([]);
    recorder.trace({ frames: 0.4 });
    for (let i = 0; i < 500; i += 1) finish();
    const traces = recorder.takeTraces();
    expect([traces.length, recorder.takeTraces().length]).toEqual([200, 0]);
    expect(FrameTrace.parse(traces[0]).spans.map(({ name, endMs, startMs }) => [name, endMs - startMs])).toEqual([['frame', expect.closeTo(4, 3)], ['inference', expect.closeTo(4, 3)]]);
    recorder.trace(undefined);
    expect(recorder.begin(frame, [])).toBeNull();
  });
});

describe('eventTraceOf', () => {
  it('leads from the picture to the journal in one tree, and times never go back', () => {
    const recorder = new FrameRecorder({ onChange: () => undefined });
    recorder.trace({ frames: 0 });
    const at = machineMs() - 100;
    const timeline = recorder.begin(frame, [{ stage: 'decode', startMs: at, endMs: at + 5 }])!;
    timeline.span('queue', at + 5, at + 20);
    timeline.span('inference', at + 20, at + 40, { model: 'm' });
    timeline.span('classify', at + 60, at + 90);
    const trace = EventTrace.parse(eventTraceOf(event, timeline, at + 50));
    expect(trace.spans.map(({ name }) => name)).toEqual(['frame', 'decode', 'queue', 'inference', 'event confirmed']);
    const [top, ...below] = trace.spans;
    expect(top).toMatchObject({ spanId: rootSpanIdOf(event.id), parentId: null });
    expect(new Set(below.map(({ parentId }) => parentId))).toEqual(new Set([top!.spanId]));
    expect(parseTraceparent(trace.traceparent)).toEqual({ traceId: traceIdOf(event.id), spanId: trace.spans.at(-1)!.spanId, sampled: true });
    expect(trace.spans.at(-1)!.endMs).toBe(trace.journalledMs);
    for (const { startMs, endMs } of trace.spans) expect([startMs <= endMs, endMs <= trace.journalledMs]).toEqual([true, true]);
  });

  it('fits the wire also for a picture in many tiles', () => {
    const timeline = new FrameTimeline(frame, []);
    for (let tile = 0; tile < 40; tile += 1) timeline.span('inference', 1, 2, { model: 'm', run: tile });
    expect(EventTrace.parse(eventTraceOf(event, timeline, machineMs())).spans.map(({ name }) => name)).toEqual(['frame', ...Array.from({ length: 30 }, () => 'inference'), 'event confirmed']);
    expect(FrameTrace.parse(frameTraceOf(timeline)).spans).toHaveLength(31);
  });

  it('hangs later revisions below the first, and does without a picture', () => {
    const later = eventTraceOf({ ...event, revision: 2, state: 'ended' }, null, machineMs());
    expect(later.spans).toMatchObject([{ name: 'event ended', parentId: rootSpanIdOf(event.id) }]);
    const first = eventTraceOf(event, null, machineMs());
    expect(first.spans).toMatchObject([{ spanId: rootSpanIdOf(event.id), parentId: null }]);
    expect(new Set([...first.spans, ...later.spans].map(({ spanId }) => spanId)).size).toBe(2);
  });
});

describe('StageClock', () => {
  it('measures only while it is on, and one picture at a time', () => {
    const clock = new StageClock();
    clock.end('decode', clock.begin(), true);
    expect(clock.take()).toBeUndefined();
    clock.on = true;
    clock.end('decode', clock.begin(), true);
    clock.end('decode', clock.begin(), true);
    clock.end('gate', clock.begin());
    const spans = clock.take();
    expect(spans?.map(({ stage }) => stage)).toEqual(['decode', 'gate']);
    expect(spans?.[0]?.args).toMatchObject({ packets: 2 });
    expect(clock.take()).toEqual([]);
  });
});
