import type { RecordingHold } from '@argus/contracts';
import { expect, it } from 'vitest';
import { holdsAt, holdsIn } from './use-holds.js';

const hold = (reason: string, cameraId: string, from: number, to: number) => ({ reason, cameraId, from: new Date(from).toISOString(), to: new Date(to).toISOString() }) as RecordingHold;
const holds = [hold('late', 'a', 3000, 4000), hold('early', 'a', 0, 2000), hold('other', 'b', 0, 9000)];

it('finds what is protected at a moment of a camera, its end left out', () => {
  const at = (cameraId: string, ms: number) => holdsAt(holds, cameraId, ms).map(({ reason }) => reason);
  expect([at('a', 0), at('a', 1999), at('a', 2000), at('a', 3500), at('b', 3500)]).toEqual([['early'], ['early'], [], ['late'], ['other']]);
});

it('finds what reaches into a view, oldest first', () => {
  const inView = (fromMs: number, toMs: number) => holdsIn(holds, { fromMs, toMs }).map(({ reason }) => reason);
  expect([inView(0, 10_000), inView(2000, 3000), inView(3999, 5000)]).toEqual([['early', 'other', 'late'], ['other'], ['other', 'late']]);
});
