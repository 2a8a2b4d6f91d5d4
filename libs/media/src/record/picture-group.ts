import type { FragmentSound } from '@argus/footage';
import { CHUNK_BYTES, giveChunkBack, takeChunk } from './chunk-pool.js';
import { decodeTimes } from './decode-times.js';
import type { HeadPlan } from './make-head.js';
import type { GroupSound } from '../sound/sound-lane.js';

/** The pictures from one key frame to the next as copies, so that packets can go back to whoever holds them. */
export class PictureGroup {
  readonly ptsUs: number[] = [];
  readonly sizes: number[] = [];
  readonly keys: boolean[] = [];
  /** Of the pictures. */
  bytes = 0;
  /** What is heard meanwhile; null: nothing, or it is not recorded. */
  sound: GroupSound | null = null;
  /** When the picture after the last one is due; null: unknown. */
  endUs: number | null = null;
  readonly #chunks: Buffer[] = [];

  /** @param plan what the head of a segment is made of that holds this group. */
  constructor(
    public plan: HeadPlan,
    readonly startsSegment: boolean,
    /** What its segment adds to media time to make wall time of it. */
    readonly wallOffsetMs: number,
  ) {}

  get packets(): number {
    return this.sizes.length;
  }

  /** @param whole the one part is the picture as MP4 wants it; otherwise the parts are units, and their lengths are put before them. */
  add(ptsUs: number, key: boolean, parts: readonly Uint8Array[], whole: boolean): void {
    const before = this.bytes;
    for (const part of parts) {
      if (!whole) {
        LENGTH.writeUInt32BE(part.byteLength);
        this.#put(LENGTH);
      }
      this.#put(part);
    }
    this.ptsUs.push(ptsUs);
    this.keys.push(key);
    this.sizes.push(this.bytes - before);
  }

  /** When each picture is decoded, and after the last of them the end. */
  decodeTimes(): readonly number[] {
    const times = decodeTimes(this.ptsUs);
    return [...times, Math.max((times.at(-1) as number) + 1, this.#findEnd(times))];
  }

  /**
   * The next key frame's time. Where it is unknown, the last picture stays as long as the others did, and so it does where pictures
   * are reordered and the key frame is further away: those before it in an open group come in between.
   */
  #findEnd(times: readonly number[]): number {
    const lastUs = this.ptsUs.reduce((latest, time) => Math.max(latest, time), 0);
    const stepUs = this.packets < 2 ? ONE_STEP_US : Math.round((lastUs - (times[0] as number)) / (this.packets - 1));
    const near = this.endUs !== null && (times === this.ptsUs || this.endUs - lastUs < 1.5 * stepUs);
    return near ? (this.endUs as number) : lastUs + stepUs;
  }

  /** What a fragment says of the sound. `startUs`: media time at which its file begins. */
  soundFrom(startUs: number): FragmentSound | null {
    const samples = this.sound?.samples ?? [];
    const [first] = samples;
    if (this.sound === null || first === undefined) return null;
    const time = Math.max(0, Math.round(((this.sound.anchorUs - startUs) * this.sound.sampleRate) / 1_000_000) + first.at);
    const durations = samples.map(({ at, duration }, index) => (samples[index + 1]?.at ?? at + duration) - at);
    return { time, durations, sizes: samples.map(({ data }) => data.length), bytes: this.soundBytes };
  }

  get soundBytes(): number {
    return this.sound?.samples.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
  }

  /** The bytes of all pictures, one after the other, and of the sound behind them. Valid until `free`. */
  parts(): Buffer[] {
    const pictures = this.#chunks.map((chunk, index) => chunk.subarray(0, Math.min(CHUNK_BYTES, this.bytes - index * CHUNK_BYTES)));
    return this.sound === null ? pictures : [...pictures, Buffer.concat(this.sound.samples.map(({ data }) => data))];
  }

  free(): void {
    for (const chunk of this.#chunks.splice(0)) giveChunkBack(chunk);
  }

  #put(data: Uint8Array): void {
    for (let from = 0; from < data.byteLength; ) {
      const at = this.bytes % CHUNK_BYTES;
      if (at === 0) this.#chunks.push(takeChunk());
      const length = Math.min(CHUNK_BYTES - at, data.byteLength - from);
      (this.#chunks.at(-1) as Buffer).set(data.subarray(from, from + length), at);
      this.bytes += length;
      from += length;
    }
  }
}

const LENGTH = Buffer.alloc(4);
/** A picture of which nothing else is known. */
const ONE_STEP_US = 40_000;
