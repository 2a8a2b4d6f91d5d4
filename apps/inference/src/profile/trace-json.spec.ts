import type { CameraId, ModelId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../fixtures/read-trace.js';
import { FrameTimeline } from './frame-timeline.js';
import { Recording } from './recording.js';
import { STAGES } from './stage-span.js';
import { traceJson } from './trace-json.js';

const cameraId = newId<CameraId>();
const START_MS = 8_000_000.25;
const newRecording = () => new Recording({ kind: 'camera', cameraId }, START_MS);
const timeline = (frame: number, own = cameraId) => new FrameTimeline({ cameraId: own, frame, ptsUs: frame * 40_000 }, []);

describe('traceJson', () => {
  it('draws one picture as slices on the tracks of its stages, joined by arrows', () => {
    const recording = newRecording();
    const one = timeline(7);
    for (const [index, stage] of STAGES.entries()) one.span(stage, START_MS + index, START_MS + index + 1, stage === 'inference' ? { model: 'm', run: 1 } : undefined);
    recording.add(one);
    const { slices, tracks, counts, otherData } = readTrace(traceJson(recording, 'camera "Gate"', 5));
    expect(slices.map(({ name, ts, dur }) => [name, ts, dur])).toEqual(STAGES.map((stage, index) => [stage, index * 1000, 1000]));
    expect(slices.find(({ name }) => name === 'inference')?.args).toEqual({ camera: cameraId, frame: 7, ptsUs: 280_000, model: 'm', run: 1 });
    expect(tracks).toEqual([...STAGES]);
    expect(counts.map(({ name, ts, args }) => [name, ts, args.pictures])).toEqual([['waiting in queue', 3000, 1], ['waiting in queue', 4000, 0], ['waiting in batch', 4000, 1], ['waiting in batch', 5000, 0]]);
    expect(otherData).toEqual({ subject: 'camera "Gate"', seconds: 5, pictures: 1, picturesNotKept: 0 });
  });

  it('draws the run of a batch once, with an arrow from each of its pictures', () => {
    const recording = new Recording({ kind: 'model', model: 'm' as ModelId }, START_MS);
    for (const frame of [1, 2, 3]) {
      const one = timeline(frame, newId<CameraId>());
      one.span('batch', START_MS + frame, START_MS + 10, { model: 'm' });
      one.span('inference', START_MS + 10, START_MS + 30, { model: 'm', run: 9, pictures: 3 });
      one.span('inference', START_MS + 40, START_MS + 41, { model: 'other', run: 10 });
      recording.add(one);
    }
    const json = traceJson(recording, 'model "m"', 5);
    const { slices, tracks } = readTrace(json);
    expect(slices.filter(({ name }) => name === 'inference')).toHaveLength(1);
    expect(tracks).toEqual(['batch', 'batch 2', 'batch 3', 'inference']);
    expect(JSON.parse(json).traceEvents.filter((event: { ph: string }) => event.ph === 'f')).toHaveLength(3);
  });

  it('says why a picture was dropped', () => {
    const recording = newRecording();
    const one = timeline(1);
    one.span('decode', START_MS, START_MS + 3);
    one.drop('overwritten');
    recording.add(one);
    expect(readTrace(traceJson(recording, 'x', 1)).drops).toMatchObject([{ name: 'dropped: overwritten', args: { frame: 1 } }]);
  });

  it('is well formed whatever the times are', () => {
    const span = fc.tuple(fc.constantFrom(...STAGES), fc.double({ min: -50, max: 500, noNaN: true }), fc.double({ min: -1, max: 90, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.array(span, { maxLength: 6 }), { maxLength: 12 }), (frames) => {
        const recording = newRecording();
        for (const [index, spans] of frames.entries()) {
          const one = timeline(index);
          for (const [stage, at, duration] of spans) one.span(stage, START_MS + at, START_MS + at + duration);
          recording.add(one);
        }
        const { slices, counts } = readTrace(traceJson(recording, 'x', 1));
        expect(slices).toHaveLength(frames.flat().length);
        for (const stage of ['queue', 'batch']) expect(counts.filter(({ name }) => name.endsWith(stage)).at(-1)?.args.pictures ?? 0).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('Recording', () => {
  it('keeps the newest pictures of too many, and counts the others', () => {
    const recording = newRecording();
    for (let frame = 0; frame < 30_000; frame += 1) {
      const one = timeline(frame);
      one.span('decode', frame, frame + 0.5);
      one.span('track', frame + 0.5, frame + 1);
      recording.add(one);
    }
    expect([recording.frames.length, recording.lost, recording.frames[0]?.timeline.frame.frame, recording.frames.at(-1)?.timeline.frame.frame]).toEqual([25_000, 5000, 5000, 29_999]);
  });

  it('is of its own subject alone', () => {
    expect([newRecording().wants(timeline(1)), newRecording().wants(timeline(1, newId<CameraId>()))]).toEqual([true, false]);
    const ofModel = new Recording({ kind: 'model', model: 'm' as ModelId }, 0);
    const other = timeline(1);
    other.span('inference', 0, 1, { model: 'other' });
    ofModel.add(other);
    expect(ofModel.frames).toEqual([]);
  });
});
