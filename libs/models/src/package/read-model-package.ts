import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { messageOf } from '@argus/kernel';
import type { ModelManifest } from '@argus/contracts';
import { ModelPackageError } from '../errors.js';
import { findShapeProblem } from '../families/family-shapes.js';
import { parseManifest } from './check-manifest.js';
import { readGolden } from './golden.js';
import { readTextPart, textFilesOf } from './text-part.js';
import type { ModelPackage } from './model-package.js';
import { MANIFEST_FILE, PACKAGE_LIMITS, type PackageFiles, type PackageLimits } from './package-limits.js';
import { readFolder } from './read-folder.js';
import { readZip } from './read-zip.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Reads a package from a folder or a zip file: manifest, the sha256 of every file, no file more or less than the manifest names,
 * and golden tensors that fit the family. Throws ModelPackageError with the file or field that is wrong.
 * The graph itself is checked when it is opened.
 */
export async function readModelPackage(path: string, limits: PackageLimits = PACKAGE_LIMITS): Promise<ModelPackage> {
  const files = await readFiles(path, limits);
  const manifestBytes = files.get(MANIFEST_FILE);
  if (!manifestBytes) throw new ModelPackageError(path, MANIFEST_FILE, 'a manifest', 'no such file');
  const manifest = parseManifest(path, manifestBytes);
  requireFiles(path, manifest, files);
  const golden = readGolden(path, manifest, files);
  for (const sample of golden) {
    const problem = findShapeProblem(manifest, sample.outputs);
    if (problem) throw new ModelPackageError(path, problem.at, problem.expected, problem.got);
  }
  return { path, manifest, digest: sha256(manifestBytes), model: files.get(manifest.model) as Uint8Array, golden, text: readTextPart(path, manifest, files) };
}

async function readFiles(path: string, limits: PackageLimits): Promise<PackageFiles> {
  const info = await stat(path).catch((error: unknown) => {
    throw new ModelPackageError(path, 'path', 'a folder or a .zip file', messageOf(error), { cause: error });
  });
  if (info.isDirectory()) return readFolder(path, limits);
  if (!path.toLowerCase().endsWith('.zip')) throw new ModelPackageError(path, 'path', 'a folder or a .zip file', 'another file');
  return readZip(path, limits);
}

function requireFiles(path: string, manifest: ModelManifest, files: PackageFiles): void {
  const named = manifest.files;
  for (const name of [manifest.model, ...manifest.license.files, ...manifest.golden.flatMap((golden) => [golden.input, ...golden.outputs]), ...textFilesOf(manifest)]) {
    if (named[name] === undefined) throw new ModelPackageError(path, `${MANIFEST_FILE} files`, `the sha256 of ${name}`, 'no entry for it');
  }
  for (const [name, bytes] of files) {
    if (name === MANIFEST_FILE) continue;
    const expected = named[name];
    if (expected === undefined) throw new ModelPackageError(path, name, 'only files that the manifest names', 'an extra file');
    const digest = sha256(bytes);
    if (digest !== expected) throw new ModelPackageError(path, name, `sha256 ${expected}`, digest);
  }
  const missing = Object.keys(named).find((name) => !files.has(name));
  if (missing !== undefined) throw new ModelPackageError(path, missing, 'a file named in the manifest', 'no such file');
}
