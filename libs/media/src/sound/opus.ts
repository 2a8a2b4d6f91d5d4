/** RFC 6716, 3.1: samples at 48 kHz in a frame, by the upper five bits of the first byte. */
const FRAMES = [480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960];
/** 120 ms, the most that a packet may last. */
const MOST = 5760;

/** How long a packet lasts; 0: it is none. */
export function opusSamples(packet: Uint8Array): number {
  const [first, second = 0] = packet;
  if (first === undefined) return 0;
  const kind = first & 3;
  const frames = kind === 0 ? 1 : kind < 3 ? 2 : second & 63;
  const samples = frames * (FRAMES[first >> 3] as number);
  return samples > MOST ? 0 : samples;
}

/** RFC 7845, 5.1: what a decoder is set up with, of one or two channels; nothing is to be skipped. */
export function opusHead(channels: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt32LE(48_000, 12);
  return Uint8Array.from(head);
}
