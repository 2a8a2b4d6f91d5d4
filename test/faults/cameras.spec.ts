import { readFileSync } from 'node:fs';
import type { Camera, SystemStatus } from '@argus/contracts';
import { type Product, type RtspCameras, isBuilt, startProduct, startRtspCameras, waitFor } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Rounds of killing and reviving one camera; 3 in the everyday run, 20 for acceptance with ARGUS_CAMERA_ROUNDS=20. */
const ROUNDS = Number(process.env['ARGUS_CAMERA_ROUNDS'] ?? 3);
const seconds = (count: number) => new Promise((wake) => setTimeout(wake, count * 1000));
const HEALTHY = ['good-1', 'good-2'] as const;

/** Real: the whole product, RTSP over TCP from three separate camera processes, SIGKILL, garbage, a wrong password, a stall. */
describe.skipIf(!isBuilt())('cameras that misbehave', () => {
  let product: Product;
  let good: RtspCameras;
  let mortal: RtspCameras;
  let nasty: RtspCameras;

  beforeAll(async () => {
    product = await startProduct();
    good = await startRtspCameras({ cameras: [{ path: 'good-1' }, { path: 'good-2', startSeconds: 30 }] });
    mortal = await startRtspCameras({ cameras: [{ path: 'mortal' }] });
    nasty = await startRtspCameras({ cameras: [{ path: 'garbage', fault: 'garbage' }, { path: 'locked', user: { user: 'admin', password: 'right', scheme: 'basic' } }, { path: 'stalls' }] });
    for (const path of HEALTHY) await add(path, good.url(path));
    await add('mortal', mortal.url('mortal'));
    await add('garbage', nasty.url('garbage'));
    await add('locked', nasty.url('locked').replace(':right@', ':wrong@'));
    await add('stalls', nasty.url('stalls'));
    for (const path of [...HEALTHY, 'mortal', 'stalls']) await waitFor(async () => (await look(path)).state.state === 'online', 30_000, () => `${path} did not come online; ${product.output()}`);
  });

  afterAll(async () => {
    await product?.stop();
    await Promise.all([good?.kill(), mortal?.kill(), nasty?.kill()]);
  });

  it('says why a password is wrong, without saying the password', async () => {
    const { state } = await waitFor(async () => {
      const seen = await look('locked');
      return seen.state.reason === 'unauthorized' && seen;
    }, 20_000, () => 'a wrong password was not recognised');
    expect(state.state).toBe('offline');
    expect(state.lastError).toBeTruthy();
    expect(JSON.stringify(state)).not.toContain('wrong');
  });

  it('says why a camera that sends garbage gives no picture', async () => {
    const { state } = await waitFor(async () => {
      const seen = await look('garbage');
      return seen.state.lastError !== null && seen;
    }, 30_000, () => 'garbage was not noticed');
    expect(state.lastError).toBeTruthy();
  });

  it(`keeps the rate of the others within 1 % while one dies ${ROUNDS} times, one stalls, and memory stays flat`, async () => {
    await seconds(5);
    const residentBefore = await residentBytes();
    const before = await receivedByHealthy();
    const sentBefore = await good.sent();
    for (let round = 0; round < ROUNDS; round += 1) {
      const port = mortal.port;
      await mortal.kill();
      await waitFor(async () => (await look('mortal')).state.state !== 'online', 15_000, () => 'a dead camera was still shown online');
      mortal = await startRtspCameras({ cameras: [{ path: 'mortal' }], port });
      await waitFor(async () => (await look('mortal')).state.state === 'online', 45_000, () => 'the camera did not come back');
      if (round === 0) await nasty.fault('stalls', 'stall');
      if (round === 1) await waitFor(async () => ['stalled', 'offline', 'connecting'].includes((await look('stalls')).state.state), 10_000, () => 'a stall was not noticed');
    }
    await nasty.fault('stalls', 'none');
    const after = await receivedByHealthy();
    const sentAfter = await good.sent();
    for (const path of HEALTHY) {
      const received = (after[path] ?? 0) - (before[path] ?? 0);
      const sent = (sentAfter[path] ?? 0) - (sentBefore[path] ?? 0);
      // The two counters are read a moment apart: a second's worth of pictures may lie between them.
      expect(Math.abs(received - sent)).toBeLessThanOrEqual(Math.max(10, sent * 0.01));
    }
    await waitFor(async () => (await look('stalls')).state.state === 'online', 45_000, () => 'the stalled camera did not come back');
    expect(await residentBytes()).toBeLessThan(residentBefore * 1.15 + 30e6);
  }, 1_800_000);

  async function add(name: string, url: string): Promise<void> {
    await product.api<Camera>('POST', '/cameras', { name, url, labels: ['person'] });
  }

  async function look(name: string) {
    const [{ items }, system] = await Promise.all([product.api<{ items: Camera[] }>('GET', '/cameras?limit=100'), product.api<SystemStatus>('GET', '/system')]);
    const camera = items.find((candidate) => candidate.name === name);
    const seen = system.cameras.find((candidate) => candidate.state.cameraId === camera?.id);
    if (!seen) throw new Error(`no camera named ${name}`);
    return seen;
  }

  async function receivedByHealthy(): Promise<Record<string, number>> {
    const counts = await Promise.all(HEALTHY.map(async (path) => [path, (await look(path)).stats?.received ?? 0] as const));
    return Object.fromEntries(counts);
  }

  /** Resident memory of inference and all its children, bytes. */
  async function residentBytes(): Promise<number> {
    const family = familyOf(await product.pidOf('inference'));
    return family.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024, 0);
  }
});

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(familyOf)];
}
