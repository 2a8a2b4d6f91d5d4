import { expect, it } from 'vitest';
import { isSameOrigin } from './same-origin.js';

it.each([
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'none', origin: 'https://evil.example' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ origin: 'http://argus:7300' }, true],
  [{ origin: 'https://argus:7300' }, true],
  [{ origin: 'http://argus:7301' }, false],
  [{ origin: 'http://argus.evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'nonsense' }, false],
])('%j -> %s', (headers, expected) => {
  expect(isSameOrigin({ host: 'argus:7300', ...headers })).toBe(expected);
});
