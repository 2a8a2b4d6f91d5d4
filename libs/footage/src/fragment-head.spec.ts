import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Box } from './box.js';
import { FootageFileError } from './footage-file-error.js';
import { moveFragment, readFragmentHead, SOUND_OVERHANG_MS } from './fragment-head.js';
import { readHead } from './segment-head.js';
import { writeFragmentHead } from './write-fragment-head.js';

const u32 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])));
const box = (type: string, ...inner: Buffer[]) => Buffer.concat([u32(8 + inner.reduce((sum, one) => sum + one.length, 0)), Buffer.from(type, 'latin1'), ...inner]);
const AVCC = '0164001fffe100086764001facd940c001000668ebe3cb22c0';

/** A head with a video track (1) and, with `sound`, an audio track (2). */
function headBytes({ scale = 1000, settings = AVCC, rate = 0, sound = false, size = [64, 48] as readonly [number, number] } = {}): Buffer {
  const track = (id: number, handler: string, timescale: number, entry: Buffer) =>
    box('trak', box('tkhd', u32(0, 0, 0, id)), box('mdia', box('mdhd', u32(0, 0, 0, timescale, 0)), box('hdlr', u32(0, 0), Buffer.from(handler)), box('minf', box('stbl', box('stsd', u32(0, 1), entry)))));
  const fields = Buffer.alloc(78);
  fields.writeUInt16BE(size[0], 24);
  fields.writeUInt16BE(size[1], 26);
  const video = track(1, 'vide', scale, box('avc1', fields, box('avcC', Buffer.from(settings, 'hex')), box('btrt', u32(rate))));
  const audio = track(2, 'soun', 48_000, box('mp4a', Buffer.alloc(28)));
  const trex = (id: number) => box('trex', u32(0, id, 1, 40, 5, 0));
  return box('moov', video, ...(sound ? [audio] : []), box('mvex', trex(1), ...(sound ? [trex(2)] : [])));
}
const read = (bytes: Buffer) => readHead(Box.around(bytes).only('moov'), bytes);

interface Run {
  readonly id: number;
  readonly start: number;
  readonly durations: number[];
  readonly narrow?: boolean;
}

/** As other muxers write it: sizes and flags are the head's, and samples of the tracks lie one after the other. */
function moofOf(...runs: Run[]): Box {
  const make = (from: number) => {
    let at = from;
    return box('moof', box('mfhd', u32(0, 99)), ...runs.map(({ id, start, durations, narrow }) => {
      const place = at;
      at += durations.length * 5;
      return box('traf', box('tfhd', u32(0x02_0000, id)), narrow ? box('tfdt', u32(0, start)) : box('tfdt', u32(0x0100_0000, 0, start)), box('trun', u32(0x101, durations.length, place), u32(...durations)));
    }));
  };
  const bytes = make(make(0).length + 8);
  return Box.around(bytes).only('moof');
}
const timesOf = (moof: Box) => moof.all('traf').map((traf) => traf.only('tfdt')).map((tfdt) => (tfdt.u32(0) >>> 24 === 1 ? tfdt.u64(4) : tfdt.u32(4)));

describe('readHead', () => {
  it('tells the pictures and every track', () => {
    expect(read(headBytes({ sound: true }))).toMatchObject({ codec: 'h264', codecString: 'avc1.64001f,mp4a', width: 64, height: 48, videoTrack: 1, soundTrack: 2, hasAudio: true });
    expect([...read(headBytes({ sound: true })).tracks]).toEqual([[1, { timescale: 1000, usual: { duration: 40, bytes: 5, flags: 0 } }], [2, { timescale: 48_000, usual: { duration: 40, bytes: 5, flags: 0 } }]]);
    expect(read(headBytes())).toMatchObject({ codecString: 'avc1.64001f', soundTrack: null, hasAudio: false });
  });

  it.each([
    ['the same with another average rate', headBytes({ rate: 9 }), true],
    ['other decoder settings', headBytes({ settings: AVCC.replace('64001f', '64001e') }), false],
    ['another time scale', headBytes({ scale: 90_000 }), false],
    ['another size', headBytes({ size: [64, 50] }), false],
    ['sound beside it', headBytes({ sound: true }), false],
  ])('has the same id or another: %s', (_what, other, same) => {
    expect(read(other).id === read(headBytes()).id).toBe(same);
  });

  it('refuses what is damaged anywhere in words that name box and byte, or reads it', () => {
    const sound = headBytes({ sound: true });
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(sound.length), (at, value, length) => {
        const bytes = Buffer.from(sound.subarray(0, length));
        if (at < length) bytes[at] = value;
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FootageFileError);
          expect((error as Error).message).toMatch(/^box .* at byte -?\d+: expected /);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a fragment', () => {
  const head = read(headBytes({ sound: true }));

  it('is read back as it was written, with B-frames', () => {
    const bytes = writeFragmentHead({ ptsUs: [0, 80_000, 40_000], sizes: [100, 20, 10], keys: [true, false, false], bytes: 130 }, [0, 20_000, 40_000, 120_000], 3, 2_000_000);
    const own = read(headBytes({ scale: 1_000_000 }));
    expect(readFragmentHead(Box.around(bytes.subarray(0, -8)).only('moof'), own)).toEqual({ startMs: 2000, durationMs: 120, packets: 3, dataBytes: 130 });
  });

  it('is read with what the head says of its samples, and lasts until the pictures have ended, and the sound but for its last piece', () => {
    const moof = moofOf({ id: 1, start: 2000, durations: [40, 60] }, { id: 2, start: 96_000, durations: [2400, 4800] });
    expect(readFragmentHead(moof, head)).toEqual({ startMs: 2000, durationMs: 100, packets: 2, dataBytes: 20 });
    const longer = moofOf({ id: 1, start: 2000, durations: [40, 60] }, { id: 2, start: 96_000, durations: [48_000, 4800] });
    expect(readFragmentHead(longer, head).durationMs).toBe(1100 - SOUND_OVERHANG_MS);
  });

  it('is moved with its sound', () => {
    const moof = moofOf({ id: 1, start: 2000, durations: [40] }, { id: 2, start: 96_480, durations: [1024] });
    moveFragment(moof, head, 7, 500_000);
    expect([moof.only('mfhd').u32(4), ...timesOf(moof)]).toEqual([7, 500, 24_480]);
  });

  it('that begins with sound a moment before its picture begins at zero', () => {
    const moof = moofOf({ id: 1, start: 2000, durations: [40], narrow: true }, { id: 2, start: 95_000, durations: [1024] });
    moveFragment(moof, head, 1, 0);
    expect(timesOf(moof)).toEqual([0, 0]);
  });

  it.each([
    ['of a track that the head does not know', () => moofOf({ id: 7, start: 0, durations: [1] }), "expected one of the head's tracks (1, 2), got 7"],
    ['without pictures', () => moofOf({ id: 2, start: 0, durations: [1] }), 'and one of track 1'],
    ['with pictures twice', () => moofOf({ id: 1, start: 0, durations: [1] }, { id: 1, start: 1, durations: [1] }), 'one traf a track'],
  ])('%s is refused', (_what, make, words) => expect(() => readFragmentHead(make(), head)).toThrow(words));

  it('is not moved to where its time has no room', () => {
    const moof = moofOf({ id: 1, start: 0, durations: [1], narrow: true });
    expect(() => moveFragment(moof, head, 1, 5e12)).toThrow('expected room for a time of 8 bytes');
  });

  it('that is damaged anywhere is refused, or read and moved', () => {
    const runs = [{ id: 1, start: 5, durations: [1, 2] }, { id: 2, start: 6, durations: [3] }];
    fc.assert(
      fc.property(fc.nat(180), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const moof = moofOf(...runs);
        if (at < moof.body.length) moof.body[at] = value;
        try {
          expect(readFragmentHead(moof, head).packets).toBeGreaterThan(0);
          moveFragment(moof, head, 1, 1e6);
        } catch (error) {
          expect(error).toBeInstanceOf(FootageFileError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
