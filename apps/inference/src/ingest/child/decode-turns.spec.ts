import { describe, expect, it } from 'vitest';
import { DecodeTurns } from './decode-turns.js';

describe('DecodeTurns', () => {
  it('gives one slice a turn of the loop, in the order of asking', async () => {
    const turns = new DecodeTurns();
    const seen: string[] = [];
    const slice = (name: string) => turns.take(() => void seen.push(name));
    const all = Promise.all([slice('a'), slice('b')]);
    setImmediate(() => setImmediate(() => seen.push('others')));
    await slice('c');
    await all;
    expect(seen.indexOf('others')).toBeLessThan(seen.indexOf('c'));
    expect(seen.filter((name) => name !== 'others')).toEqual(['a', 'b', 'c']);
  });

  it('waits for a slice that goes on elsewhere, and says for how long it has', async () => {
    const turns = new DecodeTurns();
    const elsewhere = Promise.withResolvers<void>();
    let after = false;
    const first = turns.take(() => elsewhere.promise);
    const second = turns.take(() => void (after = true));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([after, turns.heldMs > 20]).toEqual([false, true]);
    elsewhere.resolve();
    await Promise.all([first, second]);
    expect([after, turns.heldMs]).toEqual([true, 0]);
  });

  it('goes on after a slice that failed, here or elsewhere', async () => {
    const turns = new DecodeTurns();
    await expect(turns.take(() => { throw new Error('here'); })).rejects.toThrow('here');
    await expect(turns.take(() => Promise.reject(new Error('elsewhere')))).rejects.toThrow('elsewhere');
    await turns.take(() => undefined);
  });
});
