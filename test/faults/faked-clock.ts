import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian, Ubuntu; with an architecture, and where it is built by hand. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime', '/usr/lib/faketime', '/usr/local/lib/faketime'].map((folder) => `${folder}/libfaketimeMT.so.1`);
const library = LIBRARIES.find(existsSync);
export const canFakeClock = library !== undefined;
if (!canFakeClock) console.warn('skipped: libfaketime is not installed (apt-get install faketime)');

/** Wall time of some processes, set back and forth while they run. Their monotonic time, and the clock of everybody else, stay as they are. */
export class FakedClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'argus-clock-'));
  #offsetSeconds = 0;

  constructor() {
    this.set(0);
  }

  /** For a process and all of its children. */
  get environment(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: join(this.#folder, 'offset'),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NODE_OPTIONS: `--import=${fileURLToPath(new URL('./faked-children.mjs', import.meta.url))}`,
    };
  }

  /** What they take for now. */
  get nowMs(): number {
    return Date.now() + this.#offsetSeconds * 1000;
  }

  /** By so much are they ahead of the machine; below zero: behind. All at once, and none ever reads half of it. */
  set(offsetSeconds: number): void {
    const aside = join(this.#folder, 'next');
    writeFileSync(aside, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}`);
    renameSync(aside, join(this.#folder, 'offset'));
    this.#offsetSeconds = offsetSeconds;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
