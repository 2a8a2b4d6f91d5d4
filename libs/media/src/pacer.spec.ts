import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.js';

describe('Pacer', () => {
  it('keeps to the media time', async () => {
    const pacer = new Pacer();
    const started = performance.now();
    for (const ms of [0, 20, 40, 60]) await pacer.until(ms * 1000);
    expect(performance.now() - started).toBeGreaterThan(55);
  });

  it('ends a wait when it is cancelled', async () => {
    const pacer = new Pacer();
    await pacer.until(0);
    const waiting = pacer.until(60_000_000);
    pacer.cancel();
    await waiting;
  });
});
