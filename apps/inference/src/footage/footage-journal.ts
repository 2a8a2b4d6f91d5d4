import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import type { CameraId, RecordingSegment } from '@argus/contracts';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { forkIngest } from '../ingest/ingest-process.js';
import type { FromChild, RepairOrder } from '../ingest/messages.js';
import type { Journal } from '../journal/journal.js';

export interface FootageJournalOptions {
  /** The recordings folder. */
  readonly root: string;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells the gateway, by the journal, of every finished file of footage; has the files repaired that were not finished. */
export class FootageJournal {
  #repairs: Promise<void> = Promise.resolve();
  #child: ChildProcess | null = null;
  #closed = false;

  constructor(private readonly options: FootageJournalOptions) {}

  /** Never rejects: without its disk the engine analyses all the same, and each recorder says what is wrong. */
  async open(): Promise<void> {
    const { root, log } = this.options;
    await mkdir(root, { recursive: true, mode: 0o700 }).catch((error: unknown) => log.error('the recordings folder cannot be made', { root, error: messageOf(error) }));
    this.repair(null);
  }

  finished(segment: RecordingSegment): void {
    const { journal, log } = this.options;
    journal
      .append((entry) => ({ type: 'segment', entry, segment }))
      .catch((error: unknown) => log.error('a file of footage is not told to the gateway: the journal did not take it', { path: segment.path, error }));
  }

  /** Makes footage of what recorders left that were killed before now; null: of all cameras. One after the other, beside what runs. */
  repair(cameraIds: readonly CameraId[] | null): void {
    const { root, clock, log } = this.options;
    const order: RepairOrder = { root, cameraIds, beforeMs: clock.nowMs() };
    this.#repairs = this.#repairs.then(() => this.#inChild(order)).catch((error: unknown) => log.error('unfinished footage could not be repaired', { error: messageOf(error) }));
  }

  /** A repair that is under way goes on at the next start. */
  close(): void {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
  }

  /** In a process of its own, as all that loads native media code. */
  #inChild(order: RepairOrder): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const child = (this.#child = forkIngest(['repair']));
    return new Promise((resolve, reject) => {
      child.on('message', (message) => {
        const answer = message as FromChild;
        if (answer.type === 'ready') child.send(order);
        else if (answer.type === 'segment') this.finished(answer.segment);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        this.#child = null;
        if (code === 0 || this.#closed) resolve();
        else reject(new Error(`the process that repairs footage ended early (${signal ?? `exit code ${code}`})`));
      });
    });
  }
}
