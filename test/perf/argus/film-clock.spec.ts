import { expect, it } from 'vitest';
import { ageMs } from './film-clock.ts';

it('knows the age of a picture but for the group in which the connection began', () => {
  // Born at 10,000 at second 3.3 of the clip; a client that joined in the group from second 4 on sees a picture 120 ms into it.
  const filmedMs = 10_000 - 3300 + 4000 + 120;
  expect(ageMs(filmedMs + 80, 10_000, 3.3, 120)).toBeCloseTo(80);
  expect(ageMs(filmedMs + 6080, 10_000, 3.3, 6120)).toBeCloseTo(80);
  expect(ageMs(filmedMs, 10_000, 3.3, 120)).toBeCloseTo(0);
});
