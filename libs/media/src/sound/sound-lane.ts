import type { SoundPacket } from './sound-packet.js';

/** What a head has to say of sound. */
export interface SoundFormat {
  readonly codec: 'aac' | 'mp3' | 'opus';
  readonly sampleRate: number;
  readonly channels: number;
  /** As MP4 wants it; empty for MP3. */
  readonly config: Uint8Array;
}

/** A piece of encoded sound. Counts are of samples. */
export interface SoundSample {
  /** Since the anchor of its run. */
  readonly at: number;
  duration: number;
  readonly data: Uint8Array;
}

/** Sound that lies in a group of pictures, each piece right behind the one before. */
export interface GroupSound {
  /** Media time of the run's sample 0. */
  readonly anchorUs: number;
  readonly sampleRate: number;
  readonly samples: readonly SoundSample[];
}

/** Makes of the packets of one camera's sound what goes into files, without a hole. */
export interface SoundLane {
  readonly format: SoundFormat;
  /** Media time up to which it has something; -Infinity: nothing yet. */
  readonly reachedUs: number;
  /** Never throws: what cannot be used is left out. */
  take(packet: SoundPacket): void;
  /** Nothing more has come: where a silence can be made of this sound, it goes up to `toUs`, from `fromUs` on if nothing was before. */
  fill(fromUs: number, toUs: number): void;
  /** What begins before `toUs`, without what begins before `fromUs`. null: nothing. */
  drain(fromUs: number, toUs: number): GroupSound | null;
  close(): void;
}

/** Half a minute of the shortest pieces: more waits for no picture. */
const MOST_WAITING = 3000;

/** Pieces of sound that wait for the group of pictures that they belong to. */
export class SampleQueue {
  #samples: SoundSample[] = [];

  get last(): SoundSample | undefined {
    return this.#samples.at(-1);
  }

  push(sample: SoundSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > MOST_WAITING) this.#samples.shift();
  }

  /** Those with from <= at < to; what is before them is dropped. */
  take(from: number, to: number): SoundSample[] {
    const [first, end] = [from, to].map((border) => this.#samples.findIndex(({ at }) => at >= border)) as [number, number];
    const taken = first < 0 ? [] : this.#samples.slice(first, end < 0 ? undefined : end);
    this.#samples = end < 0 ? [] : this.#samples.slice(end);
    return taken;
  }
}
