import type { MotionGateSettings } from '@argus/contracts';

/** `still`: nothing moves and the scene was looked at lately; the caller counts it as saved. */
export type GateDecision = 'analyse' | 'still';

/**
 * Opens on motion, stays open for `holdSeconds` after it, and opens once per `stillIntervalSeconds` in a still scene, so that
 * what stands still (a parked car, a person asleep) is seen again. Media time; when it runs backwards the gate starts over.
 */
export class MotionGate {
  #lastUs = -Infinity;
  #movedUs = -Infinity;
  #analysedUs = -Infinity;

  /** Something moved within the hold time, as far as the last picture tells; also true while the gate is switched off. */
  get isOpen(): boolean {
    const { enabled, holdSeconds } = this.settings;
    return !enabled || this.#lastUs - this.#movedUs <= holdSeconds * 1e6;
  }

  /** Media time since something moved in the last picture or one before; Infinity: nothing moved yet. */
  get stillUs(): number {
    return this.#lastUs - this.#movedUs;
  }

  constructor(private readonly settings: MotionGateSettings) {}

  /** @param changedShare share of changed luma pixels since the last picture, 0..1. */
  decide(changedShare: number, ptsUs: number): GateDecision {
    const { threshold, stillIntervalSeconds } = this.settings;
    if (ptsUs < this.#lastUs) this.#movedUs = this.#analysedUs = -Infinity;
    this.#lastUs = ptsUs;
    if (changedShare >= threshold) this.#movedUs = ptsUs;
    const open = this.isOpen || ptsUs - this.#analysedUs >= stillIntervalSeconds * 1e6;
    if (open) this.#analysedUs = ptsUs;
    return open ? 'analyse' : 'still';
  }
}
