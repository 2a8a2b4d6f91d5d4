import { SampleStore } from '@argus/datasets';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Settings } from '../settings.js';
import { SETTINGS } from '../tokens.js';

/** Pictures of samples as the worker puts them; opened when the first is asked for. */
@Injectable()
export class SamplePictures implements BeforeApplicationShutdown {
  #store: Promise<SampleStore> | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Encoded. @throws DatasetFileError where it is gone or damaged */
  async read(sha256: string): Promise<Uint8Array> {
    const opening = (this.#store ??= SampleStore.open(this.settings.samplesDir));
    try {
      return await (await opening).read(sha256);
    } catch (error) {
      // It could not be opened: the next one tries again.
      await opening.catch(() => (this.#store = null));
      throw error;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await (await this.#store?.catch(() => null))?.close();
  }
}
