import type { Event, EventId, EventState } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { expect, it } from 'vitest';
import { OpenEvents } from './open-events.js';

it('tells what lasts, and what was over at once', () => {
  const open = new OpenEvents();
  const [a, b] = [newId<EventId>(), newId<EventId>()];
  const change = (...of: [EventId, EventState, boolean?][]) => open.change(of.map(([id, state, revised = true]) => ({ event: { id, state } as Event, revised })));
  expect(change([a, 'provisional'])).toEqual([true]);
  expect(change([a, 'confirmed', false])).toEqual([]);
  expect(change([b, 'provisional'], [a, 'confirmed'])).toEqual([true]);
  expect(change([a, 'ended'])).toEqual([true]);
  expect(change([b, 'ended'])).toEqual([true, false]);
  expect(change([a, 'provisional'], [a, 'ended'])).toEqual([true, false]);
});
