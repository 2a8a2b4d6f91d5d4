import { readFileSync } from 'node:fs';

/** One picture of a clip: its NAL units, when it is shown, whether a decoder can start there. */
export interface AccessUnit {
  readonly timeMs: number;
  readonly key: boolean;
  readonly nals: readonly Buffer[];
}

export type ClipCodec = 'h264' | 'h265';

export interface Clip {
  readonly codec: ClipCodec;
  /** SPS and PPS; with H.265 the VPS before them. */
  readonly parameterSets: readonly Buffer[];
  readonly units: readonly AccessUnit[];
  readonly durationMs: number;
}

const SAMPLE_ENTRIES: readonly (readonly [string, ClipCodec])[] = [['avc1', 'h264'], ['hvc1', 'h265'], ['hev1', 'h265']];

/**
 * Reads the H.264 or H.265 track of a plain MP4 without B-frames that begins with a key frame. Own code, so that what the tests
 * compare with does not come out of the library under test. Throws when the file is anything else.
 */
export function readClip(path: string): Clip {
  const file = readFileSync(path);
  const found = boxes(need(file, 'moov'), 'trak').flatMap((track) => {
    const entry = SAMPLE_ENTRIES.find(([name]) => find(track, 'mdia', 'minf', 'stbl', 'stsd')?.includes(name));
    return entry === undefined ? [] : [{ track, codec: entry[1] }];
  })[0];
  if (found === undefined) throw new Error(`${path}: expected an MP4 with an H.264 or H.265 track`);
  const { track, codec } = found;
  const table = need(track, 'mdia', 'minf', 'stbl');
  if (find(table, 'ctts') !== null) throw new Error(`${path}: expected a clip without B-frames`);
  const header = need(track, 'mdia', 'mdhd');
  const scale = header.readUInt32BE(header[0] === 1 ? 20 : 12);
  const { sets, lengthSize } = codec === 'h264' ? readAvcC(need(table, 'stsd')) : readHvcC(need(table, 'stsd'));
  const sizes = readSizes(need(table, 'stsz'));
  const offsets = readOffsets(table, sizes);
  const { times, end } = readTimes(need(table, 'stts'), scale);
  const keys = new Set(readKeys(find(table, 'stss')));
  const units = sizes.map((size, index) => ({
    timeMs: times[index] as number,
    key: keys.size === 0 || keys.has(index + 1),
    nals: splitLengths(file.subarray(offsets[index] as number, (offsets[index] as number) + size), lengthSize),
  }));
  if (units[0]?.key !== true) throw new Error(`${path}: expected a clip that begins with a key frame`);
  return { codec, parameterSets: sets, units, durationMs: end };
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

interface ParameterSets {
  readonly sets: Buffer[];
  readonly lengthSize: number;
}

function readAvcC(stsd: Buffer): ParameterSets {
  const avcC = stsd.subarray(stsd.indexOf('avcC') + 4);
  const spsLength = avcC.readUInt16BE(6);
  const ppsLength = avcC.readUInt16BE(9 + spsLength);
  return { lengthSize: ((avcC[4] as number) & 3) + 1, sets: [avcC.subarray(8, 8 + spsLength), avcC.subarray(11 + spsLength, 11 + spsLength + ppsLength)] };
}

/** Only VPS, SPS and PPS (types 32 to 34): encoders put their advertisement beside them. */
function readHvcC(stsd: Buffer): ParameterSets {
  const hvcC = stsd.subarray(stsd.indexOf('hvcC') + 4);
  const sets: Buffer[] = [];
  let at = 23;
  for (let array = 0; array < (hvcC[22] as number); array += 1) {
    const type = (hvcC[at] as number) & 0x3f;
    const count = hvcC.readUInt16BE(at + 1);
    at += 3;
    for (let unit = 0; unit < count; unit += 1) {
      const length = hvcC.readUInt16BE(at);
      if (type >= 32 && type <= 34) sets.push(hvcC.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return { lengthSize: ((hvcC[21] as number) & 3) + 1, sets };
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
