import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessLock } from '@argus/kernel';
import { DatasetFileError } from '../errors.js';
import { DatasetPackage, type OpenDatasetOptions } from '../package/open-dataset.js';
import { MANIFEST_PATH } from '../package/manifest.js';
import { manifestOf, openPackageFiles } from '../package/open-package-files.js';
import type { PackageFiles } from '../package/random-file.js';
import { ZipFiles } from '../package/zip-files.js';
import { lockShards } from '../store/shard-lock.js';
import { syncFolder } from '../store/shard-writer.js';
import { IMGMAT, MatrixDescription, MatrixManifest, matrixDigest, setPath, SetReference, SETS_PATH, statsOf, type MatrixStats } from './matrix-manifest.js';

/** A set of sample sets (图矩): references, in a folder that grows or in a sealed file. */
export class ImageMatrix {
  private constructor(
    private readonly files: PackageFiles,
    readonly manifest: MatrixManifest,
    /** By their names, in the order in which they came. */
    readonly sets: ReadonlyMap<string, SetReference>,
  ) {}

  /** Throws DatasetFileError, with the line, for what is no matrix. */
  static async open(path: string): Promise<ImageMatrix> {
    const files = await openPackageFiles(path);
    try {
      return await ImageMatrix.of(files);
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  static async of(files: PackageFiles): Promise<ImageMatrix> {
    const manifest = await manifestOf(files, MatrixManifest);
    return new ImageMatrix(files, manifest, setsOf(Buffer.from(await files.read(SETS_PATH)).toString('utf8')).sets);
  }

  get stats(): MatrixStats {
    return statsOf(this.sets.values());
  }

  get digest(): string {
    return matrixDigest(this.sets.values());
  }

  /** A set of a self-contained matrix, read where it lies. */
  async openSet(name: string, options: OpenDatasetOptions = {}): Promise<DatasetPackage> {
    const set = this.sets.get(name);
    if (!set) throw new DatasetFileError(`${this.manifest.name}: expected a set "${name}", there is none`);
    if (!this.manifest.isSelfContained) throw new DatasetFileError(`${this.manifest.name}: expected the packages of its sets in it; it only names version ${set.versionDigest} of "${name}"`);
    const path = setPath(set.versionDigest);
    const found = await DatasetPackage.of(await ZipFiles.of(path, await this.files.openFile(path), options.limits), options);
    if (found.manifest.version !== set.versionDigest) throw new DatasetFileError(`${path}: expected the version ${set.versionDigest}, it is ${found.manifest.version}`, { path });
    return found;
  }

  close(): Promise<void> {
    return this.files.close();
  }
}

/** Adds to a matrix in a folder. One process at a time (ShardLockedError). */
export class MatrixWriter {
  readonly #names: Set<string>;

  private constructor(
    private readonly path: string,
    private readonly lock: ProcessLock,
    sets: ReadonlyMap<string, SetReference>,
    /** First byte behind the last whole line. */
    private end: number,
  ) {
    this.#names = new Set(sets.keys());
  }

  /** Makes an empty one. Throws DatasetFileError where there is something already. */
  static async create(folder: string, description: MatrixDescription): Promise<MatrixWriter> {
    const parsed = MatrixDescription.safeParse(description);
    if (!parsed.success) throw new DatasetFileError(`${folder}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
    const manifest: MatrixManifest = { ...parsed.data, format: IMGMAT, formatVersion: 1, isSelfContained: false };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, MANIFEST_PATH), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx', flush: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new DatasetFileError(`${folder}: expected nothing there yet; choose another name`);
      throw error;
    });
    await writeFile(join(folder, SETS_PATH), '', { flag: 'a', flush: true });
    await syncFolder(folder);
    return MatrixWriter.open(folder);
  }

  static async open(folder: string): Promise<MatrixWriter> {
    const lock = lockShards(folder);
    try {
      await using file = await open(join(folder, SETS_PATH), 'r+');
      const bytes = await file.readFile();
      const { sets, end } = setsOf(bytes.toString('utf8'));
      // Left by a crash: nobody was told that it is there.
      if (end < bytes.length) await file.truncate(end);
      return new MatrixWriter(folder, lock, sets, end);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Durable when it resolves. One of the same name takes the place of the one before. What it costs does not grow with the matrix. */
  async add(...sets: readonly NewSet[]): Promise<void> {
    const parsed = sets.map((set) => parsedSet(set, `set "${set.name}"`));
    await this.#append(parsed);
    for (const { name } of parsed) this.#names.add(name);
  }

  /** false: there was none of this name. */
  async remove(name: string): Promise<boolean> {
    if (!this.#names.delete(name)) return false;
    await this.#append([{ removed: name }]);
    return true;
  }

  async close(): Promise<void> {
    this.lock.release();
  }

  async #append(lines: readonly object[]): Promise<void> {
    await using file = await open(join(this.path, SETS_PATH), 'r+');
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, this.end + done)).bytesWritten;
    await file.datasync();
    this.end += bytes.length;
  }
}

/** What may be left out is what SetReference says. */
export type NewSet = Pick<SetReference, 'name' | 'versionDigest'> & Partial<SetReference>;

function parsedSet(value: unknown, where: string): SetReference {
  const parsed = SetReference.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DatasetFileError(`${where}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}

function setsOf(text: string): { readonly sets: Map<string, SetReference>; readonly end: number } {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const sets = new Map<string, SetReference>();
  for (const [at, line] of whole.split('\n').slice(0, -1).entries()) {
    const where = `${SETS_PATH}, line ${at + 1}`;
    const value = jsonOf(line, where);
    const removed = (value as { removed?: unknown } | null)?.removed;
    if (typeof removed === 'string') {
      sets.delete(removed);
      continue;
    }
    const set = parsedSet(value, where);
    sets.set(set.name, set);
  }
  return { sets, end: Buffer.byteLength(whole) };
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DatasetFileError(`${where}: expected JSON, got ${JSON.stringify(line.slice(0, 80))}`);
  }
}
