import { hostname } from 'node:os';
import { ShardLockedError, type SampleStore } from '@argus/datasets';

/** Workers on one machine; with more of them something else is wrong. */
const MOST = 64;

/** The sample store as one worker writes to it: into shards that no other worker on any machine has open, and after a restart into the same ones again. */
export class WorkerShards {
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

/** As a name of a folder. */
export const machineName = (): string => hostname().replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'worker';
