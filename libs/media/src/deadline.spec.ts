import { describe, expect, it } from 'vitest';
import { deadline } from './deadline.js';

const later = <T>(value: T, ms: number) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));
const late = () => new Error('late');
const nothing = async () => undefined;

describe('deadline', () => {
  it('gives the result in time', async () => expect(await deadline(later(7, 5), 200, undefined, nothing, late)).toBe(7));

  it('passes on a failure and does not tidy up behind it', async () => {
    let tidied = false;
    const work = deadline(Promise.reject(new Error('broken')), 200, undefined, async () => void (tidied = true), late);
    await expect(work).rejects.toThrow('broken');
    expect(tidied).toBe(false);
  });

  it('gives up in time and leaves the tidying to the caller', async () => {
    let tidied = false;
    await expect(deadline(later(7, 200), 10, undefined, async () => void (tidied = true), late)).rejects.toThrow('late');
    expect(tidied).toBe(true);
  });

  it('grants more time when told to', async () => {
    const verdicts: (number | Error)[] = [20, 100, late()];
    expect(await deadline(later(7, 60), 10, undefined, nothing, () => verdicts.shift() ?? late())).toBe(7);
  });

  it('stops at once when the caller gives up', async () => {
    await expect(deadline(later(7, 200), 100, AbortSignal.abort(new Error('stopped')), nothing, late)).rejects.toThrow('stopped');
  });
});
