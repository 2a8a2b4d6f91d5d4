import type { VideoFrame } from '@argus/media';

/** Native pictures that main may still ask crops or JPEGs of. More than this is a leak in main, not a need. */
const MAX_KEPT = 8;

/**
 * Owns the native frames of one camera: the newest one always, offered ones until main releases them. Bounded: the oldest kept
 * frame goes when there are too many, requests for it are then answered with "gone".
 */
export class KeptFrames {
  #latest: VideoFrame | null = null;
  readonly #kept = new Map<number, VideoFrame>();

  get count(): number {
    return this.#kept.size;
  }

  get latest(): VideoFrame | null {
    return this.#latest;
  }

  find(frame: number): VideoFrame | null {
    return this.#kept.get(frame) ?? null;
  }

  /** Takes the frame over; the previous newest one is freed unless it is kept. */
  seen(frame: VideoFrame): void {
    const before = this.#latest;
    this.#latest = frame;
    if (before) this.#freeUnlessUsed(before);
  }

  /** Keeps the newest frame under a number. */
  keepLatest(number: number): void {
    if (!this.#latest) return;
    this.#kept.set(number, this.#latest);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.release(oldest);
  }

  release(number: number): void {
    const frame = this.#kept.get(number);
    if (!frame) return;
    this.#kept.delete(number);
    this.#freeUnlessUsed(frame);
  }

  clear(): void {
    const frames = new Set(this.#kept.values());
    if (this.#latest) frames.add(this.#latest);
    this.#kept.clear();
    this.#latest = null;
    for (const frame of frames) frame.free();
  }

  #freeUnlessUsed(frame: VideoFrame): void {
    if (frame !== this.#latest && ![...this.#kept.values()].includes(frame)) frame.free();
  }
}
