import { describe, expect, it } from 'vitest';
import { AacEncoder, silentAac } from './aac-encoder.js';
import { isAdts, readAacConfig, splitAdts } from './aac-config.js';
import { CopiedLane } from './copied-lane.js';
import { EncodedLane } from './encoded-lane.js';
import { g711Levels } from './g711.js';
import { readMp3Frames } from './mp3-frames.js';
import { opusSamples } from './opus.js';
import type { SoundStream } from './sound-stream.js';

const AAC: SoundStream & { readonly codec: 'aac' } = { codec: 'aac', sampleRate: 16_000, channels: 1, config: Uint8Array.of(0x14, 0x08), adts: false };
const FRAME_US = 64_000;
const frame = (of: number): Uint8Array => Uint8Array.of(1, of);
/** Numbers of frames and where they are, in frames. */
const piecesOf = (lane: CopiedLane, fromUs: number, toUs: number) => lane.drain(fromUs, toUs)?.samples.map(({ at, duration, data }) => [data.length === 2 ? data[1] : 'silence', at / 1024, duration / 1024]);

describe('what frames say of themselves', () => {
  it.each([
    [[0x14, 0x08], { sampleRate: 16_000, channels: 1, frameSamples: 1024 }],
    [[0x12, 0x10], { sampleRate: 44_100, channels: 2, frameSamples: 1024 }],
    [[0x15, 0x8c], { sampleRate: 8000, channels: 1, frameSamples: 960 }],
    [[0x14], null],
    [[0x17, 0x80], null],
  ])('AudioSpecificConfig %j', (bytes, wanted) => expect(readAacConfig(Uint8Array.from(bytes))).toEqual(wanted));

  it('ADTS: each frame without its header, and nothing of what is cut off', () => {
    const one = Uint8Array.of(0xff, 0xf1, 0x60, 0x40, 0x01, 0x3f, 0xfc, 7, 8);
    expect(isAdts(one)).toBe(true);
    const frames = splitAdts(Uint8Array.of(...one, ...one, ...one.subarray(0, 8)));
    expect(frames).toEqual([1, 2].map(() => ({ config: Uint8Array.of(0x14, 0x08), data: Uint8Array.of(7, 8) })));
    expect(splitAdts(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))).toEqual([]);
  });

  it('MP3 and Opus: how long they last', () => {
    // 32 kb/s, 44.1 kHz, mono: 104 bytes.
    const mp3 = Uint8Array.from({ length: 104 }, (_unused, index) => [0xff, 0xfb, 0x10, 0xc0][index] ?? 0);
    expect(readMp3Frames(Uint8Array.of(...mp3, ...mp3, 1)).map(({ sampleRate, channels, samples, data }) => [sampleRate, channels, samples, data.length])).toEqual([[44_100, 1, 1152, 104], [44_100, 1, 1152, 104]]);
    expect([[0x08], [0xf8], [0xfb, 3], [], [0xfb, 63]].map((bytes) => opusSamples(Uint8Array.from(bytes)))).toEqual([960, 960, 2880, 0, 0]);
  });

  it('G.711: silence, and the loudest of both signs', () => {
    const [alaw, mulaw] = [g711Levels('alaw'), g711Levels('mulaw')];
    expect([mulaw[0xff], mulaw[0x80], mulaw[0x00]].map((level) => Math.round((level ?? 0) * 32_768))).toEqual([0, 32_124, -32_124]);
    expect([alaw[0xd5], alaw[0xaa], alaw[0x2a]].map((level) => Math.round((level ?? 0) * 32_768))).toEqual([8, 32_256, -32_256]);
  });
});

describe('sound that is copied', () => {
  it('lies frame by frame at the time of the first, however its packets tremble', () => {
    const lane = new CopiedLane(AAC);
    for (let index = 0; index < 10; index += 1) lane.take({ ptsUs: 1_000_000 + index * FRAME_US + (index % 2 === 0 ? 15_000 : -15_000), data: frame(index) });
    expect(lane.drain(0, 1_000_000 + 5 * FRAME_US)?.anchorUs).toBe(1_015_000);
    expect(piecesOf(lane, 0, 2_000_000)?.map(([of]) => of)).toEqual([5, 6, 7, 8, 9]);
  });

  it('has silence where packets are missing, and the rest is stretched over', () => {
    const lane = new CopiedLane(AAC);
    lane.take({ ptsUs: 0, data: frame(0) });
    lane.take({ ptsUs: 4.5 * FRAME_US, data: frame(1) });
    expect(piecesOf(lane, 0, 1_000_000)).toEqual([[0, 0, 1], ['silence', 1, 1], ['silence', 2, 1], ['silence', 3, 1.5], [1, 4.5, 1]]);
  });

  it('leaves out what comes a second time, and what nobody waits for any more', () => {
    const lane = new CopiedLane(AAC);
    for (const index of [0, 1, 2, 3, 4, 5, 6, 7]) lane.take({ ptsUs: index * FRAME_US, data: frame(index) });
    lane.fill(0, 20 * FRAME_US);
    lane.take({ ptsUs: 8 * FRAME_US, data: frame(8) });
    expect(piecesOf(lane, 0, 10_000_000)?.slice(7, 10)).toEqual([[7, 7, 1], ['silence', 8, 1], ['silence', 9, 1]]);
    for (let index = 9; index < 30; index += 1) lane.take({ ptsUs: index * FRAME_US, data: frame(index) });
    expect(piecesOf(lane, 0, 10_000_000)?.[0]).toEqual([20, 20, 1]);
  });

  it('begins with the first packet that has a time', () => {
    const lane = new CopiedLane(AAC);
    lane.take({ ptsUs: null, data: frame(0) });
    expect(lane.reachedUs).toBe(-Infinity);
    lane.take({ ptsUs: 5000, data: frame(1) });
    lane.take({ ptsUs: null, data: frame(2) });
    expect(piecesOf(lane, 0, 1_000_000)?.map(([of]) => of)).toEqual([1, 2]);
  });
});

describe('sound that is encoded', () => {
  const packet = (ptsUs: number | null, count = 160) => ({ ptsUs, data: new Uint8Array(count).fill(0xff) });

  it('has a frame for each 1024 samples from the first packet on, holes filled', () => {
    const lane = new EncodedLane({ codec: 'mulaw', sampleRate: 8000, channels: 1, config: new Uint8Array(0), adts: false });
    for (let index = 0; index < 100; index += 1) if (index < 20 || index >= 40) lane.take(packet(500_000 + index * 20_000));
    // 16,000 samples: 15 whole frames, of which the encoder keeps two.
    const sound = lane.drain(0, 10_000_000);
    expect(sound).toMatchObject({ anchorUs: 500_000, sampleRate: 8000 });
    expect(sound?.samples.map(({ at }) => at / 1024)).toEqual(Array.from({ length: 13 }, (_unused, index) => index));
    lane.fill(0, 500_000 + 16 * 128_000);
    expect(lane.drain(0, 10_000_000)?.samples.map(({ at }) => at / 1024)).toEqual([13, 14, 15]);
    lane.close();
  });

  it('is AAC-LC, and a silence can be made of it for the sound of most cameras', () => {
    const encoder = new AacEncoder(8000, 1);
    expect(readAacConfig(encoder.config)).toEqual({ sampleRate: 8000, channels: 1, frameSamples: 1024 });
    encoder.close();
    expect(silentAac(16_000, 1)?.length).toBeLessThan(40);
    expect(silentAac(44_100, 2)?.length).toBeLessThan(40);
    expect(silentAac(16_000, 6)).toBeNull();
    expect(silentAac(12_345, 1)).toBeNull();
  });
});
