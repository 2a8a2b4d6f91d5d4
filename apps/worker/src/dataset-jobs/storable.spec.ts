import { expect, it } from 'vitest';
import { storable } from './storable.js';

it('replaces only what PostgreSQL cannot keep, in keys and values at any depth', () => {
  expect(storable({ label: '行人😀', 'a\u0000': ['b\u0000c', { d: '\ud800', n: 1.5, none: null, yes: true }] })).toEqual({ label: '行人😀', 'a\ufffd': ['b\ufffdc', { d: '\ufffd', n: 1.5, none: null, yes: true }] });
  expect(Object.getPrototypeOf(storable(JSON.parse('{"__proto__":{"x":1}}')))).toBe(Object.prototype);
});
