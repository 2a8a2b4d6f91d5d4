import { isoTime, type Clock, type Logger } from '@argus/kernel';
import type { SetBack } from './recorded-order.js';
import type { RecordingsHealth } from './recordings-health.js';
import type { SeenClock } from './retention-rows.js';

/** By what time something is old. */
export interface AgeTime {
  nowMs(): number | Promise<number>;
  /** null: never, as far as is known. */
  setBack(): Promise<SetBack | null>;
}

export interface FootageAgeOptions {
  /** null: it was never looked at. */
  readonly load: () => Promise<SeenClock | null>;
  readonly save: (seen: SeenClock) => Promise<void>;
  readonly health: Pick<RecordingsHealth, 'clockAhead'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Two looks are a minute apart, or some while a long round goes on; clocks that are kept right move by less. */
const NOISE_MS = 10_000;
/** A gateway that was started anew. */
const RESTART_MS = 600_000;
/** For so long at most: a clock that was wrong and is right now has to be believed some day. */
const BELIEVED_AFTER_MS = 86_400_000;
/** Nobody is troubled by a machine that slept, or was off over night. */
const TOLD_FROM_MS = 86_400_000;
/** By less the order of what was recorded is hardly another one. */
const BACK_MS = 3_600_000;
/** The newest file may be so far ahead of the clock without its having been set. */
const AHEAD_MS = 5000;

/**
 * By what time footage is old. A clock that jumps a year ahead would make all of it old at once, and what is removed does not come back. So the time goes on as monotonic time
 * does, and a clock that is ahead of it is believed after as long as it is ahead, a day at most: until then nothing is old too early, and people can set it right. A clock that is
 * behind is believed at once: by it less is old. To have been off, or asleep, cannot be told from a clock that was set; then what is there stays a little longer.
 */
export class FootageAge {
  #seen: (SeenClock & { readonly atMs: number }) | null = null;
  #looking: Promise<number> = Promise.resolve(0);

  constructor(private readonly options: FootageAgeOptions) {}

  /** Wall time that limits of days count from. Looked at in turn, and kept. */
  nowMs(): Promise<number> {
    this.#looking = this.#looking.catch(() => 0).then(() => this.#look());
    return this.#looking;
  }

  async setBack(): Promise<SetBack | null> {
    if (this.#seen === null) await this.nowMs();
    const [atMs, nowMs] = [this.#seen?.setBackMs ?? null, this.options.clock.nowMs() + AHEAD_MS];
    return atMs === null || atMs > nowMs ? null : { atMs, nowMs };
  }

  async #look(): Promise<number> {
    const { load, save, health, clock, log } = this.options;
    const [nowMs, atMs] = [clock.nowMs(), clock.monotonicMs()];
    const before = this.#seen ?? (await load());
    const passedMs = this.#seen ? atMs - this.#seen.atMs : 0;
    const expectedMs = before ? before.seenMs + passedMs : nowMs;
    const aheadMs = nowMs - expectedMs;
    const wasDoubted = before !== null && before.doubtedMs > 0;
    const doubtedMs = wasDoubted ? before.doubtedMs + passedMs : 0;
    const isDoubted = aheadMs > (this.#seen || wasDoubted ? NOISE_MS : RESTART_MS) && doubtedMs < Math.min(aheadMs, BELIEVED_AFTER_MS);
    const backMs = before ? before.wallMs + passedMs - nowMs : 0;
    if (backMs > NOISE_MS) log.warn('the clock of this machine was set back', { seconds: Math.round(backMs / 1000), now: isoTime(nowMs) });
    if (isDoubted !== wasDoubted) {
      const fields = { seconds: Math.round(aheadMs / 1000), now: isoTime(nowMs) };
      if (isDoubted) log.warn('the clock of this machine was set ahead, or it was off for so long: no footage is old by it yet', fields);
      else log.info('footage is old by the clock of this machine again', fields);
    }
    const untilMs = nowMs + Math.min(aheadMs, BELIEVED_AFTER_MS) - doubtedMs;
    health.clockAhead(isDoubted && aheadMs >= TOLD_FROM_MS ? { byMs: aheadMs, untilMs } : null);
    // At least a moment of doubt: over a restart it has to be known that there is one.
    this.#seen = { seenMs: isDoubted ? expectedMs : nowMs, doubtedMs: isDoubted ? Math.max(1000, doubtedMs) : 0, wallMs: nowMs, setBackMs: backMs >= BACK_MS ? nowMs : (before?.setBackMs ?? null), atMs };
    await save(this.#seen);
    return this.#seen.seenMs;
  }
}
