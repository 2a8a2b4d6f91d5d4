import { describe, expect, it } from 'vitest';
import { FairScheduler } from './fair-scheduler.js';
import { Mailbox } from './mailbox.js';

function openCameras(weights: Record<string, number>) {
  const scheduler = new FairScheduler<string, string>();
  const mailboxes = new Map(Object.keys(weights).map((key) => [key, new Mailbox<string>({ onDrop: () => {} })]));
  for (const [key, mailbox] of mailboxes) scheduler.add(key, mailbox, weights[key]);
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

  it('gives a batch of different cameras and skips stale frames', () => {
    const { scheduler, offer } = openCameras({ a: 1, b: 1, c: 1 });
    offer('a', 0);
    offer('b', 5000);
    offer('c', 5000);
    expect(scheduler.nextBatch(8, 5000).map(({ key }) => key)).toEqual(['b', 'c']);
    expect(scheduler.next(5000)).toBeNull();
  });

  it('forgets a removed camera and refuses a weight that means nothing', () => {
    const { scheduler, offer } = openCameras({ a: 1 });
    offer('a');
    scheduler.remove('a');
    expect(scheduler.next(0)).toBeNull();
    expect(() => scheduler.add('z', new Mailbox({ onDrop: () => {} }), 0)).toThrow('positive weight');
  });
});
