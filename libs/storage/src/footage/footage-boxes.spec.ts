import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesAt, boxesIn } from './boxes.js';
import { FootageFileError } from './footage-file-error.js';
import { readHead } from './footage-head.js';
import { runsOf } from './fragment-runs.js';
import { RunningTime } from './running-time.js';

const u32 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])));
const box = (type: string, ...inner: Buffer[]) => Buffer.concat([u32(8 + inner.reduce((sum, one) => sum + one.length, 0)), Buffer.from(type, 'latin1'), ...inner]);

/** A head with a video track (1) and, with `sound`, an audio track (2). */
function head({ scale = 1000, settings = 'avcC', rate = 0, sound = false } = {}): Buffer {
  const track = (id: number, handler: string, timescale: number, entry: Buffer) =>
    box('trak', box('tkhd', u32(0, 0, 0, id)), box('mdia', box('mdhd', u32(0, 0, 0, timescale, 0)), box('hdlr', u32(0, 0), Buffer.from(handler)), box('minf', box('stbl', box('stsd', u32(0, 1), entry)))));
  const video = track(1, 'vide', scale, box('avc1', Buffer.alloc(78), box('avcC', Buffer.from(settings)), box('btrt', u32(rate))));
  const audio = track(2, 'soun', 48_000, box('mp4a', Buffer.alloc(28)));
  const trex = (id: number) => box('trex', u32(0, id, 1, 40, 0, 0));
  return box('moov', video, ...(sound ? [audio] : []), box('mvex', trex(1), trex(2)));
}

interface Run {
  readonly id: number;
  readonly start: number;
  readonly durations: number[];
  readonly narrow?: boolean;
}

const moof = (...runs: Run[]) =>
  box('moof', box('mfhd', u32(0, 99)), ...runs.map(({ id, start, durations, narrow }) =>
    box('traf', box('tfhd', u32(0x02_0000, id)), narrow ? box('tfdt', u32(0, start)) : box('tfdt', u32(0x0100_0000, 0, start)), box('trun', u32(0x301, durations.length, 0), ...durations.map((ticks) => u32(ticks, 5))))));

const startsOf = (bytes: Buffer, tracks: Parameters<typeof runsOf>[1]) => runsOf(bytes, tracks)?.map(({ startTicks }) => startTicks);

describe('boxes', () => {
  it('of any bytes lie in them, one after the other', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let at = 0;
      for (const { start, body, end } of boxesIn(Buffer.from(bytes))) {
        expect([start, body, end <= bytes.length]).toEqual([at, start + 8, true]);
        at = end;
      }
    }));
  });

  it('are found by their way, all of them', () => {
    expect(boxesAt(head({ sound: true }), 'moov/trak/mdia/hdlr')).toHaveLength(2);
    expect(boxesAt(head(), 'moov/trak/nothing')).toEqual([]);
  });
});

describe('a head', () => {
  it('tells its tracks', () => {
    expect([...readHead('a', head({ sound: true })).tracks.values()]).toEqual([{ id: 1, timescale: 1000, usualTicks: 40 }, { id: 2, timescale: 48_000, usualTicks: 40 }]);
  });

  it.each([
    ['the same with another average rate', head({ rate: 9 }), true],
    ['other decoder settings', head({ settings: 'avcX' }), false],
    ['another time scale', head({ scale: 90_000 }), false],
    ['sound beside it', head({ sound: true }), false],
  ])('is alike or not: %s', (_what, other, alike) => {
    expect(readHead('a', other).likeness === readHead('a', head()).likeness).toBe(alike);
  });

  it('that is damaged anywhere is refused in words, or read', () => {
    const sound = head({ sound: true });
    fc.assert(fc.property(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(sound.length), (at, value, length) => {
      const bytes = Buffer.from(sound.subarray(0, length));
      if (at < length) bytes[at] = value;
      try {
        readHead('a', bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FootageFileError);
      }
    }));
  });
});

describe('time that runs on', () => {
  const { tracks } = readHead('a', head({ sound: true }));

  it('begins at zero and goes on from fragment to fragment and from file to file', () => {
    const time = new RunningTime();
    const [a, b, c] = [moof({ id: 1, start: 2000, durations: [40, 60] }), moof({ id: 1, start: 2100, durations: [50] }), moof({ id: 1, start: 7, durations: [40] })];
    time.beginFile();
    expect([time.rewrite(a, tracks), time.rewrite(b, tracks)]).toEqual([true, true]);
    time.beginFile();
    expect(time.rewrite(c, tracks)).toBe(true);
    expect([a, b, c].map((bytes) => startsOf(bytes, tracks))).toEqual([[0], [100], [150]]);
    expect([a, b, c].map((bytes) => bytes.readUInt32BE(20))).toEqual([1, 2, 3]);
  });

  it('moves sound and picture by the same, and lets neither overlap itself', () => {
    const time = new RunningTime();
    const [first, second] = [
      moof({ id: 1, start: 1000, durations: [2000] }, { id: 2, start: 47_000, durations: [98_000] }),
      moof({ id: 1, start: 0, durations: [2000] }, { id: 2, start: 100, durations: [96_000] }),
    ];
    time.beginFile();
    time.rewrite(first, tracks);
    // The sound begins 1000/48000 s before the picture: it is at zero, the picture after it.
    expect(startsOf(first, tracks)).toEqual([21, 0]);
    time.beginFile();
    time.rewrite(second, tracks);
    const [picture, sound] = startsOf(second, tracks) as [number, number];
    expect([picture >= 2021, sound >= 98_000]).toEqual([true, true]);
    expect(Math.abs(picture / 1000 - (sound - 100) / 48_000)).toBeLessThan(0.002);
  });

  it('of any files is never behind what was sent', () => {
    const run = fc.record({ start: fc.nat(100_000), durations: fc.array(fc.nat(5000), { minLength: 1, maxLength: 4 }) });
    fc.assert(fc.property(fc.array(fc.tuple(run, run), { minLength: 1, maxLength: 6 }), (files) => {
      const time = new RunningTime();
      const ends = [0, 0];
      for (const [video, audio] of files) {
        const bytes = moof({ id: 1, ...video }, { id: 2, ...audio });
        time.beginFile();
        expect(time.rewrite(bytes, tracks)).toBe(true);
        runsOf(bytes, tracks)?.forEach(({ startTicks, ticks }, index) => {
          expect(startTicks).toBeGreaterThanOrEqual(ends[index] as number);
          ends[index] = startTicks + ticks;
        });
      }
    }));
  });

  it.each([
    ['a time that does not fit into four bytes', () => { const time = new RunningTime(); time.beginFile(); time.rewrite(moof({ id: 1, start: 0, durations: [0xffff_ffff, 10] }), tracks); time.beginFile(); return time.rewrite(moof({ id: 1, start: 0, durations: [1], narrow: true }), tracks); }],
    ['a track that the head does not know', () => new RunningTime().rewrite(moof({ id: 7, start: 0, durations: [1] }), tracks)],
    ['what is no fragment', () => new RunningTime().rewrite(head(), tracks)],
    ['nothing', () => new RunningTime().rewrite(Buffer.alloc(0), tracks)],
  ])('is not written into %s', (_what, rewrite) => expect(rewrite()).toBe(false));

  it('does not fall over damage', () => {
    const sound = moof({ id: 1, start: 5, durations: [1, 2] }, { id: 2, start: 6, durations: [3] });
    fc.assert(fc.property(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(sound.length), (at, value, length) => {
      const bytes = Buffer.from(sound.subarray(0, length));
      if (at < length) bytes[at] = value;
      const time = new RunningTime();
      time.beginFile();
      expect(typeof time.rewrite(bytes, tracks)).toBe('boolean');
    }));
  });
});
