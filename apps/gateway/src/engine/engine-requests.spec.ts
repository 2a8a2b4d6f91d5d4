import { expect, it, vi } from 'vitest';
import { EngineRequests } from './engine-requests.js';
import { EngineTimeoutError, EngineUnavailableError } from './errors.js';

it('hands each answer to who asked, and drops what nobody waits for', async () => {
  const requests = new EngineRequests();
  const ids: string[] = [];
  const [a, b] = [requests.ask('a', 1000, (id) => ids.push(id)), requests.ask('b', 1000, (id) => ids.push(id))];
  requests.answer(ids[1] as string, 'for b');
  requests.answer('unknown', 'for nobody');
  requests.answer(ids[0] as string, null);
  requests.answer(ids[0] as string, 'twice');
  expect(await Promise.all([a, b])).toEqual([null, 'for b']);
});

it('says after its time that no answer came', async () => {
  vi.useFakeTimers();
  const waiting = expect(new EngineRequests().ask('snapshot', 5000, () => undefined)).rejects.toThrow(EngineTimeoutError);
  await vi.advanceTimersByTimeAsync(5000);
  await waiting;
  vi.useRealTimers();
});

it('fails all that wait when the link breaks', async () => {
  const requests = new EngineRequests();
  const waiting = requests.ask('snapshot', 5000, () => undefined);
  requests.failAll();
  await expect(waiting).rejects.toThrow(EngineUnavailableError);
});
