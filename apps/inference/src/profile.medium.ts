import { existsSync } from 'node:fs';
import type { Camera, GatewayToEngine, ModelId, ProfileSubject } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraOf, configOf, demoUrl, EngineFixture, ruleOf } from './fixtures/engine-fixture.js';
import { readTrace, type Slice } from './fixtures/read-trace.js';

/** Real: the built engine, its ingest children, model processes and disk; file:// clips. The gateway's end of the link is a stand-in. */
const isBuilt = existsSync(new URL('../dist/main.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

/** What each analysed picture goes through, in this order. */
const WAY = ['decode', 'gate', 'scale', 'queue', 'batch', 'inference', 'post', 'track', 'publish'];
const SECONDS = 5;

describe.skipIf(!isBuilt)('a recording of the engine', () => {
  let engine: EngineFixture;
  const cameras: Camera[] = [cameraOf({ name: 'Street "1"' }), cameraOf({ name: 'Other', url: demoUrl(20) }), cameraOf({ name: 'Off', enabled: false })];

  async function record(subject: ProfileSubject): Promise<string | null> {
    const requestId = newId();
    engine.gateway.send({ type: 'profile', requestId, subject, seconds: SECONDS } satisfies GatewayToEngine);
    return waitFor(() => engine.gateway.ofType('profiled').find((message) => message.requestId === requestId), 30_000).then(({ trace }) => trace);
  }
  const analysed = (id: string) => engine.gateway.ofType('stats').at(-1)?.cameras.find(({ cameraId }) => cameraId === id)?.analysed ?? 0;

  beforeAll(async () => {
    engine = await EngineFixture.start(configOf(cameras, [ruleOf()]));
    await waitFor(() => cameras.slice(0, 2).every(({ id }) => analysed(id) > 3), 40_000);
  });
  afterAll(() => engine?.stop());

  it('shows every stage of a camera\'s pictures, in order and without gaps that nobody can explain', async () => {
    const [camera] = cameras as [Camera];
    const before = analysed(camera.id);
    const json = (await record({ kind: 'camera', cameraId: camera.id })) ?? '';
    const { slices, tracks, counts, otherData } = readTrace(json);
    console.log(summary(slices));
    for (const stage of [...WAY, 'classify']) expect(tracks).toContain(stage);
    expect(otherData).toMatchObject({ subject: 'camera "Street "1""', seconds: SECONDS, picturesNotKept: 0 });
    expect(new Set(slices.map(({ args }) => args['camera']))).toEqual(new Set([camera.id]));
    expect(counts.some(({ name }) => name === 'waiting in queue')).toBe(true);

    const pictures = groupBy(slices, 'frame');
    const whole = [...pictures.values()].filter((own) => WAY.every((stage) => own.some(({ name }) => name === stage)));
    expect(whole.length).toBeGreaterThan(2);
    // The camera's own counter, which comes a second later, saw each of them.
    await waitFor(() => analysed(camera.id) - before >= whole.length, 10_000, () => `expected ${whole.length} pictures counted, got ${analysed(camera.id) - before}`);
    for (const own of whole) {
      const way = WAY.map((stage) => own.find((slice) => slice.name === stage && (slice.args['model'] ?? 'nanodet-g-416') === 'nanodet-g-416') as Slice);
      for (const [index, slice] of way.entries()) {
        const previous = way[index - 1];
        // Times of two processes by one clock: a stage begins when the one before is over, to the microsecond of rounding.
        if (previous) expect([previous.name, slice.name, slice.ts - (previous.ts + previous.dur) >= -0.01]).toEqual([previous.name, slice.name, true]);
      }
      const [first, last] = [way[0] as Slice, way.at(-1) as Slice];
      const lasted = last.ts + last.dur - first.ts;
      const sum = way.reduce((total, { dur }) => total + dur, 0);
      expect(sum).toBeLessThanOrEqual(lasted + 1);
      // What no stage owns is the way between two processes.
      expect(sum).toBeGreaterThan(lasted * 0.5);
    }
    const begin = Math.min(...slices.map(({ ts }) => ts));
    const end = Math.max(...slices.map(({ ts, dur }) => ts + dur));
    expect(begin).toBeGreaterThan(-1_000_000);
    expect(end).toBeLessThan((SECONDS + 1) * 1_000_000);
    // The model runs far longer than anything is tracked, and decoding is no dream.
    expect(median(slices, 'inference')).toBeGreaterThan(median(slices, 'track'));
    for (const stage of ['decode', 'scale', 'inference']) expect(median(slices, stage)).toBeGreaterThan(50);
  });

  it('shows all runs of a model and nothing else, whichever camera they are of', async () => {
    const { slices, tracks } = readTrace((await record({ kind: 'model', model: 'nanodet-g-416' as ModelId })) ?? '');
    expect(new Set(slices.map(({ name }) => name))).toEqual(new Set(['batch', 'inference', 'post']));
    expect(new Set(slices.map(({ args }) => args['model']))).toEqual(new Set(['nanodet-g-416']));
    expect(new Set(slices.map(({ args }) => args['camera']))).toEqual(new Set(cameras.slice(0, 2).map(({ id }) => id)));
    expect(tracks.length).toBeGreaterThanOrEqual(3);
    // A process computes one run at a time.
    for (const own of groupBy(slices.filter(({ name }) => name === 'inference'), 'pid').values()) {
      for (const [index, { ts }] of own.entries()) if (index > 0) expect(ts - ((own[index - 1] as Slice).ts + (own[index - 1] as Slice).dur)).toBeGreaterThan(-1000);
    }
  });

  it('records two subjects at once, each its own', async () => {
    const [one, two] = await Promise.all([record({ kind: 'camera', cameraId: cameras[0]!.id }), record({ kind: 'model', model: 'movenet-posture-192' as ModelId })]);
    expect(readTrace(one ?? '').slices.length).toBeGreaterThan(10);
    expect(new Set(readTrace(two ?? '').slices.map(({ args }) => args['model']))).toEqual(new Set(['movenet-posture-192']));
  });

  it('answers null for what does not run', async () => {
    expect(await record({ kind: 'camera', cameraId: cameras[2]!.id })).toBeNull();
    expect(await record({ kind: 'camera', cameraId: newId() })).toBeNull();
    expect(await record({ kind: 'model', model: 'no-such-model' as ModelId })).toBeNull();
  });
});

function groupBy(slices: readonly Slice[], argument: string): Map<unknown, Slice[]> {
  const groups = new Map<unknown, Slice[]>();
  for (const slice of slices) groups.set(slice.args[argument], [...(groups.get(slice.args[argument]) ?? []), slice]);
  return groups;
}

const durations = (slices: readonly Slice[], stage: string): number[] => slices.filter(({ name }) => name === stage).map(({ dur }) => dur).sort((a, b) => a - b);
const median = (slices: readonly Slice[], stage: string): number => durations(slices, stage)[Math.floor(durations(slices, stage).length / 2)] ?? 0;
const summary = (slices: readonly Slice[]): string => [...WAY, 'classify'].map((stage) => `${stage} ${(median(slices, stage) / 1000).toFixed(2)} ms x ${durations(slices, stage).length}`).join(', ');
