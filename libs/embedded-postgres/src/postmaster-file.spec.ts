import { expect, it } from 'vitest';
import { isAlive, parsePostmasterFile } from './postmaster-file.js';

it.each([
  ['4711\n/data\n1764000000\n54321\n\n127.0.0.1\n', { pid: 4711, port: 54321 }],
  ['4711\n/data\n1764000000\n', null],
  ['', null],
  ['-4711\n/data\n1\n5\n', null],
])('reads %j', (text, expected) => {
  expect(parsePostmasterFile(text)).toEqual(expected);
});

it('knows the living from the dead', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
  expect(isAlive(2 ** 22 + 1)).toBe(false);
});
