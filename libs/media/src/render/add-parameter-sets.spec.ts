import { readFileSync } from 'node:fs';
import { Box, readHead, readParameterSets } from '@argus/footage';
import { describe, expect, it } from 'vitest';
import { addParameterSets, avcRecordOf, freeSetsId } from './add-parameter-sets.js';

const FILE = readFileSync(new URL('../../../footage/fixtures/1700000000000-segment.mp4', import.meta.url));
const head = FILE.subarray(0, FILE.indexOf('moof') - 4);
const isH264 = head.includes('avc1');

describe.skipIf(!isH264)('addParameterSets', () => {
  it('puts more sets beside those that are there, and changes nothing else', () => {
    const before = readParameterSets(avcRecordOf(head), 'h264').units;
    const sets = before.map((unit) => Buffer.concat([unit, Buffer.of(7)]));
    const bigger = addParameterSets(head, sets);
    expect(readParameterSets(avcRecordOf(bigger), 'h264').units.map((unit) => Buffer.from(unit).toString('hex')).sort()).toEqual([...before, ...sets].map((unit) => Buffer.from(unit).toString('hex')).sort());
    const [old, grown] = [head, bigger].map((bytes) => readHead(Box.around(bytes.subarray(bytes.indexOf('moov') - 4)).only('moov'), bytes));
    expect({ ...grown, bytes: null, id: null }).toEqual({ ...old, bytes: null, id: null });
    expect(bigger.length).toBe(head.length + sets.reduce((sum, unit) => sum + unit.length + 2, 0));
  });
});

describe('freeSetsId', () => {
  // SPS with the number 0 and 31, PPS with 30: 1, 000001 00000, 000011111.
  it.each([
    [[Buffer.of(0x67, 66, 0, 30, 0x80)], 31],
    [[Buffer.of(0x67, 66, 0, 30, 0b0000_0100, 0b0000_0000)], 30],
    [[Buffer.of(0x67, 66, 0, 30, 0b0000_0100, 0b0000_0000), Buffer.of(0x68, 0b0000_1111, 0b1000_0000)], 29],
    [[], 31],
  ])('of %j is %i', (units, free) => expect(freeSetsId(units)).toBe(free));
});
