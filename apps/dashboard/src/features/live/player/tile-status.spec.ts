import type { CameraId, CameraState } from '@argus/contracts';
import { expect, it } from 'vitest';
import { tileStatus, type TileFacts } from './tile-status.js';

const since = '2026-01-01T00:00:00.000Z';
const at = Date.parse(since);
const camera = (state: CameraState['state'], extra: Partial<CameraState> = {}): CameraState => ({ cameraId: 'c' as CameraId, state, reason: null, since, lastError: null, lastErrorAt: null, attempts: 0, ...extra });
const facts: TileFacts = { nowMs: at + 60_000, camera: camera('online'), linked: true, linkSinceMs: at + 1000, lastPictureMs: at + 59_900, mode: 'webcodecs', modeProblem: null };

it.each<[string, Partial<TileFacts>, string, number]>([
  ['a fresh picture of an online camera is live', {}, 'live', at],
  ['no picture yet is connecting, whatever the camera says', { lastPictureMs: null }, 'connecting', at + 1000],
  ['an old picture is stalled since it came', { lastPictureMs: at + 56_000 }, 'stalled', at + 56_000],
  ['the camera knows that it is stalled', { camera: camera('stalled') }, 'stalled', at],
  ['offline wins over a fresh picture', { camera: camera('offline', { reason: 'unauthorized', lastError: 'wrong password' }) }, 'offline', at],
  ['a lost link is said when the picture is old', { linked: false, linkSinceMs: at + 50_000, lastPictureMs: at + 50_000 }, 'unlinked', at + 50_000],
  ['a link lost a moment ago does not grey the picture yet', { linked: false }, 'live', at],
  ['what is withheld is said, whatever was shown a moment ago', { withheld: { reason: 'no-encoder', text: 'none', sinceMs: at + 7 } }, 'withheld', at + 7],
  ['an offline camera is offline, masks or not', { camera: camera('offline'), withheld: { reason: 'masks-changed', text: '', sinceMs: at + 7 } }, 'offline', at],
  ['a disabled camera is disabled even without a link', { camera: camera('disabled'), linked: false }, 'disabled', at],
])('%s', (_name, change, phase, sinceMs) => {
  expect(tileStatus({ ...facts, ...change })).toMatchObject({ phase, sinceMs });
});

it('keeps reason and words of the failure', () => {
  const status = tileStatus({ ...facts, camera: camera('offline', { reason: 'timeout', lastError: 'no answer' }) });
  expect(status).toMatchObject({ reason: 'timeout', lastError: 'no answer' });
});
