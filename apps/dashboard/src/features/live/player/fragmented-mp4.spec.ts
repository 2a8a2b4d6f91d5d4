import { describe, expect, it } from 'vitest';
import { nalUnits, parameterSets, toLengthPrefixed } from './annex-b.js';
import { fragment, openingSegment } from './fragmented-mp4.js';

const sps = [0x67, 0x64, 0x00, 0x1f, 0xac];
const pps = [0x68, 0xee, 0x3c, 0x80];
const slice = [0x65, 0x88, 0x84, 0x21];
const packet = new Uint8Array([0, 0, 0, 1, 0x09, 0x10, 0, 0, 0, 1, ...sps, 0, 0, 0, 1, ...pps, 0, 0, 1, ...slice]);

describe('Annex B', () => {
  it('is cut into its units, whatever the length of the start codes', () => {
    expect(nalUnits(packet).map((unit) => [...unit])).toEqual([[0x09, 0x10], sps, pps, slice]);
  });

  it('gives the parameter sets of a key packet, null for others', () => {
    expect([...(parameterSets(packet)?.sps ?? [])]).toEqual(sps);
    expect(parameterSets(new Uint8Array([0, 0, 1, 0x41, 1]))).toBeNull();
  });

  it('becomes length-prefixed slices for MP4', () => {
    expect([...toLengthPrefixed(packet)]).toEqual([0, 0, 0, 4, ...slice]);
  });
});

/** Types of the boxes at the top level; fails when a size is wrong. */
function boxTypes(bytes: Uint8Array, from = 0): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const types: string[] = [];
  for (let at = from; at < bytes.length; at += view.getUint32(at)) types.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
  return types;
}

describe('fragmented MP4', () => {
  const sets = parameterSets(packet);
  if (!sets) throw new Error('expected parameter sets');

  it('opens with ftyp and moov whose sizes add up', () => {
    const bytes = openingSegment({ width: 768, height: 576, ...sets });
    expect(boxTypes(bytes)).toEqual(['ftyp', 'moov']);
    const moov = bytes.subarray(28);
    expect(boxTypes(moov, 8)).toEqual(['mvhd', 'trak', 'mvex']);
  });

  it('carries a packet in moof and mdat, its offset pointing at the data', () => {
    const bytes = fragment(7, { decodeTimeUs: 2 ** 33 + 5, durationUs: 40_000, key: true, data: toLengthPrefixed(packet) });
    expect(boxTypes(bytes)).toEqual(['moof', 'mdat']);
    const view = new DataView(bytes.buffer);
    const trun = bytes.findIndex((_, at) => String.fromCharCode(...bytes.subarray(at, at + 4)) === 'trun');
    expect([...bytes.subarray(view.getUint32(trun + 12))]).toEqual([0, 0, 0, 4, ...slice]);
    const tfdt = bytes.findIndex((_, at) => String.fromCharCode(...bytes.subarray(at, at + 4)) === 'tfdt');
    expect(view.getBigUint64(tfdt + 8)).toBe(2n ** 33n + 5n);
  });
});
