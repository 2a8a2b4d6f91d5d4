import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/** Longer than Argus goes on with a delivery. What comes again still later could not switch anything: it is too old. */
const KEPT_MS = 2 * 86_400_000;

/** What must outlive a power cut, in a small file: until when the output is on, up to when the list of events is known, and which events were dealt with. */
export class Memory {
  onUntilMs = 0;
  knownUntilMs = Date.now();
  readonly #file: string;
  #handled = new Map<string, number>();

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    try {
      const { onUntilMs, knownUntilMs, handled } = JSON.parse(readFileSync(file, 'utf8')) as { onUntilMs: number; knownUntilMs: number; handled: [string, number][] };
      if (!Number.isFinite(onUntilMs) || !Number.isFinite(knownUntilMs)) throw new Error('times are missing');
      this.#handled = new Map(handled);
      [this.onUntilMs, this.knownUntilMs] = [onUntilMs, knownUntilMs];
    } catch (cause) {
      throw new Error(`${file}: expected what this program wrote, got something else; remove the file to begin anew`, { cause });
    }
  }

  has(eventId: string): boolean {
    return this.#handled.has(eventId);
  }

  add(eventId: string): void {
    this.#handled.set(eventId, Date.now());
  }

  /** All or nothing, and on the disk before it returns. */
  save(): void {
    for (const [id, atMs] of this.#handled) if (atMs < Date.now() - KEPT_MS) this.#handled.delete(id);
    const next = openSync(`${this.#file}.new`, 'w', 0o600);
    writeSync(next, JSON.stringify({ onUntilMs: this.onUntilMs, knownUntilMs: this.knownUntilMs, handled: [...this.#handled] }));
    fsyncSync(next);
    closeSync(next);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
