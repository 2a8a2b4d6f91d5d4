import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEngine, runGateway, type RunningGateway } from '../../test/running-gateway.js';

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

const PROFILE = {
  models: [{ model: 'nanodet-g-416', device: 'cpu', replicas: 2, threads: 1, batch: 4, waitMs: 5 }],
  reserved: ['cuda:1'],
  targetFps: { critical: null, normal: 5, low: 2 },
  hours: [{ from: '22:00', to: '06:00', targetFps: { critical: 10, normal: null, low: 0.5 } }],
  timeZone: 'Europe/Berlin',
};
const AUTOMATIC = { models: [], reserved: [], targetFps: { critical: null, normal: null, low: null }, hours: [], timeZone: 'UTC' };

describe('the tuning profile', () => {
  it('is automatic at first', async () => {
    expect((await gateway.owner.call('getTuning')).body).toMatchObject({ ...AUTOMATIC, warnings: [] });
    await expect.poll(() => engine.configs.at(-1)?.tuning).toEqual(AUTOMATIC);
  });

  it('is changed, reaches the engine at once, and can be reset', async () => {
    const saved = await gateway.owner.call('updateTuning', { body: PROFILE });
    expect(saved.body).toMatchObject(PROFILE);
    // Well before the publisher looks at the tables again by itself (15 s).
    await expect.poll(() => engine.configs.at(-1)?.tuning, { timeout: 2000 }).toEqual(PROFILE);
    expect((await gateway.owner.call('getTuning')).body).toEqual(saved.body);
    const [row] = (await gateway.owner.call('listAudit', { query: { limit: '1' } })).body.items;
    expect(row).toMatchObject({ action: 'tuning.update', subject: 'tuning', subjectId: null, details: { timeZone: 'Europe/Berlin' } });
    expect((await gateway.owner.call('updateTuning', { body: {} })).body).toMatchObject(AUTOMATIC);
    await expect.poll(() => engine.configs.at(-1)?.tuning, { timeout: 2000 }).toEqual(AUTOMATIC);
  });

  it.each([
    [{ models: [{ model: 'UPPER', device: 'cpu', replicas: 1 }] }, 'models.0.model'],
    [{ models: [{ model: 'a', device: 'gpu 0', replicas: 1 }] }, 'models.0.device'],
    [{ models: [{ model: 'a', device: 'cpu', replicas: 0 }] }, 'models.0.replicas'],
    [{ models: [{ model: 'a', device: 'cpu', replicas: 1, batch: 65 }] }, 'models.0.batch'],
    [{ models: [{ model: 'a', device: 'cuda:0', replicas: 1 }], reserved: ['cuda:0'] }, 'models.0.device'],
    [{ targetFps: { low: 0 } }, 'targetFps.low'],
    [{ hours: [{ from: '24:00', to: '06:00', targetFps: {} }] }, 'hours.0.from'],
    [{ hours: [{ from: '06:00', to: '06:00', targetFps: {} }] }, 'hours.0.to'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  ])('refuses %j', async (wrong, path) => {
    const answer = await gateway.owner.call('updateTuning', { body: wrong });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([400, 'request.invalid', path]);
  });

  it('says what has no effect on this machine', async () => {
    engine.send({ type: 'stats', cameras: [], compute: { devices: [{ id: 'cpu', kind: 'cpu', provider: 'cpu', name: 'x', memoryBytes: null, health: 'ok', problem: null } as never], runs: [], load: null, rollouts: [] }, models: [] });
    await expect.poll(async () => (await gateway.owner.call('getSystem')).body.compute.devices.length).toBe(1);
    expect((await gateway.owner.call('updateTuning', { body: PROFILE })).body.warnings).toEqual([{ code: 'device-missing', text: 'this machine has no device cuda:1', values: { device: 'cuda:1' } }]);
  });

  it('is read by who may see the system, and written by administrators of all cameras only', async () => {
    const { visitor: viewer } = await gateway.withUser('viewer');
    const { visitor: operator } = await gateway.withUser('operator');
    const { visitor: scoped } = await gateway.withUser('admin', []);
    const { visitor: admin } = await gateway.withUser('admin');
    expect((await viewer.call('getTuning')).status).toBe(200);
    expect((await gateway.nobody().call('getTuning')).status).toBe(401);
    expect((await viewer.call('updateTuning', { body: {} })).body.code).toBe('auth.forbidden');
    expect((await operator.call('updateTuning', { body: {} })).body.code).toBe('auth.forbidden');
    expect((await scoped.call('updateTuning', { body: {} })).body.code).toBe('auth.outside-scope');
    expect((await admin.call('updateTuning', { body: {} })).status).toBe(200);
  });
});
