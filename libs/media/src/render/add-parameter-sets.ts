import { BOX_HEADER } from '@argus/footage';
import { MediaError } from '../media-error.js';

const SPS = 7;
/** ISO/IEC 14496-15: what stands in avcC before the number of SPS. */
const AVCC_FIELDS = 5;
/** The boxes around avcC, and the bytes of fields before the boxes inside of each. */
const AROUND: readonly (readonly [type: string, fields: number])[] = [['moov', 0], ['trak', 0], ['mdia', 0], ['minf', 0], ['stbl', 0], ['stsd', 8], ['avc1', 78], ['avcC', 0]];

/**
 * A head of H.264 that also tells of other parameter sets: pictures that name them by their number can then stand in the same film. All that
 * the head says of time stays as it is. Throws MediaError.
 */
export function addParameterSets(head: Buffer, sets: readonly Uint8Array[]): Buffer {
  const places = placesOf(head);
  const last = places.at(-1) as Place;
  const record = head.subarray(last.at + BOX_HEADER, last.at + last.size);
  const bigger = addToRecord(record, sets);
  const more = bigger.length - record.length;
  const grown = Buffer.concat([head.subarray(0, last.at + BOX_HEADER), bigger, head.subarray(last.at + last.size)]);
  for (const { at, size } of places) grown.writeUInt32BE(size + more, at);
  return grown;
}

/** The avcC of a head, without its header. Throws MediaError. */
export function avcRecordOf(head: Buffer): Buffer {
  const { at, size } = placesOf(head).at(-1) as Place;
  return head.subarray(at + BOX_HEADER, at + size);
}

/** A number that no parameter set of a head uses. Throws MediaError where they use all. */
export function freeSetsId(units: readonly Uint8Array[]): number {
  const taken = new Set(units.map((unit) => readNumber(unit, isSps(unit) ? 4 : 1)));
  for (let id = 31; id > 0; id -= 1) if (!taken.has(id)) return id;
  throw new MediaError('expected a number that no parameter set of the footage has, it has all');
}

interface Place {
  readonly at: number;
  readonly size: number;
}

function placesOf(head: Buffer): Place[] {
  const places: Place[] = [];
  let [at, end] = [0, head.length];
  for (const [type, fields] of AROUND) {
    while (at + BOX_HEADER <= end && head.toString('latin1', at + 4, at + 8) !== type) at += Math.max(head.readUInt32BE(at), BOX_HEADER);
    if (at + BOX_HEADER > end) throw new MediaError(`expected a head of H.264 with ${type}, got none`);
    const size = head.readUInt32BE(at);
    places.push({ at, size });
    end = at + size;
    at += BOX_HEADER + fields;
  }
  return places;
}

function addToRecord(record: Buffer, sets: readonly Uint8Array[]): Buffer {
  const sps = listAt(record, AVCC_FIELDS, 0x1f);
  const pps = listAt(record, sps.end, 0xff);
  const list = (flags: number, units: readonly Uint8Array[]) => [Buffer.of(flags | units.length), ...units.flatMap((unit) => [lengthOf(unit), unit])];
  return Buffer.concat([
    record.subarray(0, AVCC_FIELDS),
    ...list(0xe0, [...sps.units, ...sets.filter(isSps)]),
    ...list(0, [...pps.units, ...sets.filter((unit) => !isSps(unit))]),
    record.subarray(pps.end),
  ]);
}

function listAt(record: Buffer, at: number, mask: number): { readonly units: Uint8Array[]; readonly end: number } {
  const units: Uint8Array[] = [];
  let end = at + 1;
  for (let left = (record[at] ?? 0) & mask; left > 0; left -= 1) {
    const length = record.readUInt16BE(end);
    units.push(record.subarray(end + 2, end + 2 + length));
    end += 2 + length;
  }
  return { units, end };
}

function lengthOf(unit: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(unit.byteLength);
  return length;
}

const isSps = (unit: Uint8Array): boolean => ((unit[0] ?? 0) & 31) === SPS;

/** An Exp-Golomb number that begins at a byte: zeros, then as many bits and one. */
function readNumber(unit: Uint8Array, byte: number): number {
  const bit = (index: number) => ((unit[byte + (index >> 3)] ?? 0) >> (7 - (index & 7))) & 1;
  let zeros = 0;
  while (zeros < 16 && bit(zeros) === 0) zeros += 1;
  let value = 0;
  for (let index = zeros; index <= 2 * zeros; index += 1) value = value * 2 + bit(index);
  return value - 1;
}
