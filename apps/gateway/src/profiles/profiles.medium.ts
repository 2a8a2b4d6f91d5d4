import { ModelSummary, type CameraId, type GatewayToEngine } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';

/** Real: gateway, PostgreSQL, HTTP, engine socket. The engine is a small client of its protocol. */
const TRACE = JSON.stringify({ displayTimeUnit: 'ms', traceEvents: [{ ph: 'X', name: 'decode', pid: 1, tid: 100, ts: 0, dur: 5, args: { frame: 1 } }], otherData: { subject: 'x', pictures: 1 } });
const model = ModelSummary.parse({ id: 'nanodet-g-416', version: '1.0.0', title: 'd', task: 'detect', architecture: 'nanodet', family: 'nanodet', labels: ['person'], inputWidth: 416, inputHeight: 416, license: 'MIT', builtIn: true, state: 'ready', problem: null });
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
const ids: CameraId[] = [];
const asked: Extract<GatewayToEngine, { type: 'profile' }>[] = [];
let answers = true;

const body = (cameraId: string, seconds = 1) => ({ body: { subject: { kind: 'camera', cameraId }, seconds } });
const bodyOfModel = (id: string) => ({ body: { subject: { kind: 'model', model: id }, seconds: 1 } });

beforeAll(async () => {
  gateway = await runGateway();
  for (const name of ['Gate', 'Yard', 'Lane', 'Hall', 'Roof']) ids.push((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.1/1' } })).body.id as CameraId);
});
afterAll(async () => {
  engine?.close();
  await gateway?.stop();
});

describe('POST /api/v1/profiles', () => {
  it('says so when there is no engine', async () => {
    expect((await gateway.owner.call('recordProfile', body(ids[0]!))).body.code).toBe('engine.unavailable');
  });

  it('asks the engine and passes its trace on as it is', async () => {
    engine = await connectEngine(gateway, (message) => {
      if (message.type !== 'profile') return null;
      asked.push(message);
      return answers ? { type: 'profiled', requestId: message.requestId, trace: message.subject.kind === 'camera' && message.subject.cameraId === ids[1] ? null : TRACE } : null;
    });
    engine.send({ type: 'stats', cameras: [], compute: { devices: [], runs: [], load: null, rollouts: [] }, models: [model] });
    const answer = await waitFor(async () => {
      const one = await gateway.owner.call('recordProfile', body(ids[0]!, 2));
      return one.status === 200 ? one : null;
    }, 20_000);
    expect(answer.body).toEqual(JSON.parse(TRACE));
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(asked.at(-1)).toMatchObject({ subject: { kind: 'camera', cameraId: ids[0] }, seconds: 2 });
    await waitFor(async () => (await gateway.owner.call('recordProfile', bodyOfModel('nanodet-g-416'))).status === 200, 20_000);
  });

  it('tells what does not run from what does not exist', async () => {
    const answer = async (request: object) => (await gateway.owner.call('recordProfile', request)).body.code;
    expect(await answer(body(ids[1]!))).toBe('profile.nothing-runs');
    expect(await answer(body('00000000-0000-7000-8000-0000000000ff'))).toBe('camera.not-found');
    expect(await answer(bodyOfModel('no-such-model'))).toBe('model.not-found');
  });

  it.each([[{ seconds: 61 }], [{ seconds: 0.5 }], [{ subject: { kind: 'camera' } }], [{ subject: { kind: 'rule', id: 'x' } }]])('refuses %j', async (part) => {
    expect((await gateway.owner.call('recordProfile', { body: { ...body(ids[0]!).body, ...part } })).body.code).toBe('request.invalid');
  });

  it('records one subject once at a time, and others beside it', async () => {
    answers = false;
    const before = asked.length;
    const first = gateway.owner.call('recordProfile', body(ids[0]!));
    await waitFor(() => asked.length === before + 1, 20_000);
    const second = await gateway.owner.call('recordProfile', body(ids[0]!));
    expect([second.status, second.body.code]).toEqual([409, 'profile.busy']);
    answers = true;
    expect((await gateway.owner.call('recordProfile', bodyOfModel('nanodet-g-416'))).status).toBe(200);
    engine.send({ type: 'profiled', requestId: asked[before]!.requestId, trace: TRACE });
    expect((await first).status).toBe(200);
    expect((await gateway.owner.call('recordProfile', body(ids[0]!))).status).toBe(200);
  });

  it('records four subjects at once and no more', async () => {
    answers = false;
    const before = asked.length;
    const four = [ids[0]!, ...ids.slice(2)].map((id) => gateway.owner.call('recordProfile', body(id)));
    await waitFor(() => asked.length === before + 4, 20_000);
    expect((await gateway.owner.call('recordProfile', bodyOfModel('nanodet-g-416'))).body.code).toBe('profile.busy');
    answers = true;
    for (const { requestId } of asked.slice(before)) engine.send({ type: 'profiled', requestId, trace: TRACE });
    expect((await Promise.all(four)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await gateway.owner.call('recordProfile', bodyOfModel('nanodet-g-416'))).status).toBe(200);
  });

  it('is for those who may, and for cameras that they see', async () => {
    expect((await (await gateway.withKey(['system.read', 'metrics.read'])).call('recordProfile', body(ids[0]!))).status).toBe(403);
    expect((await (await gateway.withUser('viewer')).visitor.call('recordProfile', body(ids[0]!))).status).toBe(403);
    const scoped = await gateway.withKey(['profile.record'], [ids[0]!]);
    expect((await scoped.call('recordProfile', body(ids[0]!))).status).toBe(200);
    expect((await scoped.call('recordProfile', body(ids[1]!))).body.code).toBe('camera.not-found');
    expect((await scoped.call('recordProfile', bodyOfModel('nanodet-g-416'))).body.code).toBe('auth.outside-scope');
  });

  it('fails at once when the engine goes away, and is free again', async () => {
    answers = false;
    const before = asked.length;
    const waiting = gateway.owner.call('recordProfile', body(ids[0]!));
    await waitFor(() => asked.length === before + 1, 20_000);
    engine.close();
    expect((await waiting).body.code).toBe('engine.unavailable');
    expect((await gateway.owner.call('recordProfile', body(ids[0]!))).body.code).toBe('engine.unavailable');
  });
});
