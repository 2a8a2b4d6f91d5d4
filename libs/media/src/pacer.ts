/** Further behind than this the clip does not hurry to catch up. */
const SLACK_MS = 1000;

/** Lets a clip run at its own speed. */
export class Pacer {
  /** Wall time (monotonic, ms) at which media time 0 was, or would have been. */
  #originMs: number | null = null;
  #wake: (() => void) | null = null;

  async until(ptsUs: number): Promise<void> {
    const dueMs = ptsUs / 1000;
    const nowMs = performance.now();
    this.#originMs ??= nowMs - dueMs;
    const waitMs = this.#originMs + dueMs - nowMs;
    if (waitMs < -SLACK_MS) this.#originMs = nowMs - dueMs;
    if (waitMs < 1) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  /** Ends a wait now. */
  cancel(): void {
    this.#wake?.();
  }
}
