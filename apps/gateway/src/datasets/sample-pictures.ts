import { findArchivedPicture } from '@argus/database';
import { SampleReader, SampleStore } from '@argus/datasets';
import { S3Store } from '@argus/storage';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Settings } from '../settings.js';
import { SETTINGS } from '../tokens.js';

/** Pictures of samples as workers put them, into the samples folder or the bucket; opened when the first is asked for. */
@Injectable()
export class SamplePictures implements BeforeApplicationShutdown {
  #store: Promise<SampleStore> | null = null;

  readonly #remote: S3Store | null;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly dataSource: DataSource,
  ) {
    this.#remote = settings.secondTier && new S3Store(settings.secondTier);
  }

  /** Encoded. @throws DatasetFileError where it is gone or damaged, RemoteStoreError where it lies in the bucket, which is away */
  async read(sha256: string): Promise<Uint8Array> {
    const opening = (this.#store ??= SampleStore.open(this.settings.samplesDir));
    try {
      return await new SampleReader({ store: await opening, placeOf: (digest) => findArchivedPicture(this.dataSource, digest), remote: this.#remote }).read(sha256);
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
