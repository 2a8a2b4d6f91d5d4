import { describe, expect, it } from 'vitest';
import { chooseFootage } from './footage-choice.js';
import { footageFileName } from './footage-file-name.js';
import type { FootageRow } from './segment-repository.js';

const T0 = Date.parse('2026-11-20T10:00:00.000Z');
/** A fragment for each of `lengths`, milliseconds. */
function segment(path: string, startSeconds: number, lengths: number[]): FootageRow {
  const fragments = lengths.map((durationMs, index) => ({ offset: 100 + index, bytes: 1, startMs: lengths.slice(0, index).reduce((sum, one) => sum + one, 0), durationMs, packets: 1 }));
  return { path, start_at: new Date(T0 + startSeconds * 1000), codec_string: 'avc1', head_bytes: 100, fragments };
}
const choose = (rows: FootageRow[], from: number, to: number) => {
  const parts = chooseFootage(rows, T0 + from * 1000, T0 + to * 1000);
  return parts[0] && { start: (parts[0].startMs - T0) / 1000, parts: parts.map(({ path, fragments }) => `${path}:${fragments.map(({ offset }) => offset - 100).join('')}`) };
};

describe('chooseFootage', () => {
  const rows = [segment('a', 0, [1000, 1000, 1000]), segment('b', 3, [1000, 1000, 1000]), segment('c', 60, [1000])];

  it.each([
    ['all', 0, 100, { start: 0, parts: ['a:012', 'b:012', 'c:0'] }],
    ['from the key frame before', 1.5, 3.5, { start: 1, parts: ['a:12', 'b:0'] }],
    ['a moment', 1.5, 1.6, { start: 1, parts: ['a:1'] }],
    ['up to a key frame, without it', 0, 1, { start: 0, parts: ['a:0'] }],
    ['from what comes first in a gap', 10, 61, { start: 60, parts: ['c:0'] }],
    ['nothing in a gap', 10, 20, undefined],
  ])('takes %s', (_what, from, to, expected) => expect(choose(rows, from, to)).toEqual(expected));

  it('begins with the segment that begins there, although the one before ends a little later', () => {
    expect(choose([segment('a', 0, [1000, 1000.4]), segment('b', 2, [1000])], 2, 3)).toEqual({ start: 2, parts: ['b:0'] });
    expect(choose([segment('a', 0, [1000, 3000]), segment('b', 2, [1000])], 2, 3)).toEqual({ start: 2, parts: ['b:0'] });
  });
});

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
