import { describe, expect, it } from 'vitest';
import { Box } from './box.js';
import { soundCodecString } from './sound-codec-string.js';

/** An stsd with one entry, which has an esds where there are descriptors. */
function stsd(type: string, descriptors?: number[]): Box {
  const box = (name: string, ...inside: number[][]): number[] => [0, 0, 0, 8 + inside.flat().length, ...[...name].map((letter) => letter.charCodeAt(0)), ...inside.flat()];
  const entry = box(type, Array.from({ length: 28 }, () => 0), ...(descriptors ? [box('esds', [0, 0, 0, 0], descriptors)] : []));
  return Box.around(Buffer.from(box('stsd', [0, 0, 0, 0, 0, 0, 0, 1], entry))).only('stsd');
}
const config = (type: number, ...specific: number[]): number[] => [3, 0x80, 0x80, 0x80, 23 + specific.length, 0, 2, 0, 4, 0x80, 0x80, 0x80, 13 + specific.length, type, 0x15, ...Array.from({ length: 11 }, () => 0), ...specific];

describe('soundCodecString', () => {
  it.each([
    ['AAC-LC', stsd('mp4a', config(0x40, 5, 2, 0x14, 0x08)), 'mp4a.40.2'],
    ['HE-AAC', stsd('mp4a', config(0x40, 5, 2, 0x2b, 0x08)), 'mp4a.40.5'],
    ['AAC with a long profile', stsd('mp4a', config(0x40, 5, 2, 0xf9, 0x40)), 'mp4a.40.42'],
    ['AAC that does not say more', stsd('mp4a', config(0x40)), 'mp4a.40.2'],
    ['MP3', stsd('mp4a', config(0x6b)), 'mp4a.6B'],
    ['Opus', stsd('Opus'), 'opus'],
    ['what lost its esds', stsd('mp4a'), 'mp4a'],
    ['something odd', stsd('a"b\n'), 'a-b'],
  ])('%s', (_name, box, wanted) => expect(soundCodecString(box)).toBe(wanted));

  it('refuses a track that says nothing', () => {
    expect(() => soundCodecString(Box.around(Buffer.from([0, 0, 0, 16, 0x73, 0x74, 0x73, 0x64, 0, 0, 0, 0, 0, 0, 0, 0])).only('stsd'))).toThrow(/expected what the sound is/);
  });
});
