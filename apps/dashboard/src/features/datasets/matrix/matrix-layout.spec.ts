import type { DatasetMatrix } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { endOfStep, shownSpan, stepFor, tableOf } from './matrix-layout.js';

const cell = (group: number, at: string | null, samples = 1) => ({ group, at, samples, cover: 'f'.repeat(64) });
const matrix: DatasetMatrix = {
  step: 'day',
  groups: [{ name: 'Gate', samples: 3 }, { name: 'Yard', samples: 1 }],
  cells: [cell(0, null), cell(0, '2026-11-01T00:00:00.000Z'), cell(0, '2026-11-02T00:00:00.000Z'), cell(1, '2026-11-09T00:00:00.000Z')],
};

describe('the image matrix', () => {
  it('has a column for each step with pictures, those without a time first, and says where steps are left out', () => {
    const { columns, rows } = tableOf(matrix, 'UTC');
    expect(columns).toEqual([
      { at: null, end: null, gap: false },
      { at: '2026-11-01T00:00:00.000Z', end: '2026-11-02T00:00:00.000Z', gap: false },
      { at: '2026-11-02T00:00:00.000Z', end: '2026-11-03T00:00:00.000Z', gap: false },
      { at: '2026-11-09T00:00:00.000Z', end: '2026-11-10T00:00:00.000Z', gap: true },
    ]);
    expect(rows.map(({ name, cells }) => [name, [...cells.keys()]])).toEqual([['Gate', [0, 1, 2]], ['Yard', [3]]]);
    expect(tableOf({ step: 'day', groups: [], cells: [] }, 'UTC')).toEqual({ columns: [], rows: [] });
  });

  it('ends days where the zone does', () => {
    expect(endOfStep('2026-10-24T22:00:00.000Z', 'day', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
    expect(endOfStep('2026-03-22T23:00:00.000Z', 'week', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
    expect(endOfStep('2026-11-01T05:00:00.000Z', 'hour', 'Asia/Kolkata')).toBe('2026-11-01T06:00:00.000Z');
  });

  it.each([
    [1, 'hour'],
    [2, 'hour'],
    [3, 'day'],
    [60, 'day'],
    [61, 'week'],
  ] as const)('of %i days goes by the %s', (days, step) => {
    expect(stepFor({ cells: Array.from({ length: days }, (_unused, day) => cell(0, new Date(Date.UTC(2026, 0, 1 + day)).toISOString())) })).toBe(step);
  });

  it.each([
    [100, 0, 500, [0, 6]],
    [100, 1000, 500, [9, 16]],
    [8, 500, 5000, [4, 8]],
  ] as const)('of %i places from %i over %i shows %o', (count, offset, extent, span) => expect(shownSpan(count, 100, offset, extent)).toEqual(span));
});
