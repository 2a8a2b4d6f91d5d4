import { ModelManifest, type Detections } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { cameraOf, pipelineOf, ruleOf } from './fixtures/engine-fixture.js';
import { CameraPipeline, type FrameInHand } from './pipeline.js';

const detector = ModelManifest.parse({
  formatVersion: 1,
  id: 'detector',
  version: '1.0.0',
  title: 'd',
  task: 'detect',
  architecture: 'd',
  family: 'nanodet',
  input: { name: 'x', width: 416, height: 416, layout: 'nchw', type: 'float32', color: 'bgr', resize: 'letterbox' },
  outputs: ['y'],
  labels: ['person', 'chair'],
  thresholds: {},
  license: { spdx: 'MIT', source: 'here' },
  golden: [{ input: 'i', outputs: ['o'], tolerance: 1 }],
  files: {},
});

function detections(...rows: readonly (readonly [x: number, label: number])[]): Detections {
  return {
    count: rows.length,
    boxes: Float32Array.from(rows.flatMap(([x]) => [x, 100, 40, 100])),
    scores: Float32Array.from(rows, () => 0.9),
    labels: Uint16Array.from(rows, ([, label]) => label),
    labelNames: ['person', 'chair'],
  };
}

const START_MS = Date.parse('2026-01-01T00:00:00Z');
function frame(index: number, found: Detections, classify: FrameInHand['classify'] = async () => null): FrameInHand {
  return { ptsUs: index * 200_000, wallMs: START_MS + index * 200, width: 640, height: 480, late: false, detect: async () => found, classify };
}
const upright: FrameInHand['classify'] = async () => ({ classification: { candidates: [{ label: 'upright', score: 1 }], quality: 1 }, model: { id: 'movenet-posture-192' as never, version: '1.0.0' } });
const plan = (...rules: ReturnType<typeof ruleOf>[]) => ({ camera: cameraOf(), pipeline: pipelineOf(), rules });

describe('CameraPipeline', () => {
  it('goes from detections to tracked persons with a posture to an event; other labels are not looked for', async () => {
    const pipeline = new CameraPipeline(plan(ruleOf()), { detector, pace: 'offline' });
    const events = [];
    let objects;
    for (let i = 0; i < 10; i += 1) {
      const analysis = await pipeline.analyse(frame(i, detections([100 + i, 0], [400, 1]), upright));
      events.push(...(analysis?.events ?? []));
      objects = analysis?.objects;
    }
    expect(objects).toMatchObject([{ label: 'person', attributes: { posture: { label: 'upright' } } }]);
    expect(events[0]?.event).toMatchObject({ kind: 'count', detail: 'over', models: { detector: { id: 'detector' } } });
    const ended = pipeline.end('camera-lost', START_MS + 2000);
    expect(ended.events.at(-1)?.event).toMatchObject({ state: 'ended', endReason: 'camera-lost' });
    expect(ended.finished).toMatchObject([{ label: 'person', startedAt: '2026-01-01T00:00:00.000Z', attributes: { posture: { label: 'upright' } } }]);
  });

  it('does not wait for the second stage when live', async () => {
    const pipeline = new CameraPipeline(plan(), { detector, pace: 'live' });
    const never: FrameInHand['classify'] = () => new Promise(() => undefined);
    for (let i = 0; i < 3; i += 1) expect((await pipeline.analyse(frame(i, detections([100, 0]), never)))?.objects.length).toBeLessThanOrEqual(1);
  });

  it('lets deadlines pass while no picture comes', async () => {
    const rule = ruleOf({ condition: { kind: 'zone', zone: 'All', trigger: 'inside', holdSeconds: 0 }, confirmDeadlineSeconds: 2 });
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
    const camera = cameraOf({ zones: [{ name: 'All', kind: 'area', points: corners.map(([x, y]) => ({ x, y })) }] });
    const pipeline = new CameraPipeline({ camera, pipeline: pipelineOf(), rules: [rule] }, { detector, pace: 'live' });
    const states: string[] = [];
    for (let i = 0; i < 5; i += 1) for (const { event } of (await pipeline.analyse(frame(i, detections([100, 0]))))?.events ?? []) states.push(event.state);
    expect(states).toContain('provisional');
    expect(states).not.toContain('confirmed');
    expect(pipeline.tick(START_MS + 1500)).toEqual([]);
    expect(pipeline.tick(START_MS + 4000).map(({ event }) => [event.state, event.confirmation])).toContainEqual(['confirmed', 'deadline']);
  });

  it('ends events of a changed rule and keeps tracks', async () => {
    const before = plan(ruleOf());
    const pipeline = new CameraPipeline(before, { detector, pace: 'live' });
    let number;
    for (let i = 0; i < 5; i += 1) number = (await pipeline.analyse(frame(i, detections([100, 0]))))?.objects[0]?.number;
    const changes = pipeline.configure({ ...before, rules: [] }, START_MS + 1000);
    expect(changes.at(-1)?.event).toMatchObject({ state: 'ended', endReason: 'rule-changed' });
    expect((await pipeline.analyse(frame(5, detections([100, 0]))))?.objects[0]?.number).toBe(number);
  });

  it('drops a picture that was under way when its source was lost: it must not open events that nobody ends', async () => {
    const pipeline = new CameraPipeline(plan(ruleOf()), { detector, pace: 'live' });
    for (let i = 0; i < 3; i += 1) await pipeline.analyse(frame(i, detections([100, 0])));
    const detected = Promise.withResolvers<Detections>();
    const late = pipeline.analyse({ ...frame(3, detections()), detect: () => detected.promise });
    pipeline.end('camera-lost', START_MS + 700);
    detected.resolve(detections([100, 0]));
    expect(await late).toBeNull();
  });

  it('shows the second stage no more objects than there is time for, the largest first', async () => {
    const pipeline = new CameraPipeline(plan(), { detector, pace: 'offline' });
    const asked: number[] = [];
    const classify: FrameInHand['classify'] = async (request) => {
      asked.push(Math.round(request.box.x));
      return null;
    };
    const found: Detections = { ...detections([100, 0], [300, 0], [500, 0]), boxes: Float32Array.of(100, 100, 40, 100, 300, 50, 80, 200, 500, 100, 40, 100) };
    for (let i = 0; i < 4; i += 1) await pipeline.analyse(frame(i, found, classify), 1);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((x) => x > 250 && x < 310)).toBe(true);
    const before = asked.length;
    await pipeline.analyse(frame(4, found, classify), 0);
    expect(asked).toHaveLength(before);
  });
});
