import { diskUseOf, type RecordingsFolder, type S3Store } from '@argus/storage';
import type { Clock, Logger } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { FootageAdopter } from './footage-adopter.js';
import { FootageAge } from './footage-age.js';
import { FootageMover } from './footage-mover.js';
import { FootageRemover } from './footage-remover.js';
import { FootageRetention } from './footage-retention.js';
import type { ReconcileOptions } from './reconcile-footage.js';
import type { RecordingsHealth } from './recordings-health.js';
import { RetentionRows } from './retention-rows.js';
import { RoomMaker } from './room-maker.js';

export interface RecordingUpkeepOptions {
  readonly dataSource: DataSource;
  readonly folder: RecordingsFolder;
  /** null: there is no second tier. */
  readonly remote: S3Store | null;
  readonly health: RecordingsHealth;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What looks after the recordings by itself: removal, room on the disk, and the second tier. */
export class RecordingUpkeep {
  readonly rows: RetentionRows;
  readonly remover: FootageRemover;
  readonly places: Pick<ReconcileOptions, 'folder' | 'remote' | 'adopter'>;
  readonly age: FootageAge;
  readonly log: Logger;
  /** Aborted when the gateway stops. */
  readonly signal: AbortSignal;
  readonly #stopping = new AbortController();
  readonly #parts: readonly { start(): void; stop(): Promise<void> }[];

  constructor({ dataSource, folder, remote, health, clock, log }: RecordingUpkeepOptions) {
    const rows = new RetentionRows(dataSource);
    const remover = new FootageRemover({ rows, folder, remote, log });
    const age = new FootageAge({ load: () => rows.seenClock(), save: (seen) => rows.keepClock(seen), health, clock, log });
    const room = new RoomMaker({ rows, remover, age, health, diskUse: () => diskUseOf(folder.root), log });
    [this.rows, this.remover, this.age, this.signal, this.log] = [rows, remover, age, this.#stopping.signal, log];
    this.places = { folder, remote, adopter: new FootageAdopter(folder, dataSource) };
    this.#parts = [room, new FootageRetention({ rows, remover, room, places: this.places, age, clock, log }), new FootageMover({ rows, folder, remote, health, age, log })];
  }

  start(): void {
    for (const part of this.#parts) part.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#parts.map((part) => part.stop()));
  }
}
