import { SampleFilter } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, filterOf, isEverything, queryOf, searchOf, type PictureFilter } from './sample-filter.js';

const filter: PictureFilter = { ...EVERYTHING, truncated: true, sharpnessFrom: 30, boxTo: 64, sort: 'value', group: ['Gate, north'], label: ['person', 'car'], split: ['none'], complete: false, focus: true, from: '2026-11-01T00:00:00.000Z', to: null, text: 'a person at night' };

describe('the filter of pictures', () => {
  it('comes back from the address as it was', () => {
    expect(filterOf(searchOf(filter))).toEqual(filter);
    expect(filterOf(new URLSearchParams())).toEqual(EVERYTHING);
    expect(isEverything({ ...EVERYTHING, sort: 'value' })).toBe(true);
    expect([isEverything(EVERYTHING), isEverything(filter)]).toEqual([true, false]);
  });

  it('remembers one search, and none that cannot be', () => {
    const like = 'a'.repeat(64);
    expect(filterOf(searchOf({ ...EVERYTHING, like }))).toEqual({ ...EVERYTHING, like });
    expect(filterOf(new URLSearchParams({ text: 'red', like }))).toEqual({ ...EVERYTHING, like });
    expect(filterOf(new URLSearchParams({ text: ' ', like: 'short' }))).toEqual(EVERYTHING);
    expect(isEverything({ ...EVERYTHING, text: 'red' })).toBe(false);
  });

  it('leaves out what is not understood', () => expect(filterOf(new URLSearchParams('split=third&complete=maybe&focus=sharp&from=yesterday&group=&sort=upwards&boxFrom=large&sharpnessTo=-1'))).toEqual(EVERYTHING));

  it('is read by the gateway as it was meant, names with commas, too', () => {
    expect(SampleFilter.parse(queryOf(filter))).toMatchObject({ group: ['Gate, north', 'Gate, north'], label: ['person', 'car'], split: ['none', 'none'], complete: false, focus: true, from: filter.from, removed: false, truncated: true, sharpnessFrom: 30, boxTo: 64 });
    expect(SampleFilter.parse(queryOf(EVERYTHING))).toEqual({ removed: false });
  });
});
