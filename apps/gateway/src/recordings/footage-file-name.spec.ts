import { describe, expect, it } from 'vitest';
import { footageFileName } from './footage-file-name.js';

const T0 = Date.parse('2026-11-20T10:00:00.000Z');

describe('footageFileName', () => {
  it.each([
    ['North gate', 'North-gate', 'North-gate'],
    ['../../etc/passwd', 'etc-passwd', 'etc-passwd'],
    ['a"\r\nSet-Cookie: x', 'a-Set-Cookie-x', 'a-Set-Cookie-x'],
    ['后门', 'camera', encodeURIComponent('后门')],
    ['\u202Egnp.exe', 'gnp-exe', 'gnp-exe'],
    ['', 'camera', 'camera'],
    ['x'.repeat(120), 'x'.repeat(60), 'x'.repeat(60)],
  ])('of %j', (name, plain, encoded) => {
    const time = '-2026-11-20T10-00-00Z.mp4';
    expect(footageFileName(name, T0)).toEqual({ plain: plain + time, encoded: encoded + time });
  });
});
