import { expect, it } from 'vitest';
import { filmName } from './film-name.js';

const AT = Date.parse('2026-11-20T23:30:05.900Z');

it.each([
  ['North gate', 'UTC', 'North-gate_2026-11-20_23-30-05.mp4'],
  ['大门 2号', 'Asia/Shanghai', '大门-2号_2026-11-21_07-30-05.mp4'],
  ['../../etc/passwd', 'UTC', 'etc-passwd_2026-11-20_23-30-05.mp4'],
  ['..', 'UTC', 'camera_2026-11-20_23-30-05.mp4'],
  ['a\u0000b:c*d', 'Nowhere/Here', 'a-b-c-d_2026-11-20_23-30-05.mp4'],
])('makes of %j in %s the name %s', (name, zone, expected) => expect(filmName(name, AT, zone, new Set())).toBe(expected));

it('fits every file system, and cuts no sign in two', () => {
  const name = filmName('门'.repeat(200), AT, 'UTC', new Set());
  expect(Buffer.byteLength(name)).toBeLessThan(255);
  expect(name).toMatch(/^门+_2026/);
});

it('numbers what would have the same name', () => {
  const first = filmName('Door', AT, 'UTC', new Set());
  const second = filmName('Door', AT, 'UTC', new Set([first]));
  expect([second, filmName('Door', AT, 'UTC', new Set([first, second]))]).toEqual(['Door_2026-11-20_23-30-05_2.mp4', 'Door_2026-11-20_23-30-05_3.mp4']);
});
