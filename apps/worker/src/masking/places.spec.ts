import { expect, it } from 'vitest';
import { MaskingBusyError } from '../errors.js';
import { Places } from './places.js';

const here = () => new AbortController().signal;
const settledOf = async (promise: Promise<unknown>): Promise<string> => Promise.race([promise.then(() => 'in', () => 'refused'), new Promise<string>((later) => setTimeout(() => later('waits'), 0))]);

it('lets so many in, others one after the other, and refuses who comes when too many wait', async () => {
  const places = new Places({ atOnce: 2, mostWaiting: 2, waitMs: 60_000 });
  const [leave] = [await places.enter(here()), await places.enter(here())];
  const [third, fourth] = [places.enter(here()), places.enter(here())];
  await expect(places.enter(here())).rejects.toBeInstanceOf(MaskingBusyError);
  expect([await settledOf(third), await settledOf(fourth)]).toEqual(['waits', 'waits']);
  leave();
  leave();
  expect([await settledOf(third), await settledOf(fourth), places.taken]).toEqual(['in', 'waits', 2]);
  (await third)();
  expect([await settledOf(fourth), places.taken]).toEqual(['in', 2]);
  (await fourth)();
  expect(places.taken).toBe(1);
});

it('forgets who goes away while waiting, and refuses who has waited long enough', async () => {
  const places = new Places({ atOnce: 1, mostWaiting: 5, waitMs: 0 });
  const leave = await places.enter(here());
  const gone = new AbortController();
  const waiting = places.enter(gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(places.enter(here())).rejects.toBeInstanceOf(MaskingBusyError);
  await expect(places.enter(gone.signal)).rejects.toThrow('gone');
  leave();
  expect(places.taken).toBe(0);
});
