import { expect, it } from 'vitest';
import { paceOf } from './use-pace.js';

it.each([
  [0, 'still'],
  [0.5, 'still'],
  [2.4, 'brisk'],
  [40, 'flying'],
] as const)('%f pixels a millisecond are %s', (speed, pace) => expect(paceOf(speed)).toBe(pace));
