import { describe, expect, it } from 'vitest';
import { fragment, openingSegment } from '../../live/player/fragmented-mp4.js';
import { FragmentReader, type FilmPiece } from './fragment-reader.js';

const head = openingSegment({ width: 768, height: 576, sps: new Uint8Array([0x67, 0x64, 0, 0x1f]), pps: new Uint8Array([0x68, 0xee]) });
const picture = (sequence: number, ms: number, bytes: number) => fragment(sequence, { decodeTimeUs: ms * 1000, durationUs: 40_000, key: sequence === 1, data: new Uint8Array(bytes).fill(sequence) });
const parts = [head, picture(1, 0, 5000), picture(2, 40, 10), picture(3, 80, 70_000)];
const film = new Uint8Array(parts.flatMap((part) => [...part]));

function readIn(size: number): FilmPiece[] {
  const reader = new FragmentReader();
  const pieces: FilmPiece[] = [];
  for (let at = 0; at < film.length; at += size) pieces.push(...reader.push(film.subarray(at, at + size)));
  return pieces;
}

describe('FragmentReader', () => {
  it.each([7, 1000, 1_000_000])('cuts a film into head and fragments when it comes %i bytes at a time', (size) => {
    const pieces = readIn(size);
    expect(pieces.map(({ kind }) => kind)).toEqual(['head', 'fragment', 'fragment', 'fragment']);
    expect(pieces.map(({ bytes }) => bytes)).toEqual(parts);
  });

  it('tells when each picture is shown', () => {
    expect(readIn(4096).slice(1)).toMatchObject([
      { startMs: 0, endMs: 40, frames: [0] },
      { startMs: 40, endMs: 80, frames: [40] },
      { startMs: 80, endMs: 120, frames: [80] },
    ]);
  });

  it('gives pictures that come reordered in the order in which they are shown', () => {
    const reader = new FragmentReader();
    reader.push(head);
    const [piece] = reader.push(reordered());
    expect(piece).toMatchObject({ startMs: 1000, endMs: 1120, frames: [1000, 1040, 1080] });
  });

  it('leaves sound in a film unheard, and every byte where it was', () => {
    const [withSound, read] = [heard(), new FragmentReader().push(heard())];
    const names = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes).match(/trak|trex|traf|free/g);
    expect(names(withSound)).toEqual(['trak', 'trak', 'trex', 'trex', 'traf', 'traf']);
    expect(read.map(({ bytes }) => names(bytes))).toEqual([['trak', 'free', 'trex', 'free'], ['traf', 'free']]);
    expect(read.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(withSound.length);
    expect(read[1]).toMatchObject({ startMs: 0, endMs: 40, frames: [0] });
  });

  it('says what it got instead', () => {
    expect(() => new FragmentReader().push(new TextEncoder().encode('<!doctype html>'))).toThrow(/expected fragmented MP4/);
    expect(() => new FragmentReader().push(picture(1, 0, 5))).toThrow(/expected a head/);
  });
});

/** Three pictures, the last of which is decoded second, with durations of the fragment. */
function reordered(): Uint8Array {
  const u32 = (value: number) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const box = (type: string, ...body: number[]) => [...u32(body.length + 8), ...Array.from(type, (letter) => letter.charCodeAt(0)), ...body];
  const samples = [0, 40_000, -40_000].flatMap((offset) => [...u32(1), ...u32(offset)]);
  const traf = box('traf', ...box('tfhd', 0, 2, 0, 8, ...u32(1), ...u32(40_000)), ...box('tfdt', 0, 0, 0, 0, ...u32(1_000_000)), ...box('trun', 1, 0, 0xa, 1, ...u32(3), ...u32(0), ...samples));
  return new Uint8Array([...box('moof', ...box('mfhd', ...u32(0), ...u32(1)), ...traf), ...box('mdat', 1, 2, 3)]);
}

/** A film of one picture, with a second track of sound. */
function heard(): Uint8Array {
  const text = (value: string) => [...value].map((letter) => letter.charCodeAt(0));
  const u32 = (...values: number[]) => values.flatMap((value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
  const box = (type: string, ...inside: number[][]): number[] => [...u32(8 + inside.flat().length), ...text(type), ...inside.flat()];
  const trak = (id: number, handler: string, timescale: number) => box('trak', box('tkhd', u32(0, 0, 0, id, 0)), box('mdia', box('mdhd', u32(0, 0, 0, timescale, 0, 0)), box('hdlr', u32(0, 0), text(handler))));
  const trex = (id: number) => box('trex', u32(0, id, 1, 0, 0, 0));
  const traf = (id: number, duration: number) => box('traf', box('tfhd', u32(0x020000, id)), box('tfdt', u32(0, 0)), box('trun', u32(0x101, 1, 0, duration)));
  const moov = box('moov', trak(1, 'vide', 1000), trak(2, 'soun', 8000), box('mvex', trex(1), trex(2)));
  return Uint8Array.from([...moov, ...box('moof', traf(1, 40), traf(2, 320)), ...box('mdat', [1, 2, 3, 4])]);
}
