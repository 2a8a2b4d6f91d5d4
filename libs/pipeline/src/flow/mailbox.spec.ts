import type { DropCause } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mailbox } from './mailbox.js';

function openMailbox(staleMs = 1000, depth = 1) {
  const drops: [number, DropCause][] = [];
  return { drops, mailbox: new Mailbox<number>({ staleMs, depth, onDrop: (item, cause) => drops.push([item, cause]) }) };
}

describe('Mailbox', () => {
  it('gives the freshest item and drops what it overwrote', () => {
    const { mailbox, drops } = openMailbox();
    mailbox.offer(1, 0);
    mailbox.offer(2, 10);
    expect(mailbox.take(20)).toBe(2);
    expect(mailbox.take(20)).toBeNull();
    expect(drops).toEqual([[1, 'overwritten']]);
  });

  it('keeps what a burst brings, and what comes while it is worked off', () => {
    const { mailbox, drops } = openMailbox();
    mailbox.offer(1, 0);
    for (const item of [2, 3]) mailbox.offer(item, 1, true);
    expect([mailbox.take(20), mailbox.take(40)]).toEqual([1, 2]);
    mailbox.offer(4, 100);
    expect([mailbox.take(110), mailbox.take(120), mailbox.take(130)]).toEqual([3, 4, null]);
    mailbox.offer(5, 200);
    mailbox.offer(6, 300);
    expect(drops).toEqual([[5, 'overwritten']]);
  });

  it('goes back to the freshest when a burst is not worked off in time, and bounds it', () => {
    const { mailbox, drops } = openMailbox();
    for (let item = 0; item < 10; item += 1) mailbox.offer(item, 0, true);
    expect(drops.map(([item]) => item)).toEqual([0, 1]);
    mailbox.offer(10, 301);
    expect(drops).toHaveLength(10);
    expect([mailbox.take(302), mailbox.take(302)]).toEqual([10, null]);
  });

  it('drops what waited too long, and everything after it was closed', () => {
    const { mailbox, drops } = openMailbox(100);
    mailbox.offer(1, 0);
    expect(mailbox.take(101)).toBeNull();
    mailbox.offer(2, 200);
    mailbox.close();
    mailbox.offer(3, 300);
    expect(drops).toEqual([[1, 'stale'], [2, 'stopped'], [3, 'stopped']]);
  });

  it('gives several in order where it may hold several, and the oldest gives way', () => {
    const { mailbox, drops } = openMailbox(100, 3);
    for (const item of [1, 2, 3, 4]) mailbox.offer(item, item * 10);
    expect([mailbox.take(50), mailbox.take(140), mailbox.take(140)]).toEqual([2, 4, null]);
    expect(drops).toEqual([[1, 'overwritten'], [3, 'stale']]);
    expect(mailbox.idle).toBe(false);
    mailbox.settle(2, 'analysed');
    mailbox.settle(4, 'late');
    expect(mailbox.idle).toBe(true);
  });

  it('refuses to settle what was never taken', () => {
    expect(() => openMailbox().mailbox.settle(1, 'analysed')).toThrow(RangeError);
  });

  it('keeps the sum whatever happens: offered = analysed + dropped + in flight + waiting, and drops each item once', () => {
    const step = fc.constantFrom('offer', 'take', 'analysed', 'failed', 'close');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 300 })), { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, depth) => {
        const { mailbox, drops } = openMailbox(100, depth);
        const taken: number[] = [];
        let now = 0;
        steps.forEach(([what, wait], index) => {
          now += wait;
          if (what === 'offer') mailbox.offer(index, now, wait % 3 === 0);
          else if (what === 'close') mailbox.close();
          else if (what === 'take') {
            const item = mailbox.take(now);
            if (item !== null) taken.push(item);
          } else {
            const item = taken.shift();
            if (item !== undefined) mailbox.settle(item, what);
          }
          const { offered, analysed, dropped, inFlight, waiting } = mailbox.counts;
          const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
          expect(offered).toBe(analysed + lost + inFlight + waiting);
          expect(drops.length).toBe(lost);
        });
        expect(new Set(drops.map(([item]) => item)).size).toBe(drops.length);
      }),
    );
  });
});
