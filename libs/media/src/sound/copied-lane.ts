import { AAC_FRAME, silentAac } from './aac-encoder.js';
import { readAacConfig, splitAdts } from './aac-config.js';
import { readMp3Frames } from './mp3-frames.js';
import { opusHead, opusSamples } from './opus.js';
import { SoundClock } from './sound-clock.js';
import { SampleQueue, type GroupSound, type SoundFormat, type SoundLane } from './sound-lane.js';
import type { SoundPacket } from './sound-packet.js';
import type { SoundStream } from './sound-stream.js';

interface EncodedFrame {
  readonly data: Uint8Array;
  readonly samples: number;
}

/** Of AAC: no frame of a camera is larger; a longer hole than this is none that could be filled. */
const MOST_FRAME_BYTES = 8192;
const MOST_HOLE_SECONDS = 15;

/** Sound that MP4 can carry, as the camera sent it. */
export class CopiedLane implements SoundLane {
  readonly format: SoundFormat;
  readonly #queue = new SampleQueue();
  readonly #clock: SoundClock;
  readonly #frameSamples: number;
  readonly #silence: Uint8Array | null;

  constructor(private readonly stream: SoundStream & { readonly codec: SoundFormat['codec'] }) {
    const { codec, sampleRate, channels, config } = stream;
    this.format = { codec, sampleRate, channels, config: codec === 'opus' ? opusHead(channels) : config };
    this.#clock = new SoundClock(sampleRate);
    this.#frameSamples = codec === 'aac' ? (readAacConfig(config)?.frameSamples ?? AAC_FRAME) : 0;
    this.#silence = this.#frameSamples === AAC_FRAME ? silentAac(sampleRate, channels) : null;
  }

  get reachedUs(): number {
    return this.#clock.anchorUs === null ? -Infinity : this.#clock.timeOf(this.#clock.count);
  }

  take({ ptsUs, data }: SoundPacket): void {
    let timeUs = ptsUs;
    for (const frame of this.#split(data)) {
      this.#put(frame, timeUs);
      // The time is that of the first one.
      timeUs = null;
    }
  }

  fill(fromUs: number, toUs: number): void {
    if (this.#silence === null) return;
    this.#clock.begin(fromUs);
    while (this.reachedUs < toUs) this.#push(this.#silence, this.#frameSamples);
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
    // Nothing native is held.
  }

  #put({ data, samples }: EncodedFrame, ptsUs: number | null): void {
    const clock = this.#clock;
    // When the first one is heard is not known.
    if (ptsUs === null && clock.anchorUs === null) return;
    const correction = clock.correction(ptsUs);
    if (correction < 0) return clock.corrected(-samples);
    const hole = Math.min(correction, MOST_HOLE_SECONDS * this.stream.sampleRate);
    if (hole > 0) {
      this.#bridge(hole);
      clock.corrected(correction);
    }
    this.#push(data, samples);
  }

  /** Silence as far as whole frames go; for the rest the last one stays a little longer. */
  #bridge(hole: number): void {
    let left = hole;
    for (; this.#silence !== null && left >= this.#frameSamples; left -= this.#frameSamples) this.#push(this.#silence, this.#frameSamples);
    const { last } = this.#queue;
    if (last !== undefined) last.duration += left;
    this.#clock.count += left;
  }

  #push(data: Uint8Array, duration: number): void {
    this.#queue.push({ at: this.#clock.count, duration, data });
    this.#clock.count += duration;
  }

  /** What is damaged, and can be seen to be, is left out. */
  #split(data: Uint8Array): EncodedFrame[] {
    switch (this.stream.codec) {
      case 'mp3':
        return readMp3Frames(data);
      case 'opus':
        return [{ data, samples: opusSamples(data) }].filter(({ samples }) => samples > 0);
      case 'aac': {
        const frames = this.stream.adts ? splitAdts(data).map((frame) => frame.data) : [data];
        return frames.filter(({ length }) => length > 0 && length <= MOST_FRAME_BYTES).map((frame) => ({ data: frame, samples: this.#frameSamples }));
      }
    }
  }
}
