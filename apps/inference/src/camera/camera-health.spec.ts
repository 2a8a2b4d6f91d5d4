import type { CameraId, CameraState } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { CameraHealth } from './camera-health.js';

function setUp() {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const seen: CameraState[] = [];
  const health = new CameraHealth(newId<CameraId>(), clock, (state) => seen.push(state));
  return { clock, seen, health };
}

describe('CameraHealth', () => {
  it('stays offline through retries, counts them, and keeps the last error while online', () => {
    const { clock, health } = setUp();
    health.attempt();
    clock.ms = 1000;
    health.offline('unauthorized', 'rtsp://u:p@h/1: wrong user name or password');
    expect(health.view()).toMatchObject({ state: 'offline', reason: 'unauthorized', attempts: 1, since: '1970-01-01T00:00:01.000Z', lastError: 'rtsp://***@h/1: wrong user name or password' });
    clock.ms = 3000;
    health.attempt();
    health.offline('unauthorized', 'again');
    expect(health.view()).toMatchObject({ state: 'offline', attempts: 2, since: '1970-01-01T00:00:01.000Z', lastErrorAt: '1970-01-01T00:00:03.000Z' });
    clock.ms = 5000;
    health.online();
    expect(health.view()).toMatchObject({ state: 'online', reason: null, attempts: 0, since: '1970-01-01T00:00:05.000Z', lastError: 'again' });
  });

  it('goes from online to stalled and back without a reason', () => {
    const { health, seen } = setUp();
    health.online();
    health.stalled('no data for 5 s');
    expect(health.view()).toMatchObject({ state: 'stalled', reason: null, lastError: 'no data for 5 s' });
    health.online();
    expect(seen.map((state) => state.state)).toEqual(['online', 'stalled', 'online']);
  });

  it('forgets everything with a new source; a disabled camera takes no late failure', () => {
    const { health } = setUp();
    health.offline('refused', 'x');
    health.restart(false);
    health.offline('refused', 'late');
    expect(health.view()).toMatchObject({ state: 'disabled', reason: null, lastError: null, attempts: 0 });
    health.restart(true);
    expect(health.view().state).toBe('connecting');
  });
});
