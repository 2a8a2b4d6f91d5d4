import { CameraStats, DROP_CAUSES, SKIP_CAUSES, type Camera, type SystemStatus } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket; the engine behind it is a small client of the same protocol. */
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway, () => null);
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const add = async (body: object): Promise<Camera> => (await gateway.owner.call('createCamera', { body: { name: 'x', url: 'rtsp://10.0.0.2/1', ...body } })).body;
const seen = async (camera: Camera): Promise<SystemStatus['cameras'][number] | undefined> => ((await gateway.owner.call('getSystem')).body as SystemStatus).cameras.find((one) => one.state.cameraId === camera.id);
const model = (state: string, problem: string | null) => ({ id: 'nanodet-g-416', version: '1', title: 'x', task: 'detect', architecture: 'x', family: 'nanodet', labels: ['person'], inputWidth: 416, inputHeight: 416, license: 'x', builtIn: true, state, problem }) as never;
const report = (models: never[]) => engine.send({ type: 'stats', cameras: [], compute: { devices: [], runs: [], load: null, rollouts: [] }, models });

const noneOf = (causes: readonly string[]) => Object.fromEntries(causes.map((cause) => [cause, 0]));
const statsOf = ({ id }: Camera, lastInferenceAt: string): CameraStats =>
  CameraStats.parse({
    cameraId: id, stream: null, received: 0, decoded: 0, skipped: noneOf(SKIP_CAUSES), paced: 0, still: 0, offered: 0, analysed: 0, dropped: noneOf(DROP_CAUSES), reconnects: 0, lastPacketAt: null,
    lastFrameAt: null, lastInferenceAt, receivedFps: 0, analysedFps: 0, targetFps: 5, decodeMode: 'all', decoder: null, latencyMsP50: null, latencyMsP95: null, main: null, recorder: null,
  });

describe('problems of the engine', () => {
  it('are told with their code, and those of a camera only to who sees it', async () => {
    const [mine, other] = [await add({ name: 'Mine' }), await add({ name: 'Other' })];
    const problemOf = ({ id, name }: Camera) => ({ cameraId: id, code: 'camera-without-pipeline', text: `there is no pipeline for the camera "${name}"`, values: { camera: name } });
    const missing = { cameraId: null, code: 'model-missing', text: 'the model "x" is not installed', values: { model: 'x' } };
    engine.send({ type: 'applied', revision: 1, problems: [problemOf(mine), problemOf(other), missing] });
    const told = async (visitor: Visitor) => ((await visitor.call('getSystem')).body as SystemStatus).engine.problems;
    await expect.poll(() => told(gateway.owner)).toEqual([problemOf(mine), problemOf(other), missing]);
    expect(await told(await gateway.withKey(['system.read'], [mine.id]))).toEqual([problemOf(mine), missing]);
    engine.send({ type: 'applied', revision: 1, problems: [] });
    await expect.poll(() => told(gateway.owner)).toEqual([]);
  });
});

describe('health', () => {
  it('is degraded while a camera that sends pictures is not analysed, and tells nobody which', async () => {
    const camera = await add({ name: 'Unwatched' });
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
    const tell = (secondsAgo: number) => engine.send({ type: 'stats', cameras: [statsOf(camera, at(secondsAgo))], compute: { devices: [], runs: [], load: null, rollouts: [] }, models: null });
    engine.send({ type: 'states', states: [{ cameraId: camera.id, state: 'online', reason: null, since: at(300), lastError: null, lastErrorAt: null, attempts: 0 }] });
    const health = () => gateway.nobody().call('health');
    tell(120);
    await expect.poll(async () => (await health()).body.status, { timeout: 10_000 }).toBe('degraded');
    const { status, body } = await health();
    expect([status, body]).toEqual([200, { status: 'degraded', version: expect.any(String), database: 'up', engine: 'up', recordings: 'ok' }]);
    tell(0);
    await expect.poll(async () => (await health()).body.status, { timeout: 10_000 }).toBe('ok');
  });
});

describe('what is expected of a camera', () => {
  it('is an analysis within its pipeline\'s look at still scenes, its rate, and what the tuning allows', async () => {
    const [usual, slow] = [await add({}), await add({ priority: 'low' })];
    expect((await seen(usual))?.inferenceWithinMs).toBe(15_000);
    await gateway.owner.call('updateTuning', { body: { targetFps: { low: 0.1 } } });
    expect([(await seen(usual))?.inferenceWithinMs, (await seen(slow))?.inferenceWithinMs]).toEqual([15_000, 20_000]);
    const patient = (await gateway.owner.call('createPipeline', { body: { name: 'Patient', detector: 'nanodet-g-416', gate: { stillIntervalSeconds: 600 } } })).body;
    expect((await seen(await add({ pipelineId: patient.id })))?.inferenceWithinMs).toBe(610_000);
  });

  it('is nothing while its detector is missing or refused, and the reason is said', async () => {
    const camera = await add({});
    const blind = await add({ pipelineId: (await gateway.owner.call('createPipeline', { body: { name: 'Blind', detector: 'not-there' } })).body.id });
    expect((await seen(blind))?.detectorProblem).toBeNull();
    report([model('ready', null)]);
    await expect.poll(async () => (await seen(blind))?.detectorProblem).toEqual({ code: 'detector-missing', text: 'the detector "not-there" is not installed', values: { model: 'not-there' } });
    expect((await seen(camera))?.detectorProblem).toBeNull();
    report([model('refused', 'sha256 differs')]);
    await expect.poll(async () => (await seen(camera))?.detectorProblem?.values).toEqual({ model: 'nanodet-g-416', why: 'sha256 differs' });
  });
});
