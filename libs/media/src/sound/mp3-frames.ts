/** A frame of MPEG audio, layer III. */
export interface Mp3Frame {
  readonly data: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: number;
}

/** ISO/IEC 11172-3 and 13818-3: kb/s of layer III, and rates of MPEG-1; halved and quartered for MPEG-2 and 2.5. */
const KBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES = [44_100, 48_000, 32_000];
const HEADER = 4;

/** The whole frames in a packet, up to the first thing that is none. */
export function readMp3Frames(packet: Uint8Array): Mp3Frame[] {
  const frames: Mp3Frame[] = [];
  for (let rest = packet; ; ) {
    const frame = readFrame(rest);
    if (frame === null) return frames;
    frames.push(frame);
    rest = rest.subarray(frame.data.length);
  }
}

function readFrame(data: Uint8Array): Mp3Frame | null {
  const [zero = 0, one = 0, two = 0, three = 0] = data;
  const version = (one >> 3) & 3;
  if (data.length < HEADER || zero !== 0xff || (one & 0xe6) !== 0xe2 || version === 1) return null;
  const isFirst = version === 3;
  const kbits = (isFirst ? KBITS_1 : KBITS_2)[two >> 4] ?? 0;
  const sampleRate = (RATES[(two >> 2) & 3] ?? 0) >> (isFirst ? 0 : version === 2 ? 1 : 2);
  if (kbits === 0 || sampleRate === 0) return null;
  const length = Math.floor(((isFirst ? 144 : 72) * kbits * 1000) / sampleRate) + ((two >> 1) & 1);
  return length > data.length ? null : { data: data.subarray(0, length), sampleRate, channels: three >> 6 === 3 ? 1 : 2, samples: isFirst ? 1152 : 576 };
}
