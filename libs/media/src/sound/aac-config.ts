/** What an AudioSpecificConfig (ISO/IEC 14496-3) says of the core stream. */
export interface AacConfig {
  readonly sampleRate: number;
  readonly channels: number;
  /** In a frame, of the core stream. */
  readonly frameSamples: number;
}

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
const EXPLICIT_RATE = 15;
const ESCAPE = 31;
/** Channel configuration 7 has eight channels, the others as many as their number. */
const channelsOf = (configuration: number): number => (configuration === 7 ? 8 : configuration);

/** null: it says nothing that could be used. */
export function readAacConfig(bytes: Uint8Array): AacConfig | null {
  let at = 0;
  const bits = (count: number): number => {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, at += 1) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  if (bits(5) === ESCAPE) bits(6);
  const index = bits(4);
  const sampleRate = index === EXPLICIT_RATE ? bits(24) : (RATES[index] ?? 0);
  const channels = channelsOf(bits(4));
  const isShort = bits(1) === 1;
  return bytes.length < 2 || sampleRate === 0 || channels === 0 || channels > 8 ? null : { sampleRate, channels, frameSamples: isShort ? 960 : 1024 };
}

/** A frame behind a header of its own (ADTS), as MPEG-TS has it. */
export interface AdtsFrame {
  readonly config: Uint8Array;
  readonly data: Uint8Array;
}

const SHORT_HEADER = 7;
const LONG_HEADER = 9;

export const isAdts = (data: Uint8Array): boolean => data.length > SHORT_HEADER && data[0] === 0xff && ((data[1] as number) & 0xf6) === 0xf0;

/** The whole frames in a packet; what is cut off or is none is left out. */
export function splitAdts(data: Uint8Array): AdtsFrame[] {
  const frames: AdtsFrame[] = [];
  let rest = data;
  while (isAdts(rest)) {
    const [, one = 0, two = 0, three = 0, four = 0, five = 0] = rest;
    const header = one & 1 ? SHORT_HEADER : LONG_HEADER;
    const length = ((three & 3) << 11) | (four << 3) | (five >> 5);
    if (length <= header || length > rest.length) break;
    const [profile, rate, channels] = [(two >> 6) + 1, (two >> 2) & 15, ((two & 1) << 2) | (three >> 6)];
    frames.push({ config: Uint8Array.of((profile << 3) | (rate >> 1), ((rate & 1) << 7) | (channels << 3)), data: rest.subarray(header, length) });
    rest = rest.subarray(length);
  }
  return frames;
}
