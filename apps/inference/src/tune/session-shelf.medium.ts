import { fileURLToPath } from 'node:url';
import type { DeviceId } from '@argus/contracts';
import { readModelPackage } from '@argus/models';
import { afterEach, expect, it } from 'vitest';
import type { Assignment } from '../models/placement.js';
import { PictureSlots } from './picture-slots.js';
import { SessionShelf } from './session-shelf.js';

/** Real: model processes, a ring file with the golden picture of a package. */
const PACKAGE = fileURLToPath(new URL('../../fixtures/models/box-64', import.meta.url));
const on = (threads: number): Assignment => ({ device: 'cpu' as DeviceId, provider: 'cpu', deviceIndex: 0, replicas: 1, threads, batch: 1, waitMs: 0 });

const shelf = new SessionShelf(PACKAGE);
afterEach(() => shelf.close());

it('hands out the same session again, answers from the ring, and ends with everything', async () => {
  const slots = new PictureSlots(await readModelPackage(PACKAGE), 99);
  const first = await shelf.take(on(1));
  const { results } = await first.run([slots.next(), slots.next()]);
  expect(results).toMatchObject([{ kind: 'detections', detections: { count: 1, labelNames: ['thing'] } }, { kind: 'detections' }]);
  expect(shelf.sessionBytes).toBeGreaterThan(10_000_000);
  await first.terminate();
  expect(first.alive).toBe(true);
  const [again, other] = [await shelf.take(on(1)), await shelf.take(on(2))];
  expect(again.pid).toBe(first.pid);
  expect(other.pid).not.toBe(first.pid);
  await shelf.close();
  expect([again.alive, other.alive]).toEqual([false, false]);
  slots.close();
});
