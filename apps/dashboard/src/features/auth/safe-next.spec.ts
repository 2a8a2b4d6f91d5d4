import { expect, it } from 'vitest';
import { safeNext } from './safe-next.js';

it.each([
  [null, '/live'],
  ['', '/live'],
  ['/events?state=confirmed', '/events?state=confirmed'],
  ['//evil.example/x', '/live'],
  ['/\\evil.example', '/live'],
  ['https://evil.example', '/live'],
  ['javascript:alert(1)', '/live'],
  ['/sign-in?next=/x', '/live'],
])('%s -> %s', (next, expected) => expect(safeNext(next)).toBe(expected));
