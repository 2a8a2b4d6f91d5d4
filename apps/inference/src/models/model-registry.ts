import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelId, type ModelManifest, type ModelSummary } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { readModelPackage } from '@argus/models';

/** A package that was found. `manifest` is null when it was refused. */
export interface KnownModel {
  readonly path: string;
  readonly manifest: ModelManifest | null;
  /** Of the graph with its weights. */
  readonly modelBytes: number;
  readonly summary: ModelSummary;
}

/**
 * The model packages (folders and zip files) of the given directories; the first directory holds those that Argus ships. Of two
 * packages with one id the first counts. A bad package is listed with what is wrong with it, never used.
 */
export class ModelRegistry {
  #models = new Map<string, KnownModel>();
  /** Grows when a summary changes. */
  revision = 0;

  constructor(
    private readonly directories: readonly string[],
    private readonly log: Logger,
  ) {}

  /** Looks again at all directories; packages whose path is known are not read again. */
  async scan(): Promise<void> {
    const found = new Map<string, KnownModel>();
    const known = new Map([...this.#models.values()].map((model) => [model.path, model]));
    for (const [index, directory] of this.directories.entries()) {
      for (const path of await packagesIn(directory, this.log)) {
        const model = known.get(path) ?? (await this.#read(path, index === 0));
        if (!found.has(model.summary.id)) found.set(model.summary.id, model);
        else this.log.warn('a model package is left out, another one has its id', { path, model: model.summary.id });
      }
    }
    this.#models = found;
    this.revision += 1;
  }

  find(id: string): KnownModel | null {
    return this.#models.get(id) ?? null;
  }

  get summaries(): ModelSummary[] {
    return [...this.#models.values()].map((model) => model.summary);
  }

  /** What became of opening it. */
  mark(id: string, state: ModelSummary['state'], problem: string | null): void {
    const model = this.#models.get(id);
    if (!model || (model.summary.state === state && model.summary.problem === problem)) return;
    this.#models.set(id, { ...model, summary: { ...model.summary, state, problem } });
    this.revision += 1;
  }

  async #read(path: string, builtIn: boolean): Promise<KnownModel> {
    try {
      const { manifest, model } = await readModelPackage(path);
      return { path, manifest, modelBytes: model.byteLength, summary: summaryOf(manifest, builtIn) };
    } catch (error) {
      this.log.error('a model package is refused', { path, error });
      return { path, manifest: null, modelBytes: 0, summary: refused(path, builtIn, messageOf(error)) };
    }
  }
}

async function packagesIn(directory: string, log: Logger): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.name.toLowerCase().endsWith('.zip')))
      .map((entry) => join(directory, entry.name))
      .sort();
  } catch (error) {
    log.warn('a directory of models cannot be read', { directory, error });
    return [];
  }
}

function summaryOf(manifest: ModelManifest, builtIn: boolean): ModelSummary {
  const { id, version, title, task, architecture, family, labels, input, license, text } = manifest;
  return { id, version, title, task, architecture, family, labels, ...(text ? { readsText: true } : {}), inputWidth: input.width, inputHeight: input.height, license: license.spdx, builtIn, state: 'unverified', problem: null };
}

/** Of a package whose manifest cannot be trusted only its place is known. */
function refused(path: string, builtIn: boolean, problem: string): ModelSummary {
  const name = (path.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.zip$/, '').replaceAll(/[^a-z0-9.-]/g, '-').slice(0, 60);
  const id = ModelId.parse(/^[a-z0-9]/.test(name) ? name : `x${name}`);
  return { id, version: '0.0.0', title: name, task: 'detect', architecture: 'unknown', family: 'classifier', labels: [], inputWidth: 0, inputHeight: 0, license: 'unknown', builtIn, state: 'refused', problem };
}
