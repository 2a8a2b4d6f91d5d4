import type { TakenFrame } from './child/messages.js';
import type { VideoPlace } from './harvest-store.js';

/** What a crash may take of a file that takes longer. */
const STRETCH = { ms: 2000, bytes: 32 * 2 ** 20 } as const;

/** Pictures of a file as they come, given away in stretches while more are coming, each with the place behind it. */
export class FrameStretches {
  #frames: TakenFrame[] = [];
  #bytes = 0;
  #beganMs = performance.now();
  #committing: Promise<void> = Promise.resolve();
  #isCommitting = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(private readonly commit: (frames: readonly TakenFrame[], place: VideoPlace) => Promise<void>) {}

  add(frame: TakenFrame): void {
    this.#frames.push(frame);
    this.#bytes += frame.jpeg.byteLength;
    const isDue = this.#bytes >= STRETCH.bytes || performance.now() - this.#beganMs >= STRETCH.ms;
    // One at a time: behind one that cannot be committed no other one is.
    if (!isDue || this.#isCommitting || this.#failure) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    this.#isCommitting = true;
    this.#committing = this.commit(frames, { frame: frame.frameIndex, ptsUs: frame.ptsUs, scenes: null })
      .catch((error: unknown) => void (this.#failure = { error }))
      .finally(() => {
        this.#isCommitting = false;
        this.#beganMs = performance.now();
      });
  }

  /** What was not given away. @throws what a commit threw */
  async end(): Promise<readonly TakenFrame[]> {
    await this.#committing;
    if (this.#failure) throw this.#failure.error;
    return this.#frames;
  }
}
