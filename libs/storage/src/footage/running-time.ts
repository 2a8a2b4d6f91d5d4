import { findBox } from './boxes.js';
import type { HeadTrack } from './footage-head.js';
import { runsOf, type TrackRun } from './fragment-runs.js';

const LARGEST_NARROW = 0xffff_ffff;

/**
 * Lets the time of fragments run on from file to file, beginning at zero. All tracks of a file are moved by the same time, so that sound
 * stays with its picture; between two files the later track decides, so that none overlaps itself.
 */
export class RunningTime {
  #sequence = 0;
  /** End of each track so far, ticks. */
  readonly #ends = new Map<number, number>();
  #shiftSeconds: number | null = null;

  beginFile(): void {
    this.#shiftSeconds = null;
  }

  /** Writes the running number and time into a `moof`, in its place and without changing its length. False: it cannot be done. */
  rewrite(moof: Buffer, tracks: ReadonlyMap<number, HeadTrack>): boolean {
    const [mfhd, runs] = [findBox(moof, 'moof/mfhd'), runsOf(moof, tracks)];
    if (!mfhd || !runs) return false;
    const scaleOf = (run: TrackRun): number => tracks.get(run.trackId)?.timescale ?? 1;
    this.#shiftSeconds ??= Math.max(...runs.map((run) => ((this.#ends.get(run.trackId) ?? 0) - run.startTicks) / scaleOf(run)));
    moof.writeUInt32BE((this.#sequence += 1), mfhd.body + 4);
    for (const run of runs) {
      // Up, so that rounding makes no overlap; what floating point adds to a whole number is no tick.
      const ticks = run.startTicks + Math.ceil(this.#shiftSeconds * scaleOf(run) - 1e-3);
      if (ticks < 0 || (!run.isWide && ticks > LARGEST_NARROW)) return false;
      if (run.isWide) moof.writeBigUInt64BE(BigInt(ticks), run.timeAt);
      else moof.writeUInt32BE(ticks, run.timeAt);
      this.#ends.set(run.trackId, ticks + run.ticks);
    }
    return true;
  }
}
