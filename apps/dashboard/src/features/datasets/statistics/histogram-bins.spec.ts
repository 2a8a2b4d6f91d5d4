import { describe, expect, it } from 'vitest';
import { allHours, withEmptyBins } from './histogram-bins.js';

describe('bins of a chart', () => {
  it('are there without anything in them, too', () => {
    expect(withEmptyBins([{ from: 0.1, count: 3 }, { from: 0.2, count: 1 }, { from: 0.5, count: 2 }]).map(({ from, count }) => [Math.round(from * 10), count])).toEqual([[1, 3], [2, 1], [3, 0], [4, 0], [5, 2]]);
    expect(withEmptyBins([{ from: 0.5, count: 3 }])).toEqual([{ from: 0.5, count: 3 }]);
    expect(withEmptyBins([])).toEqual([]);
  });

  it('are 24 for a day', () => {
    const hours = allHours([{ hour: 18, samples: 3 }]);
    expect([hours.length, hours[17]?.samples, hours[18]?.samples]).toEqual([24, 0, 3]);
  });
});
