import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { readModelPackage } from '@argus/models';
import { DatasetJobFailedError } from '../errors.js';

/** A package that may be opened. */
export interface ShelvedModel {
  readonly path: string;
  readonly manifest: ModelManifest;
  /** SHA-256 of its graph. */
  readonly digest: string;
}

/** The model packages of this machine: those of the first folder come with Argus. Of two with one id the first counts. */
export class ModelShelf {
  constructor(
    private readonly folders: readonly string[],
    private readonly log: Logger,
  ) {}

  /** @throws DatasetJobFailedError with what there is */
  async require(id: string, task: ModelManifest['task']): Promise<ShelvedModel> {
    const known: ShelvedModel[] = [];
    for (const folder of this.folders) for (const path of await packagesIn(folder)) {
      const model = await this.#read(path);
      if (model?.manifest.id === id && model.manifest.task === task) return model;
      if (model) known.push(model);
    }
    const names = known.filter(({ manifest }) => manifest.task === task).map(({ manifest }) => manifest.id);
    throw new DatasetJobFailedError(`model: expected a package that can ${task === 'detect' ? 'detect' : 'classify'}, got "${id}"; on this machine there ${names.length === 0 ? 'is none (ARGUS_MODELS_DIRS says where they are)' : `are ${names.join(', ')}`}`);
  }

  async #read(path: string): Promise<ShelvedModel | null> {
    try {
      const { manifest } = await readModelPackage(path);
      return { path, manifest, digest: manifest.files[manifest.model] ?? '' };
    } catch (error) {
      this.log.warn('a model package is refused', { path, error: messageOf(error) });
      return null;
    }
  }
}

async function packagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.name.toLowerCase().endsWith('.zip'))).map(({ name }) => join(folder, name)).sort();
}
