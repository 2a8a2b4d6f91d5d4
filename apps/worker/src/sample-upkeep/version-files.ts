import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '@argus/datasets';
import { isoTime } from '@argus/kernel';
import type { DataSource } from 'typeorm';
import { versionFile, versionsFolder } from '../dataset-jobs/version-file.js';

const VERSION = /^([0-9a-f]{64})\.imgdataset$/;
/** What a sealing, or a removal, that was killed left. */
const LEFTOVER = /^\..*\.(imgdataset|half)$/;
const NAMED = 'SELECT 1 FROM dataset_versions WHERE digest = $1 AND (gone_at IS NULL OR gone_at > $2) LIMIT 1';

/** Digests that have a file. */
export async function versionsOnDisk(samplesDir: string): Promise<string[]> {
  return (await names(samplesDir)).flatMap((name) => VERSION.exec(name)?.[1] ?? []);
}

/** Pictures that a version names, some thousands at a time. */
export async function* picturesOf(samplesDir: string, digest: string): AsyncGenerator<Buffer[]> {
  const version = await openDataset(versionFile(samplesDir, digest));
  try {
    for await (const sha256s of version.digests()) yield sha256s.map((one) => Buffer.from(one, 'hex'));
  } finally {
    await version.close();
  }
}

/** Removes files that no set has a version of any more: of removed versions after the time of grace, and of removed sets. */
export async function removeVersionFiles(dataSource: DataSource, samplesDir: string, nowMs: number, graceMs: number): Promise<void> {
  const folder = versionsFolder(samplesDir);
  const isYoung = async (path: string): Promise<boolean> => nowMs - (await stat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity)) < graceMs;
  for (const name of await names(samplesDir)) {
    const path = join(folder, name);
    if (LEFTOVER.test(name) && !(await isYoung(path))) await rm(path, { recursive: true, force: true });
    const digest = VERSION.exec(name)?.[1];
    if (digest === undefined || (await isYoung(path))) continue;
    if (((await dataSource.query(NAMED, [Buffer.from(digest, 'hex'), isoTime(nowMs - graceMs)])) as unknown[]).length > 0) continue;
    // Somebody may seal the same content at this moment: then what is put aside is his.
    const aside = join(folder, `.gone-${name}`);
    await rename(path, aside);
    if (await isYoung(aside)) await rename(aside, path);
    else await rm(aside, { force: true });
  }
}

const names = (samplesDir: string): Promise<string[]> => readdir(versionsFolder(samplesDir)).catch(() => []);
