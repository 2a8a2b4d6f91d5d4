import type { CameraId } from '@argus/contracts';
import { expect, it } from 'vitest';
import type { Principal } from '../auth/principal.js';
import { LookAudit } from './look-audit.js';

const caller = { kind: 'user', id: 'u', remoteAddress: '10.0.0.1' } as unknown as Principal;
const MINUTE_MS = 60_000;

/** An audit in memory, slow as a database is, and a clock that is set. */
function setUp() {
  const rows: Record<string, unknown>[] = [];
  const state = { nowMs: 0, broken: false };
  const audit = {
    record: async (_actor: unknown, { details }: { details?: Readonly<Record<string, unknown>> }) => {
      await new Promise((done) => setTimeout(done, 1));
      if (state.broken) throw new Error('no database');
      return String(rows.push({ ...details }) - 1);
    },
    amend: async (id: string, details: Readonly<Record<string, unknown>>) => {
      await new Promise((done) => setTimeout(done, 1));
      rows[Number(id)] = { ...details };
    },
  };
  const looks = new LookAudit(audit, { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs });
  const look = (fromMs: number, toMs = fromMs + 1000) => looks.note({ action: 'footage.view', cameraId: 'c' as CameraId, fromMs, toMs }, caller);
  return { rows, state, look };
}

it('a look ends after five minutes of silence', async () => {
  const { rows, state, look } = setUp();
  for (const minute of [0, 4, 9, 15]) {
    state.nowMs = minute * MINUTE_MS;
    await look(0);
  }
  expect(rows).toEqual([
    { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z', lastAt: '1970-01-01T00:09:00.000Z' },
    { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z' },
  ]);
});

it('what is looked at once more and is known already is not written each time', async () => {
  const { rows, look } = setUp();
  for (let time = 0; time < 3; time += 1) await look(0);
  expect(rows).toEqual([{ from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z' }]);
});

it('a look that could not be written down is refused, all that came with it too, and the next has a row', async () => {
  const { rows, state, look } = setUp();
  state.broken = true;
  const answers = await Promise.allSettled([look(0), look(2000), look(0)]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  state.broken = false;
  await look(0);
  expect(rows).toEqual([{ from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z' }]);
});
