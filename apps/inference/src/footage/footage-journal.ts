import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import type { CameraId, RecordingSegment, SegmentId } from '@argus/contracts';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import type { SegmentMedia } from '@argus/media';
import { forkIngest } from '../ingest/ingest-process.js';
import type { FromChild, RepairOrder } from '../ingest/messages.js';
import type { Journal } from '../journal/journal.js';
import { SeenPictures } from './seen-pictures.js';

/** A picture that took longer is late, and dropped. */
const ANALYSED_WITHIN_MS = 2000;
/** More than any repair finds again. */
const MOST_TOLD = 2000;

export interface FootageJournalOptions {
  /** The recordings folder. */
  readonly root: string;
  readonly journal: Pick<Journal, 'append' | 'isCrowded'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells the gateway, by the journal, of every finished file of footage; has the files repaired that were not finished. */
export class FootageJournal {
  readonly seen = new SeenPictures();
  /** Finished, and its last pictures may still be under analysis. */
  readonly #waiting = new Map<SegmentId, { readonly tell: () => void; readonly timer: NodeJS.Timeout }>();
  /** Told before, newest last. */
  readonly #told = new Set<SegmentId>();
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

  /** `run` and `media` say where in its source's time it was; `media` null: it was found on the disk, and is told unless it was before. */
  finished(segment: RecordingSegment, run: number, media: SegmentMedia | null): void {
    const { id, cameraId, connection } = segment;
    if (media === null) return this.#told.has(id) || this.#waiting.has(id) ? undefined : this.#tell(segment);
    const tell = (): void => {
      this.#waiting.delete(id);
      const pictures = this.options.journal.isCrowded ? [] : this.seen.of({ cameraId, run, connection }, media);
      this.#tell({ ...segment, pictures });
    };
    this.#waiting.set(id, { tell, timer: setTimeout(tell, ANALYSED_WITHIN_MS) });
  }

  #tell(segment: RecordingSegment): void {
    const { journal, log } = this.options;
    this.#told.add(segment.id);
    if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.values().next().value as SegmentId);
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

  /** Tells what waits. A repair that is under way goes on at the next start. */
  close(): void {
    this.#closed = true;
    for (const { tell, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      tell();
    }
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
        else if (answer.type === 'segment') this.finished(answer.segment, answer.run, answer.media);
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
