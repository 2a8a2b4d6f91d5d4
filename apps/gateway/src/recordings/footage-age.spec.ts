import { silentLogger } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { FootageAge } from './footage-age.js';
import type { SeenClock } from './retention-rows.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-20T10:00:00.000Z');

/** A machine whose clock is set, and a gateway on it that looks once a minute and is started anew. */
class Machine {
  wallMs = START;
  #monotonicMs = 5000;
  kept: SeenClock | null = null;
  told: { byMs: number; untilMs: number } | null = null;
  readonly said: string[] = [];
  #age = this.#start();

  #start(): FootageAge {
    const log = { ...silentLogger, info: (text: string) => void this.said.push(text), warn: (text: string) => void this.said.push(text) };
    const clock = { nowMs: () => this.wallMs, monotonicMs: () => this.#monotonicMs };
    return new FootageAge({ load: async () => this.kept, save: async (seen) => void (this.kept = { ...seen }), health: { clockAhead: (doubt) => (this.told = doubt) }, clock, log });
  }

  /** For so long. How far the clock is ahead of what counts: by what a restart took, too, and the minute to the first look. */
  async runs(forMs: number): Promise<number> {
    let aheadMs = NaN;
    for (let ranMs = 0; ranMs < forMs; ranMs += MINUTE) {
      this.wallMs += MINUTE;
      this.#monotonicMs += MINUTE;
      aheadMs = this.wallMs - (await this.#age.nowMs());
    }
    return aheadMs;
  }

  setBack() {
    return this.#age.setBack();
  }

  isOff(forMs: number): void {
    this.wallMs += forMs;
    this.#monotonicMs = 1000;
    this.#age = this.#start();
  }
}

describe('the time by which footage is old', () => {
  it('is the clock, where nobody sets it', async () => {
    const machine = new Machine();
    expect(await machine.runs(2 * DAY)).toBe(0);
    machine.isOff(5 * MINUTE);
    expect([await machine.runs(MINUTE), machine.said, machine.told]).toEqual([0, [], null]);
  });

  it('does not follow a clock that goes a year ahead, tells it, and does when that is still so a day later', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    machine.wallMs += 365 * DAY;
    expect(await machine.runs(10 * MINUTE)).toBe(365 * DAY);
    // The first look counts as a second of doubt.
    expect(machine.told).toEqual({ byMs: 365 * DAY, untilMs: machine.wallMs + DAY - 9 * MINUTE - 1000 });
    expect(await machine.runs(DAY - 10 * MINUTE)).toBe(365 * DAY);
    expect([await machine.runs(2 * MINUTE), machine.told, machine.said.length]).toEqual([0, null, 2]);
  });

  it('is right at once when the clock is', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    machine.wallMs += 365 * DAY;
    await machine.runs(HOUR);
    machine.wallMs -= 365 * DAY;
    expect([await machine.runs(MINUTE), machine.told]).toEqual([0, null]);
  });

  it('is doubted over any number of restarts, and in all for no longer than a day', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    machine.wallMs += 365 * DAY;
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await machine.runs(4 * HOUR)).toBe(365 * DAY + turn * 2 * MINUTE);
      machine.isOff(MINUTE);
    }
    expect(await machine.runs(5 * HOUR)).toBe(0);
  });

  it('waits as long as a machine slept or was off, and nobody is troubled by a night', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    machine.isOff(9 * HOUR);
    expect([await machine.runs(9 * HOUR), machine.told]).toEqual([9 * HOUR + MINUTE, null]);
    expect(await machine.runs(2 * MINUTE)).toBe(0);
    machine.isOff(60 * DAY);
    expect([await machine.runs(MINUTE), machine.told?.byMs]).toEqual([60 * DAY + MINUTE, 60 * DAY + MINUTE]);
  });

  it('follows a clock that is set back, and says so', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    machine.wallMs -= DAY;
    expect([await machine.runs(HOUR), machine.told, machine.said]).toEqual([0, null, ['the clock of this machine was set back']]);
  });

  it('remembers when the clock was set back, also from where it was not believed, and over a restart', async () => {
    const machine = new Machine();
    await machine.runs(HOUR);
    expect(await machine.setBack()).toBe(null);
    machine.wallMs += 365 * DAY;
    await machine.runs(HOUR);
    machine.wallMs -= 365 * DAY;
    await machine.runs(MINUTE);
    const atMs = machine.wallMs;
    await machine.runs(HOUR);
    machine.isOff(DAY);
    expect(await machine.setBack()).toEqual({ atMs, nowMs: machine.wallMs + 5000 });
    machine.wallMs -= 30 * DAY;
    expect(await machine.setBack()).toBe(null);
  });

  it('is the clock where it was never looked at', async () => {
    const machine = new Machine();
    machine.isOff(365 * DAY);
    expect(await machine.runs(MINUTE)).toBe(0);
  });
});
