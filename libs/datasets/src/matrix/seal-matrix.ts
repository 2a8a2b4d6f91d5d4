import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetFileError } from '../errors.js';
import type { DatasetProblem, FileDigest } from '../package/checksums.js';
import { comparePackage } from '../package/compare-files.js';
import { MANIFEST_PATH } from '../package/manifest.js';
import { openDataset } from '../package/open-dataset.js';
import { addChecksums, sealFile } from '../package/seal-file.js';
import { ImageMatrix } from './image-matrix.js';
import { setPath, SETS_PATH, type MatrixManifest, type SetReference } from './matrix-manifest.js';

export interface SealMatrixOptions {
  /** Gives the package of a set: then all are in the file. Left out, it holds references. */
  readonly packageOf?: (set: SetReference) => Promise<string>;
  readonly overwrite?: boolean;
}

export interface SealedMatrix {
  readonly digest: string;
  readonly root: string;
}

/** One file of a matrix, for others: thin (references) or self-contained. Throws DatasetFileError where a package is of another version. */
export async function sealMatrix(matrix: ImageMatrix, path: string, options: SealMatrixOptions = {}): Promise<SealedMatrix> {
  return sealFile<SealedMatrix>(path, options, {
    async write(zip, work) {
      const files: FileDigest[] = [];
      const sets = [...matrix.sets.values()];
      const manifest: MatrixManifest = { ...matrix.manifest, digest: matrix.digest, stats: matrix.stats, isSelfContained: options.packageOf !== undefined };
      files.push({ path: MANIFEST_PATH, sha256: await zip.add(MANIFEST_PATH, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)) });
      await writeFile(join(work, SETS_PATH), sets.map((set) => `${JSON.stringify(set)}\n`));
      files.push({ path: SETS_PATH, sha256: (await zip.addFile(SETS_PATH, join(work, SETS_PATH))).sha256 });
      if (options.packageOf) {
        // Two names of one version are one package.
        const unique = new Map(sets.map((set) => [set.versionDigest, set]));
        for (const set of unique.values()) {
          const source = await options.packageOf(set);
          await requireVersion(source, set);
          const inside = setPath(set.versionDigest);
          files.push({ path: inside, sha256: (await zip.addFile(inside, source)).sha256 });
        }
      }
      return { digest: matrix.digest, root: await addChecksums(zip, files, work) };
    },
    verify: (sealed) => verifyMatrix(sealed),
  });
}

async function requireVersion(path: string, { name, versionDigest }: SetReference): Promise<void> {
  const set = await openDataset(path);
  await set.close();
  if (set.manifest.version !== versionDigest) throw new DatasetFileError(`${path}: expected the version ${versionDigest} of the set "${name}", it is ${set.manifest.version}`);
}

export interface VerifiedMatrix {
  readonly ok: boolean;
  readonly problems: readonly DatasetProblem[];
  readonly digest: string | null;
}

/** Of a sealed matrix: every file and the seal, as verifyDataset does. Packages in it are compared as files, and opened. */
export async function verifyMatrix(path: string): Promise<VerifiedMatrix> {
  const problems: DatasetProblem[] = [];
  let digest: string | null = null;
  await comparePackage(path, problems, async (files) => {
    const matrix = await ImageMatrix.of(files);
    digest = matrix.digest;
    if (digest !== matrix.manifest.digest) problems.push({ path: SETS_PATH, problem: `expected the sets of the matrix ${matrix.manifest.digest}, found ${digest}` });
    // Not closed: its files are those of the matrix.
    if (matrix.manifest.isSelfContained) for (const name of matrix.sets.keys()) await matrix.openSet(name);
  });
  return problems.length > 0 ? { ok: false, problems, digest: null } : { ok: true, problems, digest };
}
