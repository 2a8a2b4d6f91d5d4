import type { HarvestRun } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n/i18n.js';
import { countWords, progressWords, rateOf, shareOf } from './run-words.js';

const AT = Date.parse('2026-11-28T10:00:00.000Z');
const run = { state: 'running', startedAt: '2026-11-28T09:59:50.000Z', segments: { total: 48, done: 11, failed: 1, rejected: 0, underWay: 0 }, samples: { added: 300, known: 20, near: 80 }, secondsLeft: 30 } as HarvestRun;

describe('a run in words', () => {
  it('says how far, how fast and how long', () => {
    expect(progressWords(run, translator('en'), 'en', AT)).toBe('12 of 48 files · 300 pictures added · 20 there already · 80 nearly the same · 1 file not readable · 40 pictures/s · 30 sec left');
    expect(shareOf(run)).toBe(0.25);
  });

  it('says nothing that is not known', () => {
    const fresh = { ...run, segments: { total: 0, done: 0, failed: 0, rejected: 0, underWay: 0 }, samples: { added: 0, known: 0, near: 0 }, secondsLeft: null };
    expect(progressWords(fresh, translator('en'), 'en', AT)).toBe('Looking for footage');
    expect(progressWords({ ...fresh, segments: { ...fresh.segments, total: 4 } }, translator('en'), 'en', AT)).toBe('Until a worker is free');
    expect(progressWords({ ...fresh, segments: { ...fresh.segments, total: 4, underWay: 0.1 } }, translator('en'), 'en', AT)).toBe('0 of 4 files · 0 pictures added');
    expect([shareOf(fresh), rateOf(fresh, AT), rateOf({ ...run, state: 'done' }, AT), rateOf({ ...run, startedAt: null }, AT)]).toEqual([0, null, null, null]);
    expect(countWords({ ...fresh, state: 'done' }, translator('en'), 'en')).toBe('No new footage');
    expect(progressWords({ ...run, state: 'queued' }, translator('en'), 'en', AT)).toBe('Until a worker is free');
  });
});
