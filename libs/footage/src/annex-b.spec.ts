import { describe, expect, it } from 'vitest';
import { isDisposable, readParameterSets, splitAnnexB, toAnnexB } from './annex-b.js';
import { codecString } from './codec-string.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const SPS = '6764001facd940c0';
const PPS = '68ebe3cb22c0';
const AVCC = hex(`01 64001f ff e1 0008 ${SPS} 01 0006 ${PPS}`);
const sets = readParameterSets(AVCC, 'h264');

describe('readParameterSets', () => {
  it('reads avcC', () => {
    expect(sets.lengthSize).toBe(4);
    expect(sets.units.map((unit) => Buffer.from(unit).toString('hex'))).toEqual([SPS, PPS]);
  });

  it('reads Annex B', () => {
    const annexB = readParameterSets(hex(`00000001 ${SPS} 000001 ${PPS}`), 'h264');
    expect(annexB.lengthSize).toBe(0);
    expect(annexB.units).toHaveLength(2);
  });

  it('gives what is readable of a damaged header', () => {
    expect(readParameterSets(AVCC.subarray(0, 12), 'h264').units).toEqual([]);
    expect(readParameterSets(null, 'h264')).toEqual({ lengthSize: 0, units: [] });
  });
});

describe('toAnnexB', () => {
  const slice = '65888400';
  const packet = hex(`00000004 ${slice}`);

  it('replaces lengths by start codes and puts parameter sets before a key frame', () => {
    expect(Buffer.from(toAnnexB(packet, 'h264', sets, true)).toString('hex')).toBe(`00000001${SPS}00000001${PPS}00000001${slice}`);
  });

  it('puts none before other frames', () => {
    expect(Buffer.from(toAnnexB(packet, 'h264', sets, false)).toString('hex')).toBe(`00000001${slice}`);
  });

  it('does not repeat sets that the packet carries', () => {
    const whole = hex(`00000001 ${SPS} 00000001 ${PPS} 00000001 ${slice}`);
    const annexB = readParameterSets(hex(`00000001 ${SPS} 000001 ${PPS}`), 'h264');
    expect(toAnnexB(whole, 'h264', annexB, true)).toEqual(whole);
    expect(toAnnexB(hex(`00000001 ${slice}`), 'h264', annexB, true)).toHaveLength(4 * 3 + 8 + 6 + 4);
  });

  it('survives a length that lies', () => {
    expect(Buffer.from(toAnnexB(hex('000000ff 6588'), 'h264', sets, false)).toString('hex')).toBe('000000016588');
  });

  it('gives a copy', () => {
    const whole = hex(`00000001 ${slice}`);
    const copy = toAnnexB(whole, 'h264', { lengthSize: 0, units: [] }, true);
    whole.fill(0);
    expect(copy[3]).toBe(1);
  });
});

describe('splitAnnexB', () => {
  it('knows both start codes and drops trailing zeros', () => {
    expect(splitAnnexB(hex('000001 6701 00 00000001 68020000')).map((unit) => [...unit])).toEqual([[0x67, 1], [0x68, 2]]);
  });
});

describe('codecString', () => {
  it.each([
    ['h264', `00000001${SPS}`, 'avc1.64001f'],
    ['hevc', '00000001 420101 01600000030090000003000003005d a0', 'hvc1.1.6.L93.90'],
    ['mjpeg', '', 'mjpeg'],
  ] as const)('names %s', (codec, header, expected) => {
    const found = codec === 'mjpeg' ? { lengthSize: 0, units: [] } : readParameterSets(hex(header), codec);
    expect(codecString(codec, found)).toBe(expected);
  });

  it('guesses something widely decodable without parameter sets', () => {
    expect(codecString('h264', { lengthSize: 0, units: [] })).toBe('avc1.640028');
  });
});

describe('isDisposable', () => {
  it.each([
    ['an H.264 B-picture that none refers to', '00000001 09f0 00000001 019a', 'h264', 0, true],
    ['an H.264 picture that is referred to', '00000001 09f0 00000001 419a', 'h264', 0, false],
    ['an H.264 key frame with lengths', '00000002 65 88', 'h264', 4, false],
    ['a B-picture with lengths', '00000002 01 9a', 'h264', 4, true],
    ['an H.265 picture that none refers to', '00000001 0001 d0', 'hevc', 0, true],
    ['an H.265 picture that is referred to', '00000001 0201 d0', 'hevc', 0, false],
    ['an H.265 picture of a higher layer, where it cannot be told', '00000001 0002 d0', 'hevc', 0, false],
    ['no picture at all', '00000001 09f0', 'h264', 0, false],
    ['nothing', '', 'h264', 4, false],
  ] as const)('%s', (_what, bytes, codec, lengthSize, expected) => expect(isDisposable(hex(bytes), codec, lengthSize)).toBe(expected));
});
