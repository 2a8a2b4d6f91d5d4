import type { Camera, PipelineView } from '@argus/contracts';
import { DEFAULT_PIPELINE_ID } from '@argus/database';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectEngine, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket; the engine behind it is a small client of the same protocol. */
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
let camera: Camera;
const model = (id: string, labels: string[], parts: object = {}) =>
  ({ id, version: '1.0.0', title: id, task: 'detect', architecture: 'x', family: 'yolox', labels, inputWidth: 416, inputHeight: 416, license: 'Apache-2.0', builtIn: false, state: 'ready', problem: null, ...parts }) as never;
const MODELS = [model('old-416', ['person', 'car']), model('new-640', ['person', 'helmet']), model('broken', ['person'], { state: 'refused', problem: 'sha256 differs' }), model('posture', ['upright'], { task: 'classify' })];

beforeAll(async () => {
  gateway = await runGateway();
  engine = await connectEngine(gateway, () => null);
  engine.send({ type: 'stats', cameras: [], compute: { devices: [], runs: [], load: null, rollouts: [] }, models: MODELS });
  await vi.waitUntil(async () => (await gateway.owner.call('listModels')).body.items.length === MODELS.length, { timeout: 5000 });
  camera = (await gateway.owner.call('createCamera', { body: { name: 'Gate', url: 'rtsp://10.0.0.2/1' } })).body;
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

const make = async (parts: object = {}): Promise<PipelineView> => (await gateway.owner.call('createPipeline', { body: { name: 'Yard', detector: 'old-416', ...parts } })).body;
const act = (who: Visitor, route: 'startRollout' | 'endRollout' | 'promoteCandidate' | 'rollBackPipeline', pipeline: { id: string }, body?: object) => who.call(route, { params: { id: pipeline.id }, ...(body ? { body } : {}) });
const told = (id: string) => engine.configs.at(-1)?.pipelines.find((one) => one.id === id);
const actions = async (id: string): Promise<string[]> => {
  const { items } = (await gateway.owner.call('listAudit', { query: { limit: '100' } })).body as { items: { subjectId: string; action: string }[] };
  return items.filter((entry) => entry.subjectId === id).map((entry) => entry.action);
};

describe('flow and tiling', () => {
  it('are stored, and reach the engine', async () => {
    const pipeline = await make({ flow: { policy: 'fifo', depth: 8, stalenessMs: 400 }, tiling: { columns: 4, rows: 2, overlap: 0.3, wholePicture: false } });
    expect(pipeline).toMatchObject({ flow: { policy: 'fifo', depth: 8, stalenessMs: 400 }, tiling: { columns: 4, rows: 2, overlap: 0.3, wholePicture: false }, rollout: null, previousDetector: null, warnings: [] });
    await expect.poll(() => told(pipeline.id)).toMatchObject({ flow: pipeline.flow, tiling: pipeline.tiling });
    expect(told(pipeline.id)).not.toHaveProperty('previousDetector');
  });

  it('are freshest and off unless said', async () => {
    expect(await make()).toMatchObject({ flow: { policy: 'freshest', depth: 4, stalenessMs: 1000 }, tiling: null });
  });

  it.each([
    [{ flow: { policy: 'lifo' } }, 'flow.policy'],
    [{ flow: { depth: 33 } }, 'flow.depth'],
    [{ flow: { stalenessMs: 10 } }, 'flow.stalenessMs'],
    [{ tiling: { columns: 9 } }, 'tiling.columns'],
    [{ tiling: { overlap: 0.6 } }, 'tiling.overlap'],
    [{ rollout: { candidate: 'new-640', shadowShare: 2 } }, 'rollout.shadowShare'],
    [{ rollout: { candidate: 'old-416' } }, 'rollout.candidate'],
    [{ rollout: { candidate: 'posture' } }, 'rollout.candidate'],
    [{ rollout: { candidate: 'new-640', canaryCameraIds: ['00000000-0000-7000-8000-0000000000ff'] } }, 'rollout.canaryCameraIds.0'],
  ])('refuse %j', async (wrong, path) => {
    const answer = await gateway.owner.call('createPipeline', { body: { name: 'x', detector: 'old-416', ...wrong } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });
});

describe('a trial', () => {
  it('starts, is promoted, and is rolled back, each with an audit row and at once at the engine', async () => {
    const pipeline = await make();
    const started = (await act(gateway.owner, 'startRollout', pipeline, { candidate: 'new-640', shadowShare: 0.5, canaryCameraIds: [camera.id] })).body;
    expect(started).toMatchObject({ detector: 'old-416', rollout: { candidate: 'new-640', shadowShare: 0.5, canaryCameraIds: [camera.id] }, warnings: [{ text: 'these canary cameras use another pipeline: Gate' }] });
    await expect.poll(() => told(pipeline.id)?.rollout?.candidate).toBe('new-640');

    const promoted = (await act(gateway.owner, 'promoteCandidate', pipeline)).body;
    expect(promoted).toMatchObject({ detector: 'new-640', rollout: null, previousDetector: 'old-416' });
    await expect.poll(() => told(pipeline.id)).toMatchObject({ detector: 'new-640', rollout: null });

    const back = (await act(gateway.owner, 'rollBackPipeline', pipeline)).body;
    expect(back).toMatchObject({ detector: 'old-416', previousDetector: 'new-640' });
    await expect.poll(() => told(pipeline.id)?.detector).toBe('old-416');
    expect(await actions(pipeline.id)).toEqual(['pipeline.roll-back', 'pipeline.promote', 'pipeline.start-rollout', 'pipeline.create']);
  });

  it('is ended without a change of the detector, and a roll back ends the trial of what comes back', async () => {
    const pipeline = await make({ rollout: { candidate: 'new-640' } });
    expect((await act(gateway.owner, 'endRollout', pipeline)).body).toMatchObject({ detector: 'old-416', rollout: null, previousDetector: null });
    await act(gateway.owner, 'startRollout', pipeline, { candidate: 'new-640' });
    await act(gateway.owner, 'promoteCandidate', pipeline);
    await act(gateway.owner, 'startRollout', pipeline, { candidate: 'old-416' });
    expect((await act(gateway.owner, 'rollBackPipeline', pipeline)).body).toMatchObject({ detector: 'old-416', rollout: null });
  });

  it('remembers a detector that was changed by hand', async () => {
    const pipeline = await make();
    const { body } = await gateway.owner.call('updatePipeline', { params: { id: pipeline.id }, body: { name: 'Yard', detector: 'new-640' } });
    expect(body).toMatchObject({ detector: 'new-640', previousDetector: 'old-416' });
    const kept = await gateway.owner.call('updatePipeline', { params: { id: pipeline.id }, body: { name: 'Yard 2', detector: 'new-640' } });
    expect(kept.body.previousDetector).toBe('old-416');
  });

  it('says what would not be found any more', async () => {
    const pipeline = await make();
    const { body: watcher } = await gateway.owner.call('createCamera', { body: { name: 'Lot', url: 'rtsp://10.0.0.7/1', pipelineId: pipeline.id } });
    await gateway.owner.call('createRule', { body: { name: 'Parking', cameraIds: [watcher.id], labels: ['car'], condition: { kind: 'dwell', seconds: 60 } } });
    const warning = 'the candidate "new-640" does not know car, which rules look for: Parking';
    expect((await act(gateway.owner, 'startRollout', pipeline, { candidate: 'new-640' })).body.warnings).toMatchObject([{ text: warning }]);
    const listed = ((await gateway.owner.call('listPipelines', { query: { limit: '500' } })).body.items as PipelineView[]).find((one) => one.id === pipeline.id);
    expect(listed?.warnings).toMatchObject([{ text: warning }]);
    await gateway.owner.call('deleteCamera', { params: { id: watcher.id } });
  });

  it('cannot be promoted where there is none, nor rolled back without a past, nor to a model that does not run', async () => {
    const pipeline = await make();
    expect((await act(gateway.owner, 'promoteCandidate', pipeline)).body.code).toBe('pipeline.no-rollout');
    expect((await act(gateway.owner, 'rollBackPipeline', pipeline)).body.code).toBe('pipeline.no-previous');
    for (const candidate of ['broken', 'not-there']) {
      await act(gateway.owner, 'startRollout', pipeline, { candidate });
      const answer = await act(gateway.owner, 'promoteCandidate', pipeline);
      expect([answer.status, answer.body.code]).toEqual([409, 'pipeline.model-not-ready']);
    }
    const unknown = (await gateway.owner.call('listPipelines', { query: { limit: '500' } })).body.items.find((one: PipelineView) => one.id === pipeline.id);
    expect(unknown).toMatchObject({ detector: 'old-416', rollout: { candidate: 'not-there' }, warnings: [{ text: 'the candidate "not-there" is not installed' }] });
  });

  it('is nobody else\'s: neither a viewer\'s nor that of somebody who sees some cameras only', async () => {
    const pipeline = await make({ rollout: { candidate: 'new-640', canaryCameraIds: [camera.id] } });
    const { visitor: viewer } = await gateway.withUser('viewer');
    const { visitor: scoped } = await gateway.withUser('operator', []);
    for (const [who, code] of [[viewer, 'auth.forbidden'], [scoped, 'auth.outside-scope']] as const) {
      for (const route of ['endRollout', 'promoteCandidate', 'rollBackPipeline'] as const) expect([route, (await act(who, route, pipeline)).body.code]).toEqual([route, code]);
      expect((await act(who, 'startRollout', pipeline, { candidate: 'broken' })).body.code).toBe(code);
    }
    const seen = ((await scoped.call('listPipelines', { query: { limit: '500' } })).body.items as PipelineView[]).find((one) => one.id === pipeline.id);
    expect(seen).toMatchObject({ rollout: { candidate: 'new-640', canaryCameraIds: [] }, warnings: [] });
    const { visitor: operator } = await gateway.withUser('operator');
    expect((await act(operator, 'promoteCandidate', pipeline)).body.detector).toBe('new-640');
  });

  it('forgets a canary that is deleted', async () => {
    const { body: canary } = await gateway.owner.call('createCamera', { body: { name: 'Canary', url: 'rtsp://10.0.0.8/1' } });
    const pipeline = await make({ rollout: { candidate: 'new-640', canaryCameraIds: [canary.id, camera.id] } });
    await gateway.owner.call('deleteCamera', { params: { id: canary.id } });
    await expect.poll(() => told(pipeline.id)?.rollout?.canaryCameraIds).toEqual([camera.id]);
    expect((await gateway.owner.call('updatePipeline', { params: { id: pipeline.id }, body: { ...told(pipeline.id) } })).status).toBe(200);
  });

  it('is promoted once, however often it is asked for at the same time', async () => {
    const pipeline = await make({ rollout: { candidate: 'new-640' } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => act(gateway.owner, 'promoteCandidate', pipeline)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409]);
  });
});

describe('the figures of a trial', () => {
  it('come with the system, without ids of cameras that the reader may not see', async () => {
    const rollout = { pipelineId: DEFAULT_PIPELINE_ID, candidate: 'new-640', candidateVersion: '1.0.0', frames: 10, both: 8, onlyCurrent: 1, onlyCandidate: 2, agreement: 0.84, computeMsP50: 12, canaryCameraIds: [camera.id] } as never;
    engine.send({ type: 'stats', cameras: [], compute: { devices: [], runs: [], load: null, rollouts: [rollout] }, models: MODELS });
    await expect.poll(async () => (await gateway.owner.call('getSystem')).body.compute.rollouts).toEqual([rollout]);
    const { visitor: scoped } = await gateway.withUser('viewer', []);
    expect((await scoped.call('getSystem')).body.compute.rollouts).toMatchObject([{ agreement: 0.84, canaryCameraIds: [] }]);
  });
});
