import type { EventView } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { isFiltered, matchesFilter, queryOf, readFilter } from './event-filter.js';
import { mergeNews } from './event-news.js';

const event = (id: string, startedAt: string, revision = 1, extra: Partial<EventView> = {}) =>
  ({ id, startedAt, revision, state: 'confirmed', cameraId: 'c1', ruleId: 'r1', label: 'person', acknowledgedAt: null, ...extra }) as EventView;

describe('filter in the URL', () => {
  it('is read and becomes the query of the API', () => {
    const filter = readFilter(new URLSearchParams('camera=c1&state=confirmed&seen=no&from=2026-01-01T08:00:00%2B08:00'));
    expect(queryOf(filter)).toEqual({ camera: ['c1'], state: ['confirmed'], acknowledged: false, from: '2026-01-01T00:00:00.000Z' });
    expect(isFiltered(filter)).toBe(true);
  });

  it('ignores what it does not know', () => {
    const filter = readFilter(new URLSearchParams('state=open&seen=perhaps&from=yesterday&camera='));
    expect(isFiltered(filter)).toBe(false);
  });

  it.each([
    ['camera=c1', true],
    ['camera=c2', false],
    ['rule=r2', false],
    ['label=person&state=confirmed', true],
    ['state=ended', false],
    ['seen=yes', false],
    ['from=2026-01-01T00:00:01Z', false],
    ['to=2026-01-01T00:00:01Z', true],
  ])('%s matches: %s', (search, expected) => {
    expect(matchesFilter(event('a', '2026-01-01T00:00:00.000Z'), readFilter(new URLSearchParams(search)))).toBe(expected);
  });
});

describe('mergeNews', () => {
  const old = [event('b', '2026-01-01T00:00:02.000Z', 2), event('a', '2026-01-01T00:00:01.000Z', 1)];
  it('puts a new event at its place in time', () => {
    expect(mergeNews(old, event('c', '2026-01-01T00:00:03.000Z')).map((one) => one.id)).toEqual(['c', 'b', 'a']);
    expect(mergeNews(old, event('c', '2026-01-01T00:00:01.500Z')).map((one) => one.id)).toEqual(['b', 'c', 'a']);
    expect(mergeNews([], event('c', '2026-01-01T00:00:01.500Z'))).toHaveLength(1);
  });
  it('replaces by an equal or higher revision only', () => {
    expect(mergeNews(old, event('b', '2026-01-01T00:00:02.000Z', 3))[0]?.revision).toBe(3);
    expect(mergeNews(old, event('b', '2026-01-01T00:00:02.000Z', 1))[0]?.revision).toBe(2);
    expect(mergeNews(old, event('b', '2026-01-01T00:00:02.000Z', 2, { acknowledgedAt: 'x' }))[0]?.acknowledgedAt).toBe('x');
  });
});
