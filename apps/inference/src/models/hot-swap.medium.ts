import { existsSync } from 'node:fs';
import type { Camera, CameraStats, Event, ModelId, ModelRunStats, Pipeline, RolloutStats } from '@argus/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '@argus/testing';
import { cameraOf, configOf, EngineFixture, pipelineOf, ruleOf } from '../fixtures/engine-fixture.js';

/** Real: the built engine, its ingest child, model processes, two packages of different size and labels; a file:// clip. The gateway's end of the link is a stand-in. */
const isBuilt = existsSync(new URL('../../dist/main.js', import.meta.url));
if (!isBuilt) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

const BOX = 'box-64' as ModelId;
const NANODET = 'nanodet-g-416' as ModelId;

let engine: EngineFixture | null = null;
afterEach(async () => {
  await engine?.stop();
  engine = null;
});

const until = async (what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> => void (await waitFor(condition, timeoutMs, () => `expected ${what}`));
const stats = (fixture: EngineFixture) => fixture.gateway.ofType('stats').at(-1);
const statsOf = (fixture: EngineFixture, camera: Camera): CameraStats | undefined => stats(fixture)?.cameras.find(({ cameraId }) => cameraId === camera.id);
const runsOf = (fixture: EngineFixture, model: ModelId): ModelRunStats | undefined => stats(fixture)?.compute.runs.find((runs) => runs.model === model);
const trialOf = (fixture: EngineFixture): RolloutStats | undefined => stats(fixture)?.compute.rollouts[0];
const eventsBy = (fixture: EngineFixture, model: ModelId): Event[] => fixture.gateway.ofType('event').flatMap(({ event }) => (event.models.detector.id === model ? [event] : []));

class Scene {
  readonly camera = cameraOf({ labels: null });
  readonly rule = ruleOf({ labels: [] });
  #revision = 0;

  constructor(private readonly pipeline: Pipeline = pipelineOf({ routes: [], gate: { enabled: false, threshold: 0.01, stillIntervalSeconds: 5, holdSeconds: 2 } })) {}

  config(changes: Partial<Pipeline>, cameras: Camera[] = [this.camera]) {
    this.#revision += 1;
    return configOf(cameras, [this.rule], [{ ...this.pipeline, ...changes }], this.#revision);
  }
}

describe.skipIf(!isBuilt)('another detector', () => {
  it('takes over without a lost frame, its results carry its name, and the old one is back within 2 s', async () => {
    const scene = new Scene();
    engine = await EngineFixture.start(scene.config({}));
    const fixture = engine;
    await until('analysis', () => (statsOf(fixture, scene.camera)?.analysed ?? 0) > 3);
    fixture.gateway.configure(scene.config({ detector: BOX }));
    await until('results of the new one', () => (runsOf(fixture, BOX)?.pictures ?? 0) > 5);
    await until('a track or an event that carries its name', () => fixture.gateway.ofType('tracks').some(({ tracks }) => tracks.some((track) => track.detector.id === BOX)) || eventsBy(fixture, BOX).length > 0);
    const before = runsOf(fixture, NANODET)?.pictures ?? 0;
    const askedAt = Date.now();
    fixture.gateway.configure(scene.config({}));
    await until('results of the old one', () => (runsOf(fixture, NANODET)?.pictures ?? 0) > before);
    // Figures come once a second: what is seen here happened up to a second before.
    expect(Date.now() - askedAt).toBeLessThan(3000);
    const { dropped, offered, analysed } = statsOf(fixture, scene.camera) as CameraStats;
    expect([dropped.stopped, dropped.failed]).toEqual([0, 0]);
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(offered - analysed - lost).toBeGreaterThanOrEqual(0);
    expect(offered - analysed - lost).toBeLessThanOrEqual(2);
    expect(runsOf(fixture, BOX)).toMatchObject({ version: '2.0.0' });
    expect(fixture.gateway.refused).toEqual([]);
  });

  it('that is not there is named, and the old one stays', async () => {
    const scene = new Scene();
    engine = await EngineFixture.start(scene.config({}));
    const fixture = engine;
    await until('analysis', () => (statsOf(fixture, scene.camera)?.analysed ?? 0) > 3);
    fixture.gateway.configure(scene.config({ detector: 'nobody-1' as ModelId }));
    await until('the answer', () => fixture.gateway.ofType('applied').some(({ revision }) => revision === 2));
    expect(fixture.gateway.ofType('applied').at(-1)?.problems).toMatchObject([{ code: 'model-missing', values: { model: 'nobody-1' }, cameraId: null, text: expect.stringContaining('is not installed') }]);
    const analysed = statsOf(fixture, scene.camera)?.analysed ?? 0;
    await until('analysis to go on', () => (statsOf(fixture, scene.camera)?.analysed ?? 0) > analysed + 3);
  });

  it('on trial is compared in the shadow, and serves its canary cameras', async () => {
    const scene = new Scene();
    const canary = cameraOf({ name: 'canary', labels: null });
    const rollout = { candidate: BOX, shadowShare: 1, canaryCameraIds: [canary.id] };
    engine = await EngineFixture.start(scene.config({ rollout }, [scene.camera, canary]));
    const fixture = engine;
    await until('a comparison', () => (trialOf(fixture)?.frames ?? 0) > 3);
    expect(trialOf(fixture)).toMatchObject({ candidate: BOX, candidateVersion: '2.0.0', agreement: 0, canaryCameraIds: [canary.id] });
    expect(trialOf(fixture)?.onlyCurrent).toBeGreaterThan(3);
    expect(trialOf(fixture)?.onlyCandidate).toBe(trialOf(fixture)?.frames);
    await until('the canary to be served', () => (statsOf(fixture, canary)?.analysed ?? 0) > 3);
    await until('an event of the canary by the candidate', () => eventsBy(fixture, BOX).some((event) => event.cameraId === canary.id));
    // The shadow says nothing to anybody.
    expect(eventsBy(fixture, BOX).filter((event) => event.cameraId === scene.camera.id)).toEqual([]);
  });
});
