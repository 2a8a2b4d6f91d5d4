import type { CameraId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { expect, it } from 'vitest';
import { CrashLedger } from './crash-ledger.js';

it('suspects a camera after two crashes within five minutes, and nobody else', () => {
  const [killer, innocent] = [newId<CameraId>(), newId<CameraId>()];
  const ledger = new CrashLedger();
  ledger.record([killer, innocent], 0);
  ledger.record([killer], 60_000);
  expect([ledger.isSuspect(killer, 60_000), ledger.isSuspect(innocent, 60_000)]).toEqual([true, false]);
  expect(ledger.isSuspect(killer, 6 * 60_000 + 1)).toBe(false);
  ledger.forget(killer);
  expect(ledger.isSuspect(killer, 60_000)).toBe(false);
});
