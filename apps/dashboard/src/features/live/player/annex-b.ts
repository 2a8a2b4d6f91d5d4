const SPS = 7;
const PPS = 8;

/** NAL units of an H.264 packet in Annex B, without start codes; views into the packet. */
export function nalUnits(packet: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let i = 0; i + 2 < packet.length; i += 1) {
    if (packet[i] === 0 && packet[i + 1] === 0 && packet[i + 2] === 1) {
      starts.push(i + 3);
      i += 2;
    }
  }
  return starts
    .map((start, index) => {
      const next = starts[index + 1];
      let end = next === undefined ? packet.length : next - 3;
      // The zero before a four-byte start code, and trailing zeros, belong to no unit.
      while (end > start && packet[end - 1] === 0) end -= 1;
      return packet.subarray(start, end);
    })
    .filter((unit) => unit.length > 0);
}

const typeOf = (unit: Uint8Array): number => (unit[0] as number) & 0x1f;

/** Sequence and picture parameter sets of a key packet; null when they are not both there. */
export function parameterSets(packet: Uint8Array): { sps: Uint8Array; pps: Uint8Array } | null {
  const units = nalUnits(packet);
  const sps = units.find((unit) => typeOf(unit) === SPS);
  const pps = units.find((unit) => typeOf(unit) === PPS);
  return sps && pps && sps.length >= 4 ? { sps, pps } : null;
}

/** The same packet with each unit behind its four-byte length, as MP4 wants it; parameter sets and delimiters left out. */
export function toLengthPrefixed(packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const units = nalUnits(packet).filter((unit) => ![SPS, PPS, 9].includes(typeOf(unit)));
  const bytes = new Uint8Array(units.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const unit of units) {
    view.setUint32(at, unit.length);
    bytes.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return bytes;
}
