import { describe, expect, it } from 'vitest';
import { clipRange } from './clip-range.js';

const at = (second: number) => new Date(second * 1000).toISOString();

describe('the clip of an event', () => {
  it.each([
    ['that is over', at(110), 97_000, 113_000],
    ['that goes on', null, 97_000, 115_000],
    ['that took an hour', at(3700), 97_000, 160_000],
  ])('%s begins three seconds before it', (_, endedAt, fromMs, toMs) => {
    expect(clipRange({ startedAt: at(100), endedAt })).toEqual({ fromMs, toMs });
  });
});
