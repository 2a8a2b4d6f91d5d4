import { describe, expect, it } from 'vitest';
import { FairScheduler } from './fair-scheduler.js';
import { Mailbox } from './mailbox.js';

function openCameras(weights: Record<string, number>) {
  const scheduler = new FairScheduler<string, string>();
  const mailboxes = new Map(Object.keys(weights).map((key) => [key, new Mailbox<string>({ onDrop: () => {} })]));
  for (const [key, mailbox] of mailboxes) scheduler.add(key, mailbox, { weight: weights[key] ?? 1 });
  const offer = (key: string, now = 0) => mailboxes.get(key)?.offer(key, now);
  const serve = (rounds: number, keys: readonly string[]) => {
    const turns: Record<string, number> = {};
    for (let i = 0; i < rounds; i += 1) {
      keys.forEach((key) => offer(key));
      const next = scheduler.next(0);
      if (next) turns[next.key] = (turns[next.key] ?? 0) + 1;
    }
    return turns;
  };
  return { scheduler, offer, serve };
}

describe('FairScheduler', () => {
  it('takes turns among cameras that always have a frame', () => {
    const { scheduler, offer } = openCameras({ a: 1, b: 1, c: 1 });
    const order = Array.from({ length: 6 }, () => {
      ['a', 'b', 'c'].forEach((key) => offer(key));
      return scheduler.next(0)?.key;
    });
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('gives turns by weight', () => {
    expect(openCameras({ a: 1, b: 3 }).serve(400, ['a', 'b'])).toEqual({ a: 100, b: 300 });
  });

  it('lets nobody save up turns while it had nothing to offer', () => {
    const { serve } = openCameras({ a: 1, b: 1 });
    serve(1000, ['a']);
    expect(serve(10, ['a', 'b'])).toEqual({ a: 5, b: 5 });
  });

  it('skips what would be stale by the time it is done', () => {
    const { scheduler, offer } = openCameras({ a: 1, b: 1, c: 1 });
    offer('a', 0);
    offer('b', 5000);
    offer('c', 5000);
    expect([scheduler.next(5100)?.key, scheduler.next(5100)?.key, scheduler.next(5100)]).toEqual(['b', 'c', null]);
  });

  it('passes over who is held and keeps its account', () => {
    const { scheduler, offer } = openCameras({ a: 1, b: 1 });
    offer('a');
    expect(scheduler.next(0)?.key).toBe('a');
    scheduler.hold('a');
    for (let i = 0; i < 3; i += 1) {
      offer('a');
      offer('b');
      expect(scheduler.next(0)?.key).toBe('b');
    }
    scheduler.release('a');
    offer('b');
    expect(scheduler.next(0)?.key).toBe('a');
  });

  it('serves a class almost only before the next one, and starves nobody', () => {
    const scheduler = new FairScheduler<string, string>();
    const boxes = new Map<string, Mailbox<string>>();
    for (const priority of ['low', 'normal', 'critical'] as const) {
      const mailbox = new Mailbox<string>({ onDrop: () => {} });
      boxes.set(priority, mailbox);
      scheduler.add(priority, mailbox, { priority });
    }
    const turns: Record<string, number> = { low: 0, normal: 0, critical: 0 };
    for (let i = 0; i < 2730; i += 1) {
      for (const [key, mailbox] of boxes) if (!mailbox.waiting) mailbox.offer(key, 0);
      const key = scheduler.next(0)?.key ?? '';
      turns[key] = (turns[key] ?? 0) + 1;
    }
    expect(turns['critical']).toBeGreaterThanOrEqual(2550);
    expect(turns['normal']).toBeGreaterThanOrEqual(155);
    expect(turns['low']).toBeGreaterThanOrEqual(9);
  });

  it('lets a critical frame that comes late go first', () => {
    const scheduler = new FairScheduler<string, string>();
    const mailbox = () => new Mailbox<string>({ onDrop: () => {} });
    const [urgent, ...others] = [mailbox(), mailbox(), mailbox()];
    scheduler.add('urgent', urgent as Mailbox<string>, { priority: 'critical' });
    others.forEach((box, index) => scheduler.add(`normal ${index}`, box));
    for (let i = 0; i < 20; i += 1) {
      others.forEach((box) => box.offer('n', 0));
      scheduler.next(0);
    }
    urgent?.offer('u', 0);
    expect(scheduler.next(0)?.key).toBe('urgent');
  });

  it('charges what an item costs', () => {
    const scheduler = new FairScheduler<string, string>();
    const boxes = { tiled: new Mailbox<string>({ onDrop: () => {} }), plain: new Mailbox<string>({ onDrop: () => {} }) };
    scheduler.add('tiled', boxes.tiled, { cost: 6 });
    scheduler.add('plain', boxes.plain);
    const turns = { tiled: 0, plain: 0 };
    for (let i = 0; i < 700; i += 1) {
      boxes.tiled.offer('t', 0);
      boxes.plain.offer('p', 0);
      turns[scheduler.next(0)?.key as 'tiled' | 'plain'] += 1;
    }
    expect(turns).toEqual({ tiled: 100, plain: 600 });
  });

  it('forgets a removed camera and refuses a weight that means nothing', () => {
    const { scheduler, offer } = openCameras({ a: 1 });
    offer('a');
    scheduler.remove('a');
    expect(scheduler.next(0)).toBeNull();
    expect(() => scheduler.add('z', new Mailbox({ onDrop: () => {} }), { weight: 0 })).toThrow('positive weight');
  });
});
