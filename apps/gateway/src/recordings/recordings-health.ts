import type { RecordingsStatus, Warning } from '@argus/contracts';
import { isoTime, type Clock } from '@argus/kernel';
import type { DiskUse } from '@argus/storage';
import type { StoredFile } from './retention-rows.js';

/** Shares of the disk. From `remove` on the oldest footage goes until `until` is reached; the engine writes nothing from `stop` on. */
export const DISK_MARKS = { stop: 0.95, remove: 0.9, until: 0.88, close: 0.85 } as const;

/** So long is it told that footage was removed before its time. */
const TOLD_FOR_MS = 86_400_000;

export const shareOf = ({ bytes, usedBytes }: DiskUse): number => (bytes > 0 ? usedBytes / bytes : 0);

/** How the place with the footage does, in memory, for whoever asks: those who look after it tell, health and the dashboard read. */
export class RecordingsHealth {
  #disk: DiskUse | null = null;
  #diskProblem: string | null = null;
  #early: { atMs: number; bytes: number; readonly cameras: Set<string> } | null = null;
  #remote: { readonly sinceMs: number; readonly why: string } | null = null;
  #lacksRemote = false;
  #clockAhead: { readonly byMs: number; readonly untilMs: number } | null = null;

  constructor(private readonly clock: Clock) {}

  disk(use: DiskUse): void {
    [this.#disk, this.#diskProblem] = [use, null];
  }

  diskUnknown(why: string): void {
    [this.#disk, this.#diskProblem] = [null, why];
  }

  /** By a full disk or a limit for several cameras, not by a camera's own settings. */
  removedEarly(files: readonly StoredFile[]): void {
    if (files.length === 0) return;
    const early = this.#recentlyEarly() ?? { atMs: 0, bytes: 0, cameras: new Set<string>() };
    for (const { camera_id, bytes } of files) {
      early.cameras.add(camera_id);
      early.bytes += Number(bytes);
    }
    early.atMs = this.clock.nowMs();
    this.#early = early;
  }

  /** null: it works. */
  remote(why: string | null): void {
    this.#remote = why === null ? null : { sinceMs: this.#remote?.sinceMs ?? this.clock.nowMs(), why };
  }

  /** Cameras want footage moved, and there is nowhere to. */
  lacksRemote(lacks: boolean): void {
    this.#lacksRemote = lacks;
  }

  /** The clock was set ahead by so much, and until then no footage is old by it; null: it is believed. */
  clockAhead(doubt: { readonly byMs: number; readonly untilMs: number } | null): void {
    this.#clockAhead = doubt;
  }

  get status(): RecordingsStatus {
    const share = this.#disk ? shareOf(this.#disk) : 0;
    const room = share >= DISK_MARKS.stop ? 'full' : share >= DISK_MARKS.remove || this.#recentlyEarly() ? 'short' : 'ok';
    return { room, disk: this.#disk, warnings: this.#warnings(share) };
  }

  #recentlyEarly() {
    return this.#early && this.clock.nowMs() - this.#early.atMs < TOLD_FOR_MS ? this.#early : null;
  }

  #warnings(share: number): Warning[] {
    const percent = String(Math.floor(share * 100));
    const early = this.#recentlyEarly();
    const all: (Warning | null)[] = [
      share >= DISK_MARKS.stop ? warning('recordings-stopped', `nothing is recorded: the disk with the recordings is ${percent} % full, and nothing more of Argus can be removed there`, { percent }) : null,
      share >= DISK_MARKS.remove && share < DISK_MARKS.stop ? warning('recordings-disk-short', `the disk with the recordings is ${percent} % full; from 95 % on nothing is recorded`, { percent }) : null,
      early && warning('recordings-removed-early', `${gigabytes(early.bytes)} of footage were removed before their time, because there was no room (cameras concerned: ${early.cameras.size})`, { size: gigabytes(early.bytes), cameras: String(early.cameras.size) }),
      this.#diskProblem !== null ? warning('recordings-disk-unknown', `the disk with the recordings cannot be looked at: ${this.#diskProblem}`, { why: this.#diskProblem }) : null,
      this.#remote && warning('recordings-remote-away', `footage cannot be moved since ${isoTime(this.#remote.sinceMs)} and stays on the disk: ${this.#remote.why}`, { since: isoTime(this.#remote.sinceMs), why: this.#remote.why }),
      this.#clockAhead && clockWarning(this.#clockAhead),
      this.#lacksRemote ? warning('recordings-remote-missing', 'cameras want their footage moved, and no second tier is set up (ARGUS_S3_ENDPOINT)', {}) : null,
    ];
    return all.filter((one) => one !== null);
  }
}

const warning = (code: string, text: string, values: Record<string, string>): Warning => ({ code, text, values });
function clockWarning({ byMs, untilMs }: { readonly byMs: number; readonly untilMs: number }): Warning {
  const [days, until] = [String(Math.round(byMs / 86_400_000)), isoTime(untilMs)];
  return warning('recordings-clock-ahead', `the clock of this machine went ahead by ${days} days, or Argus was off for so long: no footage is removed or moved for its age by it before ${until}; set it right if it is wrong`, { days, until });
}
const gigabytes = (bytes: number): string => (bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
