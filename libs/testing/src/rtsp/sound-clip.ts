import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** How cameras send sound over RTP: AAC as RFC 3640 has it, G.711 by one of its laws. */
export type ClipSoundCodec = 'aac' | 'alaw' | 'mulaw';

/** What one packet carries. */
export interface SoundUnit {
  readonly timeMs: number;
  readonly data: Buffer;
}

export interface SoundClip {
  readonly codec: ClipSoundCodec;
  readonly sampleRate: number;
  /** AAC: AudioSpecificConfig. */
  readonly config: Buffer;
  readonly units: readonly SoundUnit[];
  /** Of each unit. */
  readonly unitMs: number;
}

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000];
const AAC_SAMPLES = 1024;
const G711_RATE = 8000;
const G711_MS = 20;

/** Reads what `makeSound` makes: `.aac` (ADTS), or the bare bytes of `.alaw` and `.mulaw`, mono. Throws when it is anything else. */
export function readSound(path: string): SoundClip {
  const file = readFileSync(path);
  const codec = extname(path).slice(1);
  if (codec === 'alaw' || codec === 'mulaw') {
    const bytes = (G711_RATE * G711_MS) / 1000;
    const units = Array.from({ length: Math.floor(file.length / bytes) }, (_unused, index) => ({ timeMs: index * G711_MS, data: file.subarray(index * bytes, (index + 1) * bytes) }));
    return { codec, sampleRate: G711_RATE, config: Buffer.alloc(0), units, unitMs: G711_MS };
  }
  if (codec !== 'aac' || file.readUInt16BE(0) >> 4 !== 0xfff) throw new Error(`${path}: expected sound that ends in .aac, .alaw or .mulaw`);
  const [profile, rate, channels] = [((file[2] as number) >> 6) + 1, ((file[2] as number) >> 2) & 15, (((file[2] as number) & 1) << 2) | ((file[3] as number) >> 6)];
  const sampleRate = RATES[rate] as number;
  const unitMs = (AAC_SAMPLES * 1000) / sampleRate;
  const frames: Buffer[] = [];
  for (let at = 0; at + 7 <= file.length; ) {
    const length = (((file[at + 3] as number) & 3) << 11) | ((file[at + 4] as number) << 3) | ((file[at + 5] as number) >> 5);
    frames.push(file.subarray(at + ((file[at + 1] as number) & 1 ? 7 : 9), at + length));
    at += length;
  }
  // The first frame is what the encoder puts before the sound.
  const units = frames.slice(1).map((data, index) => ({ timeMs: index * unitMs, data }));
  return { codec, sampleRate, config: Buffer.of((profile << 3) | (rate >> 1), ((rate & 1) << 7) | (channels << 3)), units, unitMs };
}
