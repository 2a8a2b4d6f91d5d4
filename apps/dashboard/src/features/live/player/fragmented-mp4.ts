/** Just enough ISO BMFF for one H.264 track: an opening segment, then one fragment per packet. Times are microseconds. */
const TIMESCALE = 1_000_000;

export interface TrackDescription {
  readonly width: number;
  readonly height: number;
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

export interface FragmentSample {
  readonly decodeTimeUs: number;
  readonly durationUs: number;
  readonly key: boolean;
  /** Length-prefixed NAL units. */
  readonly data: Uint8Array;
}

type Part = Uint8Array | readonly number[];

function join(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const u16 = (value: number) => [(value >>> 8) & 255, value & 255];
const u32 = (value: number) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const u64 = (value: number) => [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)];
const zeros = (count: number) => new Uint8Array(count);
const text = (value: string) => Array.from(value, (letter) => letter.charCodeAt(0));

const box = (type: string, ...parts: Part[]) => {
  const body = join(parts);
  return join([u32(8 + body.length), text(type), body]);
};
const fullBox = (type: string, version: number, flags: number, ...parts: Part[]) => box(type, [version, (flags >>> 16) & 255, (flags >>> 8) & 255, flags & 255], ...parts);

const UNITY_MATRIX = join([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));

/** `ftyp` and `moov`: what a player needs before the first picture. */
export function openingSegment(track: TrackDescription): Uint8Array<ArrayBuffer> {
  const movieHeader = fullBox('mvhd', 0, 0, zeros(8), u32(TIMESCALE), u32(0), u32(0x10000), u16(0x100), zeros(10), UNITY_MATRIX, zeros(24), u32(2));
  const fragments = box('mvex', fullBox('trex', 0, 0, u32(1), u32(1), u32(0), u32(0), u32(0)));
  return join([box('ftyp', text('iso5'), u32(1), text('iso5iso6mp41')), box('moov', movieHeader, trackBox(track), fragments)]);
}

function trackBox(track: TrackDescription): Uint8Array {
  const header = fullBox('tkhd', 0, 3, zeros(8), u32(1), zeros(4), u32(0), zeros(8), u16(0), u16(0), u16(0), zeros(2), UNITY_MATRIX, u32(track.width * 65536), u32(track.height * 65536));
  const empty = [fullBox('stts', 0, 0, u32(0)), fullBox('stsc', 0, 0, u32(0)), fullBox('stsz', 0, 0, u32(0), u32(0)), fullBox('stco', 0, 0, u32(0))];
  const table = box('stbl', fullBox('stsd', 0, 0, u32(1), sampleEntry(track)), ...empty);
  const data = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const media = box(
    'mdia',
    fullBox('mdhd', 0, 0, zeros(8), u32(TIMESCALE), u32(0), u16(0x55c4), u16(0)),
    fullBox('hdlr', 0, 0, zeros(4), text('vide'), zeros(12), text('video\0')),
    box('minf', fullBox('vmhd', 0, 1, zeros(8)), data, table),
  );
  return box('trak', header, media);
}

function sampleEntry({ width, height, sps, pps }: TrackDescription): Uint8Array {
  const [profile, compatibility, level] = [sps[1] as number, sps[2] as number, sps[3] as number];
  const configuration = box('avcC', [1, profile, compatibility, level, 0xff, 0xe1], u16(sps.length), sps, [1], u16(pps.length), pps);
  return box('avc1', zeros(6), u16(1), zeros(16), u16(width), u16(height), u32(0x480000), u32(0x480000), zeros(4), u16(1), zeros(32), u16(0x18), u16(0xffff), configuration);
}

const KEY_SAMPLE = 0x02000000;
const OTHER_SAMPLE = 0x01010000;

/** `moof` and `mdat` with one picture. */
export function fragment(sequence: number, sample: FragmentSample): Uint8Array<ArrayBuffer> {
  const movie = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, 0x20000, u32(1)),
        fullBox('tfdt', 1, 0, u64(sample.decodeTimeUs)),
        fullBox('trun', 0, 0x701, u32(1), u32(dataOffset), u32(sample.durationUs), u32(sample.data.length), u32(sample.key ? KEY_SAMPLE : OTHER_SAMPLE)),
      ),
    );
  const head = movie(movie(0).length + 8);
  return join([head, box('mdat', sample.data)]);
}
