import { ShardLockedError, type SampleStore } from '@argus/datasets';
import { machineName, type PictureShelf } from './picture-shelf.js';

/** Workers on one machine; with more of them something else is wrong. */
const MOST = 64;

/** The sample store as one worker writes to it: into shards that no other worker on any machine has open, and after a restart into the same ones again. */
export class WorkerShards implements PictureShelf {
  readonly holdMs = 0;
  #number = 1;

  constructor(private readonly store: Pick<SampleStore, 'put' | 'commit'>) {}

  async put(content: Uint8Array, extension: string): Promise<{ readonly sha256: string }> {
    for (;;) {
      try {
        return await this.store.put(content, { extension, owner: `${machineName()}-${this.#number}` });
      } catch (error) {
        if (!(error instanceof ShardLockedError) || this.#number >= MOST) throw error;
        this.#number += 1;
      }
    }
  }

  /** Resolves when everything that was put is on the disk. */
  async commit(): Promise<void> {
    await this.store.commit();
  }
}
