import { readFileSync } from 'node:fs';

/** One picture of a clip: its NAL units, when it is shown, whether a decoder can start there. */
export interface AccessUnit {
  readonly timeMs: number;
  readonly key: boolean;
  readonly nals: readonly Buffer[];
}

export interface H264Clip {
  readonly sps: Buffer;
  readonly pps: Buffer;
  readonly units: readonly AccessUnit[];
  readonly durationMs: number;
}

/**
 * Reads the H.264 track of a plain MP4 without B-frames. Own code, so that what the tests compare with does not come out of
 * the library under test. Throws when the file is anything else.
 */
export function readH264Clip(path: string): H264Clip {
  const file = readFileSync(path);
  const track = boxes(need(file, 'moov'), 'trak').find((candidate) => find(candidate, 'mdia', 'minf', 'stbl', 'stsd')?.includes('avc1'));
  if (track === undefined) throw new Error(`${path}: expected an MP4 with an H.264 track`);
  const table = need(track, 'mdia', 'minf', 'stbl');
  if (find(table, 'ctts') !== null) throw new Error(`${path}: expected a clip without B-frames`);
  const header = need(track, 'mdia', 'mdhd');
  const scale = header.readUInt32BE(header[0] === 1 ? 20 : 12);
  const { sps, pps, lengthSize } = readAvcC(need(table, 'stsd'));
  const sizes = readSizes(need(table, 'stsz'));
  const offsets = readOffsets(table, sizes);
  const { times, end } = readTimes(need(table, 'stts'), scale);
  const keys = new Set(readKeys(find(table, 'stss')));
  const units = sizes.map((size, index) => ({
    timeMs: times[index] as number,
    key: keys.size === 0 || keys.has(index + 1),
    nals: splitLengths(file.subarray(offsets[index] as number, (offsets[index] as number) + size), lengthSize),
  }));
  return { sps, pps, units, durationMs: end };
}

/** The bodies of the direct child boxes of one type. */
function boxes(parent: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= parent.length; ) {
    const short = parent.readUInt32BE(at);
    const size = short === 1 ? Number(parent.readBigUInt64BE(at + 8)) : short === 0 ? parent.length - at : short;
    if (parent.toString('latin1', at + 4, at + 8) === type) found.push(parent.subarray(at + (short === 1 ? 16 : 8), at + size));
    at += Math.max(size, 8);
  }
  return found;
}

function find(parent: Buffer, ...path: string[]): Buffer | null {
  return path.reduce<Buffer | null>((body, type) => (body === null ? null : (boxes(body, type)[0] ?? null)), parent);
}

function need(parent: Buffer, ...path: string[]): Buffer {
  const body = find(parent, ...path);
  if (body === null) throw new Error(`expected an MP4 box ${path.join('/')}`);
  return body;
}

function readAvcC(stsd: Buffer): { sps: Buffer; pps: Buffer; lengthSize: number } {
  const avcC = stsd.subarray(stsd.indexOf('avcC') + 4);
  const spsLength = avcC.readUInt16BE(6);
  const ppsLength = avcC.readUInt16BE(9 + spsLength);
  return { lengthSize: ((avcC[4] as number) & 3) + 1, sps: avcC.subarray(8, 8 + spsLength), pps: avcC.subarray(11 + spsLength, 11 + spsLength + ppsLength) };
}

function readSizes(stsz: Buffer): number[] {
  const same = stsz.readUInt32BE(4);
  return Array.from({ length: stsz.readUInt32BE(8) }, (_unused, index) => (same !== 0 ? same : stsz.readUInt32BE(12 + index * 4)));
}

function readOffsets(table: Buffer, sizes: readonly number[]): number[] {
  const stco = need(table, 'stco');
  const stsc = need(table, 'stsc');
  const runs = Array.from({ length: stsc.readUInt32BE(4) }, (_unused, index) => ({ first: stsc.readUInt32BE(8 + index * 12), samples: stsc.readUInt32BE(12 + index * 12) }));
  const offsets: number[] = [];
  for (let chunk = 1; chunk <= stco.readUInt32BE(4); chunk += 1) {
    const samples = runs.findLast((run) => run.first <= chunk)?.samples ?? 0;
    let at = stco.readUInt32BE(4 + chunk * 4);
    for (let index = 0; index < samples && offsets.length < sizes.length; index += 1) {
      const size = sizes[offsets.length] as number;
      offsets.push(at);
      at += size;
    }
  }
  return offsets;
}

function readTimes(stts: Buffer, scale: number): { times: number[]; end: number } {
  const times: number[] = [];
  let at = 0;
  for (let entry = 0; entry < stts.readUInt32BE(4); entry += 1) {
    const step = stts.readUInt32BE(12 + entry * 8);
    for (let index = 0; index < stts.readUInt32BE(8 + entry * 8); index += 1) {
      times.push((at * 1000) / scale);
      at += step;
    }
  }
  return { times, end: (at * 1000) / scale };
}

function readKeys(stss: Buffer | null): number[] {
  return stss === null ? [] : Array.from({ length: stss.readUInt32BE(4) }, (_unused, index) => stss.readUInt32BE(8 + index * 4));
}

function splitLengths(sample: Buffer, lengthSize: number): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + lengthSize <= sample.length; ) {
    const length = sample.readUIntBE(at, lengthSize);
    nals.push(sample.subarray(at + lengthSize, at + lengthSize + length));
    at += lengthSize + length;
  }
  return nals;
}
