import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, ModelTask } from '@argus/contracts';
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
  /** A package is read as a whole to be checked: one that is as it was is not read again. */
  readonly #read = new Map<string, { readonly stamp: string; readonly model: ShelvedModel | null }>();

  constructor(
    private readonly folders: readonly string[],
    private readonly log: Logger,
  ) {}

  /** @throws DatasetJobFailedError with what there is */
  async require(id: string, task: ModelTask): Promise<ShelvedModel> {
    const known = await this.list(task);
    const found = known.find(({ manifest }) => manifest.id === id);
    if (found) return found;
    const names = known.map(({ manifest }) => manifest.id);
    throw new DatasetJobFailedError(`model: expected a package that can ${task}, got "${id}"; on this machine there ${names.length === 0 ? 'is none (ARGUS_MODELS_DIRS says where they are)' : `are ${names.join(', ')}`}`);
  }

  /** Those of one task. */
  async list(task: ModelTask): Promise<ShelvedModel[]> {
    const known = new Map<string, ShelvedModel>();
    for (const folder of this.folders) for (const path of await packagesIn(folder)) {
      const model = await this.#open(path);
      if (model && !known.has(model.manifest.id)) known.set(model.manifest.id, model);
    }
    return [...known.values()].filter(({ manifest }) => manifest.task === task);
  }

  async #open(path: string): Promise<ShelvedModel | null> {
    const stamp = await stampOf(path);
    const before = this.#read.get(path);
    if (before?.stamp === stamp) return before.model;
    const model = await this.#readPackage(path);
    this.#read.set(path, { stamp, model });
    return model;
  }

  async #readPackage(path: string): Promise<ShelvedModel | null> {
    try {
      const { manifest } = await readModelPackage(path);
      return { path, manifest, digest: manifest.files[manifest.model] ?? '' };
    } catch (error) {
      this.log.warn('a model package is refused', { path, error: messageOf(error) });
      return null;
    }
  }
}

/** Of the zip, or of the manifest in the folder, which names the digests of all else. */
async function stampOf(path: string): Promise<string> {
  const info = await stat(path.toLowerCase().endsWith('.zip') ? path : join(path, 'manifest.json')).catch(() => null);
  return info === null ? 'none' : `${info.mtimeMs} ${info.size} ${info.ino}`;
}

async function packagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.name.toLowerCase().endsWith('.zip'))).map(({ name }) => join(folder, name)).sort();
}
