import { expect, it } from 'vitest';
import { floatsOfHalves } from './half-floats.js';

it('reads numbers of 16 bits', () => {
  const bits = Uint16Array.of(0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x3555, 0x7c00, 0xfc00);
  expect([...floatsOfHalves(bits)]).toEqual([0, 1, -2, 65504, 2 ** -24, 2 ** -14, Math.fround(0.333251953125), Infinity, -Infinity]);
  expect(floatsOfHalves(Uint16Array.of(0x7e00))[0]).toBeNaN();
});
