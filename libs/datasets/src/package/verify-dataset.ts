import { canonicalJson } from './canonical-json.js';
import type { DatasetProblem } from './checksums.js';
import { comparePackage } from './compare-files.js';
import { ANNOTATIONS_PATH, CHECKSUMS_PATH, extensionOf, IMAGES_PATH, MANIFEST_PATH, picturePath } from './manifest.js';
import { DatasetPackage } from './open-dataset.js';
import type { PackageFiles } from './random-file.js';
import type { ArchiveLimits } from './safe-path.js';
import { Tally } from './tally.js';
import { VersionDigest } from './version-digest.js';

export interface VerifiedDataset {
  readonly ok: boolean;
  readonly problems: readonly DatasetProblem[];
  /** Digests as they are found; null where there are problems. */
  readonly root: string | null;
  readonly version: string | null;
}

export interface VerifyOptions {
  /** Digests that somebody else has: a package that was made anew throughout is right in itself. */
  readonly root?: string;
  readonly version?: string;
  readonly limits?: ArchiveLimits;
}

/** Reads everything and says what is not as it was written. Throws only what the disk refuses. */
export async function verifyDataset(path: string, options: VerifyOptions = {}): Promise<VerifiedDataset> {
  const problems: DatasetProblem[] = [];
  let version: string | null = null;
  const root = await comparePackage(
    path,
    problems,
    async (files, digests) => {
      version = await compareContent(files, digests, problems);
    },
    options.limits,
  );
  if (root && options.root && options.root !== root) problems.push({ path: CHECKSUMS_PATH, problem: `expected the package ${options.root}, this is ${root}` });
  if (version && options.version && options.version !== version) problems.push({ path: IMAGES_PATH, problem: `expected the version ${options.version}, this is ${version}` });
  return problems.length > 0 ? { ok: false, problems, root: null, version: null } : { ok: true, problems, root, version };
}

/** The list may be made anew for other content: tables, pictures and manifest must be of each other too. */
async function compareContent(files: PackageFiles, digests: ReadonlyMap<string, string>, problems: DatasetProblem[]): Promise<string | null> {
  const set = await DatasetPackage.of(files);
  const digest = new VersionDigest();
  const tally = new Tally();
  let pictures = 0;
  for await (const sample of set.samples()) {
    digest.add(sample);
    tally.add(sample);
    if (set.manifest.pictures === 'elsewhere') continue;
    const path = picturePath(sample.sha256, extensionOf(sample.mime));
    pictures += 1;
    if (digests.get(path) !== sample.sha256) problems.push({ path, problem: digests.has(path) ? `expected the picture ${sample.sha256}, found ${digests.get(path)}` : 'missing' });
  }
  const held = [...digests.keys()].filter((path) => path.startsWith('objects/')).length;
  if (held > pictures) problems.push({ path: 'objects/', problem: `expected ${pictures} pictures, there are ${held}` });
  const version = digest.value();
  if (version !== set.manifest.version) problems.push({ path: IMAGES_PATH, problem: `expected samples and annotations (${ANNOTATIONS_PATH}) of the version ${set.manifest.version}, found ${version}` });
  if (canonicalJson(tally.counts) !== canonicalJson(set.manifest.counts)) problems.push({ path: MANIFEST_PATH, problem: 'expected the counts of what is in the tables' });
  return version;
}
