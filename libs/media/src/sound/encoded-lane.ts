import { AAC_FRAME, AacEncoder } from './aac-encoder.js';
import { g711Levels } from './g711.js';
import { SoundClock } from './sound-clock.js';
import { SampleQueue, type GroupSound, type SoundFormat, type SoundLane } from './sound-lane.js';
import type { SoundPacket } from './sound-packet.js';
import type { SoundStream } from './sound-stream.js';

const MOST_HOLE_SECONDS = 15;

/** The sound of a telephone (G.711), which most cameras send and MP4 cannot carry, encoded as AAC. */
export class EncodedLane implements SoundLane {
  readonly format: SoundFormat;
  readonly #encoder: AacEncoder;
  readonly #levels: Float32Array;
  readonly #clock: SoundClock;
  readonly #queue = new SampleQueue();
  /** Samples of the open frame. */
  #filled = 0;
  #reached = -Infinity;

  /** Throws MediaError. */
  constructor(private readonly stream: SoundStream & { readonly codec: 'alaw' | 'mulaw' }) {
    const { codec, sampleRate } = stream;
    const channels = stream.channels === 1 ? 1 : 2;
    this.#encoder = new AacEncoder(sampleRate, channels);
    this.format = { codec: 'aac', sampleRate, channels, config: this.#encoder.config };
    this.#levels = g711Levels(codec);
    this.#clock = new SoundClock(sampleRate);
  }

  get reachedUs(): number {
    return this.#reached === -Infinity ? -Infinity : this.#clock.timeOf(this.#reached);
  }

  take({ ptsUs, data }: SoundPacket): void {
    const { sampleRate, channels } = this.stream;
    if (ptsUs === null && this.#clock.anchorUs === null) return;
    const correction = this.#clock.correction(ptsUs);
    const samples = Math.floor(data.length / channels);
    const skipped = Math.min(samples, Math.max(0, -correction));
    if (correction > 0) this.#add(null, 0, Math.min(correction, MOST_HOLE_SECONDS * sampleRate));
    if (correction !== 0) this.#clock.corrected(correction > 0 ? correction : -skipped);
    this.#add(data, skipped, samples - skipped);
  }

  fill(fromUs: number, toUs: number): void {
    this.#clock.begin(fromUs);
    while (this.reachedUs < toUs) this.#add(null, 0, AAC_FRAME - this.#filled);
  }

  drain(fromUs: number, toUs: number): GroupSound | null {
    const { anchorUs } = this.#clock;
    const { sampleRate } = this.stream;
    if (anchorUs === null) return null;
    const [from, to] = [fromUs, toUs].map((us) => ((us - anchorUs) * sampleRate) / 1_000_000) as [number, number];
    const samples = this.#queue.take(from, to);
    return samples.length === 0 ? null : { anchorUs, sampleRate, samples };
  }

  close(): void {
    this.#encoder.close();
  }

  /** `from` the samples of `data` on; null: silence. */
  #add(data: Uint8Array | null, from: number, count: number): void {
    const { channels } = this.stream;
    const { frame } = this.#encoder;
    this.#clock.count += count;
    for (let done = 0; done < count; ) {
      const length = Math.min(AAC_FRAME - this.#filled, count - done);
      for (let channel = 0; channel < channels; channel += 1) {
        const base = channel * AAC_FRAME + this.#filled;
        for (let index = 0; index < length; index += 1) frame[base + index] = data === null ? 0 : (this.#levels[data[(from + done + index) * channels + channel] as number] as number);
      }
      this.#filled += length;
      done += length;
      if (this.#filled === AAC_FRAME) this.#encode();
    }
  }

  #encode(): void {
    this.#filled = 0;
    for (const { at, data } of this.#encoder.encode()) {
      this.#reached = at + AAC_FRAME;
      // What the encoder puts before the first sample is none.
      if (at >= 0) this.#queue.push({ at, duration: AAC_FRAME, data });
    }
  }
}
