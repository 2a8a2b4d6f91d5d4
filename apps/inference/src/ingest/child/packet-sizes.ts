/** Packets of a still scene that must have been seen before a judgement. */
const MIN_SAMPLES = 24;
const SAMPLES = 96;
/** Deviations above the median from which one packet is a jump, and the sum of what several have above one deviation. */
const JUMP = 4;
const DRIFT = 5;
/** A still scene's packets may have 30 bytes, all alike: less than this, or than this share of them, is no deviation. */
const LEAST_BYTES = 40;
const LEAST_SHARE = 0.06;
/** After a false alarm it takes that much more; forgotten slowly. */
const FALSE_ALARM_FACTOR = 1.25;
const MOST_STRICTNESS = 8;
const FORGET = 0.997;
/** Sizes are believed where a jump is less than this share of a key frame. */
const MOST_HIDDEN = 0.015;

/**
 * Tells by the sizes of the encoded pictures between key frames, without decoding, that something began to move: what moves has to be
 * sent. Knows what is usual for this camera while its scene is still. Whether sizes say anything is for the caller to find out.
 */
export class PacketSizes {
  readonly #still = new Float64Array(SAMPLES);
  #count = 0;
  #median = 0;
  #deviation = 0;
  #strictness = 1;
  #drift = 0;

  /** Enough of a still scene was seen. */
  get ready(): boolean {
    return this.#count >= MIN_SAMPLES;
  }

  /**
   * Whether a small thing that moves would show: what it adds to a packet is a share of what it takes in a key frame of this size. Noise
   * under a constant bit rate hides it; measured, a walker of 30x90 in 1280x720 changed nothing at a spread of 3.7 %.
   */
  tell(keyBytes: number): boolean {
    return this.ready && JUMP * this.#deviation <= keyBytes * MOST_HIDDEN;
  }

  /** The size of a packet in a scene in which nothing moves. */
  learn(bytes: number): void {
    this.#still[this.#count % SAMPLES] = bytes;
    this.#count += 1;
    if (this.#count === MIN_SAMPLES || this.#count % 8 === 0) this.#summarise();
  }

  /** True when this packet, or it and those before, are larger than a still scene's would be. */
  jumped(bytes: number): boolean {
    if (!this.ready) return false;
    this.#strictness = 1 + (this.#strictness - 1) * FORGET;
    const above = (bytes - this.#median) / (this.#deviation * this.#strictness);
    this.#drift = Math.max(0, this.#drift + Math.min(above, JUMP) - 1);
    if (above < JUMP && this.#drift < DRIFT) return false;
    this.#drift = 0;
    return true;
  }

  falseAlarm(): void {
    this.#strictness = Math.min(MOST_STRICTNESS, this.#strictness * FALSE_ALARM_FACTOR);
  }

  /** Another stream: what was usual is no more. */
  restart(): void {
    this.#count = 0;
    this.#strictness = 1;
    this.#drift = 0;
  }

  #summarise(): void {
    const sorted = this.#still.slice(0, Math.min(this.#count, SAMPLES)).sort();
    this.#median = middle(sorted);
    const away = sorted.map((size) => Math.abs(size - this.#median)).sort();
    this.#deviation = Math.max(1.4826 * middle(away), this.#median * LEAST_SHARE, LEAST_BYTES);
  }
}

const middle = (sorted: Float64Array): number => sorted[sorted.length >> 1] ?? 0;
