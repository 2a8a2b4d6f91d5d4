/** Payload bytes at most; leaves room for headers in a 1500-byte frame. */
export const MAX_PAYLOAD = 1400;
const PAYLOAD_TYPE = 96;
const FU_A = 28;

/** Packs H.264 into RTP (RFC 6184): a small unit as it is, a large one in FU-A fragments. Counts sequence numbers of one stream. */
export class RtpPacketizer {
  #sequence: number;
  readonly #ssrc: number;

  constructor(options: { sequence: number; ssrc: number }) {
    this.#sequence = options.sequence & 0xffff;
    this.#ssrc = options.ssrc;
  }

  get nextSequence(): number {
    return this.#sequence;
  }

  /** All packets of one picture; the last carries the marker. `timestamp` in 90 kHz. */
  pack(nals: readonly Buffer[], timestamp: number): Buffer[] {
    const payloads = nals.flatMap((nal) => fragments(nal));
    return payloads.map((payload, index) => Buffer.concat([this.#header(timestamp, index === payloads.length - 1), payload]));
  }

  /** One packet with any payload, for garbage. */
  packRaw(payload: Buffer, timestamp: number): Buffer {
    return Buffer.concat([this.#header(timestamp, true), payload]);
  }

  #header(timestamp: number, marker: boolean): Buffer {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = PAYLOAD_TYPE | (marker ? 0x80 : 0);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(timestamp % 2 ** 32, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return header;
  }
}

function fragments(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD) return [nal];
  const first = nal[0] as number;
  const body = nal.subarray(1);
  const size = MAX_PAYLOAD - 2;
  return Array.from({ length: Math.ceil(body.length / size) }, (_unused, index) => {
    const part = body.subarray(index * size, (index + 1) * size);
    const start = index === 0 ? 0x80 : 0;
    const end = (index + 1) * size >= body.length ? 0x40 : 0;
    return Buffer.concat([Buffer.of((first & 0xe0) | FU_A, start | end | (first & 0x1f)), part]);
  });
}
