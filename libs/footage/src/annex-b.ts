/** Parameter sets (VPS, SPS, PPS) of a stream, as its header gave them. */
export interface ParameterSets {
  /** Bytes of the length before each unit, 1-4; 0: the stream is Annex B already. */
  readonly lengthSize: number;
  readonly units: readonly Uint8Array[];
}

type NalCodec = 'h264' | 'hevc';
const START_CODE = Uint8Array.of(0, 0, 0, 1);
const H264_SPS = 7;
const H264_PPS = 8;
const HEVC_VPS = 32;
const HEVC_SPS = 33;
const HEVC_PPS = 34;

/** Reads a stream header: avcC or hvcC of MP4 and FLV, or Annex B of RTSP and MPEG-TS. A damaged one gives what was readable. */
export function readParameterSets(header: Uint8Array | null, codec: NalCodec): ParameterSets {
  if (header === null || header.byteLength < 7) return { lengthSize: 0, units: [] };
  if (startsWithStartCode(header)) return { lengthSize: 0, units: splitAnnexB(header) };
  return codec === 'h264' ? readAvcC(header) : readHvcC(header);
}

/** One packet as Annex B; before a key frame that does not carry its parameter sets, those of the header are put. */
export function toAnnexB(packet: Uint8Array, codec: NalCodec, sets: ParameterSets, key: boolean): Uint8Array {
  const annexB = sets.lengthSize === 0;
  const units = annexB ? [] : splitLengths(packet, sets.lengthSize);
  const needsSets = key && sets.units.length > 0 && !(annexB ? splitAnnexB(packet) : units).some((unit) => isSps(unit, codec));
  const head = needsSets ? sets.units : [];
  if (annexB && head.length === 0) return Uint8Array.from(packet);
  return joinUnits([...head, ...units], annexB ? packet : null);
}

/** The units of a packet: behind lengths of so many bytes, or behind start codes (0). Views, not copies. */
export function splitUnits(packet: Uint8Array, lengthSize: number): Uint8Array[] {
  return lengthSize === 0 ? splitAnnexB(packet) : splitLengths(packet, lengthSize);
}

/** Those of the units that are VPS, SPS or PPS. */
export function parameterSetsOf(units: readonly Uint8Array[], codec: NalCodec): Uint8Array[] {
  const types = codec === 'h264' ? [H264_SPS, H264_PPS] : [HEVC_VPS, HEVC_SPS, HEVC_PPS];
  return units.filter((unit) => types.includes(unitType(unit, codec)));
}

/** The units of an Annex B stretch, without start codes. Views, not copies. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const code = Buffer.of(0, 0, 1);
  let at = view.indexOf(code);
  while (at >= 0) {
    const start = at + 3;
    const next = view.indexOf(code, start);
    let end = next < 0 ? view.length : next;
    while (end > start && view[end - 1] === 0) end -= 1;
    if (end > start) units.push(bytes.subarray(start, end));
    at = next;
  }
  return units;
}

/** The first SPS of a stream header; null when there is none. */
export function findSps(sets: ParameterSets, codec: NalCodec): Uint8Array | null {
  return sets.units.find((unit) => isSps(unit, codec)) ?? null;
}

/** Whether no other picture refers to this one: leaving it out harms nothing. False when that cannot be read. */
export function isDisposable(packet: Uint8Array, codec: NalCodec, lengthSize: number): boolean {
  const units = splitUnits(packet, lengthSize);
  const slice = units.find((unit) => isSlice(unit, codec));
  if (slice === undefined) return false;
  if (codec === 'h264') return ((slice[0] ?? 0) & 0x60) === 0;
  // Even types are not referred to within their temporal layer; with one layer, by none.
  return unitType(slice, codec) % 2 === 0 && ((slice[1] ?? 0) & 7) === 1;
}

function isSlice(unit: Uint8Array, codec: NalCodec): boolean {
  const type = unitType(unit, codec);
  return codec === 'h264' ? type >= 1 && type <= 5 : type < 16;
}

function isSps(unit: Uint8Array, codec: NalCodec): boolean {
  return unitType(unit, codec) === (codec === 'h264' ? H264_SPS : HEVC_SPS);
}

/** The type in a unit's header. */
export function unitType(unit: Uint8Array, codec: NalCodec): number {
  const first = unit[0] ?? 0;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

function startsWithStartCode(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && (bytes[2] === 1 || (bytes[2] === 0 && bytes[3] === 1));
}

function splitLengths(packet: Uint8Array, lengthSize: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  const view = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  let at = 0;
  while (at + lengthSize <= view.length) {
    const length = view.readUIntBE(at, lengthSize);
    const start = at + lengthSize;
    if (length > 0) units.push(packet.subarray(start, Math.min(start + length, packet.byteLength)));
    at = start + length;
  }
  return units;
}

function joinUnits(units: readonly Uint8Array[], tail: Uint8Array | null): Uint8Array {
  const size = units.reduce((sum, unit) => sum + START_CODE.length + unit.byteLength, tail?.byteLength ?? 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const unit of units) {
    joined.set(START_CODE, at);
    joined.set(unit, at + START_CODE.length);
    at += START_CODE.length + unit.byteLength;
  }
  if (tail !== null) joined.set(tail, at);
  return joined;
}

/** ISO/IEC 14496-15, AVCDecoderConfigurationRecord. */
function readAvcC(header: Uint8Array): ParameterSets {
  const lengthSize = ((header[4] ?? 0) & 3) + 1;
  const reader = new UnitReader(header, 5);
  const units = reader.units(reader.byte() & 0x1f);
  return { lengthSize, units: [...units, ...reader.units(reader.byte())] };
}

/** ISO/IEC 14496-15, HEVCDecoderConfigurationRecord. */
function readHvcC(header: Uint8Array): ParameterSets {
  const lengthSize = ((header[21] ?? 0) & 3) + 1;
  const reader = new UnitReader(header, 22);
  const units: Uint8Array[] = [];
  for (let arrays = reader.byte(); arrays > 0; arrays -= 1) {
    const type = reader.byte() & 0x3f;
    const count = reader.short();
    const found = reader.units(count);
    if (type === HEVC_VPS || type === HEVC_SPS || type === HEVC_PPS) units.push(...found);
  }
  return { lengthSize, units };
}

/** Reads units with 16-bit lengths; past the end it reads nothing. */
class UnitReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  byte(): number {
    const value = this.bytes[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  short(): number {
    return (this.byte() << 8) | this.byte();
  }

  units(count: number): Uint8Array[] {
    const units: Uint8Array[] = [];
    for (let index = 0; index < count && this.at < this.bytes.byteLength; index += 1) {
      const length = this.short();
      const unit = this.bytes.subarray(this.at, this.at + length);
      this.at += length;
      if (unit.byteLength === length && length > 0) units.push(unit);
    }
    return units;
  }
}
