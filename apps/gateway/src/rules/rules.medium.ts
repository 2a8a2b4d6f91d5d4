import type { Camera, Rule } from '@argus/contracts';
import { DEFAULT_PIPELINE_ID } from '@argus/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';

/** Real: PostgreSQL, HTTP, the engine's socket. Rules, pipelines, models and the system page. */
let gateway: RunningGateway;
let mine: Camera;
let other: Camera;
const ZONE = { name: 'Yard', kind: 'area', points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }] };
const RULE = { name: 'Somebody in the yard', condition: { kind: 'zone', zone: 'Yard', trigger: 'enter' } };

beforeAll(async () => {
  gateway = await runGateway();
  mine = (await gateway.owner.call('createCamera', { body: { name: 'mine', url: 'rtsp://10.0.0.2/1', zones: [ZONE] } })).body;
  other = (await gateway.owner.call('createCamera', { body: { name: 'other', url: 'rtsp://10.0.0.3/1', labels: ['car'] } })).body;
});
afterAll(() => gateway?.stop());

describe('a rule', () => {
  it('is added, read, changed and removed', async () => {
    const { body } = await gateway.owner.call('createRule', { body: RULE });
    expect(body).toMatchObject({ ...RULE, enabled: true, cameraIds: null, labels: [], schedule: null, warnings: [] });
    const schedule = { windows: [{ days: [1, 7], from: '22:00', to: '06:00' }] };
    const { warnings: _none, ...rule } = body;
    const changed = await gateway.owner.call('updateRule', { params: { id: rule.id }, body: { ...rule, schedule, cameraIds: [mine.id] } });
    expect(changed.body).toMatchObject({ schedule, cameraIds: [mine.id] });
    expect((await gateway.owner.call('getRule', { params: { id: rule.id } })).body.schedule).toEqual(schedule);
    expect((await gateway.owner.call('deleteRule', { params: { id: rule.id } })).status).toBe(204);
    expect((await gateway.owner.call('getRule', { params: { id: rule.id } })).body.code).toBe('rule.not-found');
  });

  it('says why it may stay silent, and is saved all the same', async () => {
    const warned = async (change: object): Promise<string[]> => (await gateway.owner.call('createRule', { body: { ...RULE, ...change } })).body.warnings;
    expect(await warned({ cameraIds: [mine.id, other.id] })).toEqual(['these cameras have no area named "Yard": other']);
    expect(await warned({ condition: { ...RULE.condition, zone: 'Roof' } })).toEqual(['none of its cameras has an area named "Roof" yet']);
    expect(await warned({ labels: ['person'] })).toEqual(['these cameras do not look for person: other']);
    expect(await warned({ condition: { kind: 'attribute', attribute: 'helmet', values: ['no'] } })).toEqual(['no pipeline has a second stage that gives the attribute "helmet"']);
  });

  it('outlives its only camera, and then looks at none', async () => {
    const gone = (await gateway.owner.call('createCamera', { body: { name: 'gone', url: 'rtsp://10.0.0.4/1', zones: [ZONE] } })).body;
    const { warnings: _none, ...rule } = (await gateway.owner.call('createRule', { body: { ...RULE, cameraIds: [gone.id] } })).body;
    await gateway.owner.call('deleteCamera', { params: { id: gone.id } });
    expect((await gateway.owner.call('getRule', { params: { id: rule.id } })).body.cameraIds).toEqual([]);
    expect((await gateway.owner.call('updateRule', { params: { id: rule.id }, body: { ...rule, cameraIds: [] } })).status).toBe(200);
  });

  it.each([
    [{ cameraIds: ['00000000-0000-7000-8000-0000000000ff'] }, 'cameraIds.0'],
    [{ condition: { kind: 'magic' } }, 'condition.kind'],
    [{ condition: { kind: 'count', comparison: 'over', threshold: -1 } }, 'condition.threshold'],
    [{ schedule: { windows: [{ days: [8], from: '24:00', to: '06:00' }] } }, 'schedule.windows.0.days.0'],
    [{ name: 7 }, 'name'],
  ])('refuses %j', async (wrong, path) => {
    const answer = await gateway.owner.call('createRule', { body: { ...RULE, ...wrong } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  it('of other cameras is hidden from a scoped operator, and what it shares cannot be changed', async () => {
    const make = async (cameraIds: string[] | null): Promise<Rule> => (await gateway.owner.call('createRule', { body: { ...RULE, cameraIds } })).body;
    const [own, foreign, shared, global] = [await make([mine.id]), await make([other.id]), await make([mine.id, other.id]), await make(null)];
    const { visitor: operator } = await gateway.withUser('operator', [mine.id]);
    const seen = (await operator.call('listRules', { query: { limit: '500' } })).body.items as Rule[];
    expect(seen.map((rule) => rule.id)).toEqual(expect.arrayContaining([own.id, shared.id, global.id]));
    expect(seen.map((rule) => rule.id)).not.toContain(foreign.id);
    expect(seen.find((rule) => rule.id === shared.id)?.cameraIds).toEqual([mine.id]);

    const attempt = async (rule: Rule, cameraIds: string[] | null) => (await operator.call('updateRule', { params: { id: rule.id }, body: { ...RULE, cameraIds } })).body.code;
    expect(await attempt(own, [mine.id])).toBeUndefined();
    expect(await attempt(own, null)).toBe('auth.outside-scope');
    expect(await attempt(own, [other.id])).toBe('auth.outside-scope');
    expect(await attempt(shared, [mine.id])).toBe('auth.outside-scope');
    expect(await attempt(global, [mine.id])).toBe('auth.outside-scope');
    expect(await attempt(foreign, [mine.id])).toBe('rule.not-found');
    expect((await operator.call('deleteRule', { params: { id: shared.id } })).body.code).toBe('auth.outside-scope');
    expect((await operator.call('deleteRule', { params: { id: foreign.id } })).status).toBe(404);
    expect((await operator.call('createRule', { body: RULE })).body.code).toBe('auth.outside-scope');
    expect((await operator.call('createRule', { body: { ...RULE, cameraIds: [mine.id] } })).status).toBe(201);
  });
});

describe('a pipeline', () => {
  it('is there by default: person to posture, looked at again since it changes', async () => {
    const { body } = await gateway.owner.call('listPipelines');
    expect(body.items[0]).toMatchObject({ id: DEFAULT_PIPELINE_ID, isDefault: true, detector: 'nanodet-g-416', routes: [{ labels: ['person'], model: 'movenet-posture-192', attribute: 'posture', refreshSeconds: expect.any(Number) }] });
    const answer = await gateway.owner.call('deletePipeline', { params: { id: DEFAULT_PIPELINE_ID } });
    expect([answer.status, answer.body.code]).toEqual([409, 'pipeline.default']);
  });

  it('is changed by who sees all cameras, and stays while a camera uses it', async () => {
    const settings = { name: 'Gate', detector: 'nanodet-g-416' };
    const { body: pipeline } = await gateway.owner.call('createPipeline', { body: settings });
    await gateway.owner.call('updateCamera', { params: { id: other.id }, body: { ...other, pipelineId: pipeline.id } });
    expect((await gateway.owner.call('deletePipeline', { params: { id: pipeline.id } })).body.code).toBe('pipeline.in-use');
    const { visitor: scoped } = await gateway.withUser('operator', [mine.id]);
    for (const answer of [await scoped.call('createPipeline', { body: settings }), await scoped.call('updatePipeline', { params: { id: pipeline.id }, body: settings }), await scoped.call('deletePipeline', { params: { id: pipeline.id } })]) {
      expect(answer.body.code).toBe('auth.outside-scope');
    }
    const { visitor: operator } = await gateway.withUser('operator');
    expect((await operator.call('updatePipeline', { params: { id: pipeline.id }, body: { ...settings, analysisFps: 8 } })).body).toMatchObject({ analysisFps: 8, isDefault: false });
    await gateway.owner.call('updateCamera', { params: { id: other.id }, body: other });
    expect((await operator.call('deletePipeline', { params: { id: pipeline.id } })).status).toBe(204);
  });
});

describe('what the engine reports', () => {
  it('shows in health, system and models, and models stay when it goes', async () => {
    expect((await gateway.nobody().call('health')).body).toMatchObject({ status: 'degraded', database: 'up', engine: 'down' });
    const engine = await connectEngine(gateway, () => null);
    const model = { id: 'nanodet-g-416', version: '1.0.0', title: 'NanoDet-g', task: 'detect', architecture: 'NanoDet-g', family: 'nanodet', labels: ['person'], inputWidth: 416, inputHeight: 416, license: 'Apache-2.0', builtIn: true, state: 'ready', problem: null } as never;
    engine.send({ type: 'stats', cameras: [], compute: { devices: [], runs: [], load: null, rollouts: [] }, models: [model] });
    await expect.poll(async () => (await gateway.owner.call('listModels')).body.items).toEqual([model]);
    expect((await gateway.nobody().call('health')).body).toMatchObject({ status: 'ok', engine: 'up' });
    const system = (await gateway.owner.call('getSystem')).body;
    expect(system).toMatchObject({ engine: { connected: true, version: 'test' }, processes: [], outbox: { pending: 0, dead: 0, oldestPendingAt: null } });
    expect(system.cameras).toHaveLength(2);
    engine.close();
    await expect.poll(async () => (await gateway.nobody().call('health')).body.engine).toBe('down');
    expect((await gateway.owner.call('listModels')).body.items).toEqual([model]);
    expect((await gateway.owner.call('getSnapshot', { params: { id: mine.id } })).body.code).toBe('engine.unavailable');
  });
});
