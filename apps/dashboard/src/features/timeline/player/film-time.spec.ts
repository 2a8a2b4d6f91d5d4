import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayView, localMs } from '../zoned-day.js';
import { filmOfPlan, filmOfWall, wallOfFilm } from './film-time.js';

const plan = {
  startAt: '2026-11-28T08:00:00.000Z',
  gaps: [
    { startAt: '2026-11-28T08:00:10.000Z', endAt: '2026-11-28T08:01:00.000Z', atMs: 10_000 },
    { startAt: '2026-11-28T08:01:05.000Z', endAt: '2026-11-28T08:01:05.500Z', atMs: 15_000 },
  ],
};
const film = filmOfPlan(plan);
const wall = (text: string) => Date.parse(`2026-11-28T${text}Z`);

describe('a film over gaps', () => {
  it('runs on where the wall clock jumps', () => {
    expect(wallOfFilm(film, 0)).toBe(wall('08:00:00'));
    expect(wallOfFilm(film, 9998)).toBe(wall('08:00:09.998'));
    expect(wallOfFilm(film, 10_000)).toBe(wall('08:01:00'));
    expect(wallOfFilm(film, 14_900)).toBe(wall('08:01:04.900'));
    expect(wallOfFilm(film, 15_000)).toBe(wall('08:01:05.500'));
  });

  it('places a picture behind a gap there although its place was rounded', () => {
    expect(wallOfFilm(film, 9999.6)).toBeCloseTo(wall('08:00:59.999'), -1);
  });

  it('has no place for a moment in a gap, or before it', () => {
    expect(filmOfWall(film, wall('08:00:30'))).toBeNull();
    expect(filmOfWall(film, wall('07:59:59'))).toBeNull();
    expect(filmOfWall(film, wall('08:01:02'))).toBe(12_000);
  });

  it('leads back to where one came from', () => {
    const gaps = fc.array(fc.record({ after: fc.integer({ min: 10, max: 100_000 }), length: fc.integer({ min: 1, max: 10_000_000 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 900_000 }), (list, filmMs) => {
        let atMs = 0;
        const made = { startMs: 1_764_316_800_000, gaps: list.map(({ after, length }) => ({ atMs: (atMs += after), lengthMs: length })) };
        // Within a millisecond before a gap both sides are right.
        fc.pre(made.gaps.every((gap) => gap.atMs <= filmMs || gap.atMs > filmMs + 1));
        expect(filmOfWall(made, wallOfFilm(made, filmMs))).toBe(filmMs);
      }),
    );
  });
});

describe('a film over a night in which clocks are changed', () => {
  it.each([
    ['2026-10-25', 25, '02:30', '02:30'],
    ['2026-03-29', 23, '01:30', '03:30'],
  ])('of %s has %i hours, and an hour later than %s its clock says %s', (day, hours, before, after) => {
    const { fromMs, toMs } = dayView(day, 'Europe/Berlin');
    const night = { startMs: fromMs, gaps: [] };
    expect(filmOfWall(night, toMs)).toBe(hours * 3_600_000);
    const clock = (ms: number) => new Date(localMs(wallOfFilm(night, ms), 'Europe/Berlin')).toISOString().slice(11, 16);
    const place = (Number(before.slice(0, 2)) + 0.5) * 3_600_000;
    expect(clock(place)).toBe(before);
    expect(clock(place + 3_600_000)).toBe(after);
  });
});
