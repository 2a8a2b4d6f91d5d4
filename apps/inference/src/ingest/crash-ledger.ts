import type { CameraId } from '@argus/contracts';

const CRASHES_TO_QUARANTINE = 2;
const WITHIN_MS = 5 * 60_000;

/** Remembers which cameras were at hand when children died. Twice within five minutes and a camera gets a child of its own. */
export class CrashLedger {
  readonly #crashes = new Map<CameraId, number[]>();

  record(cameras: readonly CameraId[], nowMs: number): void {
    for (const camera of cameras) {
      const recent = (this.#crashes.get(camera) ?? []).filter((at) => nowMs - at < WITHIN_MS);
      this.#crashes.set(camera, [...recent, nowMs]);
    }
  }

  isSuspect(camera: CameraId, nowMs: number): boolean {
    return (this.#crashes.get(camera) ?? []).filter((at) => nowMs - at < WITHIN_MS).length >= CRASHES_TO_QUARANTINE;
  }

  /** The camera has another source now: its past says nothing. */
  forget(camera: CameraId): void {
    this.#crashes.delete(camera);
  }
}
