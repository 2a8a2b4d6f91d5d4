import { expect, it } from 'vitest';
import { FootageLooks } from './footage-looks.js';

it('a look is under way while it goes on, and forgotten when there are too many others', () => {
  const looks = new FootageLooks();
  expect([0, 500_000, 1_000_000, 1_700_000].map((ms) => looks.begin('a', ms))).toEqual([true, false, false, true]);
  for (let index = 0; index < 1000; index += 1) looks.begin(`other ${index}`, 1_700_000);
  expect(looks.begin('a', 1_700_001)).toBe(true);
});
